#include "lab/material_lines.h"

#include <algorithm>

#include "prompt/ask.h"

namespace basin::lab {
namespace {

bool is_blank(std::string_view line) { return line.find_first_not_of(" \t\r") == std::string_view::npos; }

}  // namespace

std::vector<MaterialLine> material_lines(std::string_view text) {
  std::vector<MaterialLine> lines;
  for (const prompt::Span& span : prompt::split_ask(text).material) {
    // A piece begins behind the white space of its first line.
    std::size_t at = span.begin;
    while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at;
    if (at > 0 && text[at - 1] != '\n') at = std::min(text.find('\n', at), span.end - 1) + 1;
    bool goes_on = false;
    while (at < span.end) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      const bool whole = is_blank(text.substr(std::min(span.end, end), end - std::min(span.end, end)));
      const bool blank = is_blank(text.substr(at, end - at));
      if (!blank && whole) lines.push_back({at, end, goes_on});
      goes_on = !blank;
      at = end + 1;
    }
  }
  return lines;
}

}  // namespace basin::lab
