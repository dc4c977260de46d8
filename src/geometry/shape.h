// The shape of a text: counts that do not depend on its language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "geometry/words.h"

namespace basin::geometry {

// Marks, by what they tell.
struct Marks {
  std::uint32_t all = 0, questions = 0, commas = 0, colons = 0, brackets = 0, quotes = 0;
  std::uint32_t formula = 0;  // = ^ \\ + < * and arrows, operators
  std::uint32_t braces = 0;   // curly and angle
};

// Lines that are not blank, by kind; an item of a list is also of its kind.
struct Lines {
  std::uint32_t all = 0, items = 0, code = 0, table = 0, log = 0, prose = 0;
};

// What one pass over a text counts.
struct Shape {
  std::uint32_t bytes = 0, characters = 0, letters = 0, words = 0, sentences = 0;
  std::uint32_t digits = 0, numbers = 0;
  std::uint32_t longest_sentence = 0;  // in words
  std::uint32_t names = 0;             // capitalised words inside a sentence
  std::uint32_t shouted = 0;           // words all in capitals
  std::uint32_t identifiers = 0;       // snake_case, camelCase, a.b(), paths
  std::uint32_t long_words = 0;        // nine letters and more
  std::uint32_t foreign = 0;           // characters outside ASCII
  Marks marks;
  Lines lines;
  bool ends_in_question = false;
  Script script = Script::none;
};

// One pass over the text.
Shape shape_of(std::string_view text);

}  // namespace basin::geometry
