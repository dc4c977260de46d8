// The shape of a text: counts that do not depend on its language.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "geometry/words.h"

namespace basin::geometry {

struct Shape {
  std::uint32_t bytes = 0, characters = 0, words = 0, letters = 0;
  std::uint32_t sentences = 0, questions = 0, commas = 0, colons = 0, brackets = 0, quotes = 0;
  std::uint32_t digits = 0, numbers = 0, marks = 0, formula_marks = 0, braces = 0;
  std::uint32_t longest_sentence = 0;  // in words
  std::uint32_t names = 0;             // capitalised words inside a sentence
  std::uint32_t shouted = 0;           // words all in capitals
  std::uint32_t identifiers = 0;       // snake_case, camelCase, a.b(), paths
  std::uint32_t long_words = 0;        // nine letters and more
  std::uint32_t foreign = 0;           // characters outside ASCII
  std::uint32_t lines = 0, items = 0;  // lines that are not blank; of them list items
  std::uint32_t code_lines = 0, table_lines = 0, log_lines = 0, prose_lines = 0;
  bool ends_in_question = false;
  Script script = Script::none;
};

// One pass over the text.
Shape shape_of(std::string_view text);

}  // namespace basin::geometry
