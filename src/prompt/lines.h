// A message cut into lines, each with what its own bytes tell. The first step of finding the ask; see ask.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "prompt/ask.h"

namespace basin::prompt {

enum class LineShape : std::uint8_t { blank, prose, data, fence, quote };

struct Line {
  Span span;  // without white space at its ends
  LineShape shape = LineShape::blank;
  std::uint16_t cells = 0;  // delimiters of a table row; 0 when it is none
  std::uint16_t words = 0;
  bool keyed = false;   // "Name: ..." or "KEY value": a record, a speaker, a directive
  bool speech = false;  // keyed, and the rest is in quotes
  bool indented = false;
  bool bare = false;     // short, and no end of a sentence: an entry of a list
  bool fenced = false;   // a fence or between two; told by the lines around
  char mark = '\0';      // of a list: '-' for dashes and dots, '1' for numbers, 'a' for letters; 0 when there is none
  bool aside = false;    // a sentence amid data: neither ask nor material; told by the lines around
  bool closed = false;   // ends as a sentence does
  bool quoting = false;  // holds a byte that may open a quotation
};

// Cuts [begin, end) into lines and appends them. One pass over the bytes. REQUIRES: end - begin <= 2 * kSplitWindow.
void cut_lines(std::string_view text, std::size_t begin, std::size_t end, std::vector<Line>& lines);

// The span without white space at its ends.
Span trimmed(std::string_view text, Span span);

// Words as people count them; of scripts without spaces two signs make one. Stops counting at `enough`.
std::size_t count_words(std::string_view text, std::size_t enough);

}  // namespace basin::prompt
