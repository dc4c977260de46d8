// Length says little of how hard a prompt is, since prose is cheap: what has to be worked on are numbers, operators,
// names and literals. Among questions of one kind, those with more of them are harder, whatever the kind: sums,
// physics, programs to be run in the head. The six counts weigh the same; weights fitted to some sets served others
// worse.
#include "geometry/load.h"

#include <algorithm>
#include <array>
#include <vector>

#include "geometry/arithmetic.h"

namespace basin::geometry {
namespace {

enum Count : std::size_t { kTokens, kMarks, kOperators, kNumbers, kLastLine, kQuoted, kCounts };

// Mean and spread of log2(1 + count) over the outcome sets.
struct Scale {
  double mean, spread;
};
constexpr std::array<Scale, kCounts> kScales = {
    {{5.39, 1.40}, {3.31, 1.90}, {1.12, 1.41}, {1.46, 1.47}, {6.91, 1.23}, {1.13, 2.12}}};
constexpr std::size_t kLongestQuoted = 255;  // longer ones are texts, not things to work on

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c & 0x80) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_operator(char c) { return std::string_view("+-*/%<>=!&|^").find(c) != std::string_view::npos; }

// "B. ...", "(C) ..."
bool is_option(std::string_view line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (line.starts_with('(')) line.remove_prefix(1);
  return line.size() > 2 && line[0] >= 'A' && line[0] <= 'P' && (line[1] == '.' || line[1] == ')') && is_space(line[2]);
}

std::vector<std::string_view> lines_of(std::string_view text, bool with_options) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const bool blank = std::all_of(line.begin(), line.end(), is_space);
    if (!blank && (with_options || !is_option(line))) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::size_t end_of_word(std::string_view line, std::size_t at) {
  if (is_digit(line[at])) {
    while (at < line.size() &&
           (is_digit(line[at]) || (line[at] == '.' && at + 1 < line.size() && is_digit(line[at + 1]))))
      ++at;
    return at;
  }
  if (!is_letter(line[at])) return at + 1;
  while (at < line.size() && is_letter(line[at])) ++at;
  return at;
}

void count_line(std::string_view line, std::array<double, kCounts>& counts) {
  for (std::size_t at = 0; at < line.size();) {
    if (is_space(line[at])) {
      ++at;
      continue;
    }
    counts[kTokens] += 1;
    if (is_digit(line[at]))
      counts[kNumbers] += 1;
    else if (!is_letter(line[at]))
      counts[kMarks] += 1;
    if (is_operator(line[at])) counts[kOperators] += 1;
    at = end_of_word(line, at);
  }
  for (std::size_t at = line.find_first_of("'\""); at < line.size(); at = line.find_first_of("'\"", at)) {
    const std::size_t end = line.find(line[at], at + 1);
    if (end == std::string_view::npos) {
      ++at;
      continue;
    }
    counts[kQuoted] = std::max(counts[kQuoted], static_cast<double>(std::min(end - at - 1, kLongestQuoted)));
    at = end + 1;
  }
}

}  // namespace

double load_of(std::string_view prompt) {
  // Where a prompt is cut, its end is kept: that is where the question is.
  if (prompt.size() > kLoadLimit) prompt.remove_prefix(prompt.size() - kLoadLimit);
  std::vector<std::string_view> lines = lines_of(prompt, false);
  if (lines.empty()) lines = lines_of(prompt, true);
  std::array<double, kCounts> counts{};
  for (const std::string_view line : lines) count_line(line, counts);
  for (std::size_t i = lines.size() > 2 ? lines.size() - 2 : 0; i < lines.size(); ++i)
    counts[kLastLine] = std::max(counts[kLastLine], static_cast<double>(lines[i].size()));
  double sum = 0;
  for (std::size_t i = 0; i < kCounts; ++i) sum += (log2_of(1 + counts[i]) - kScales[i].mean) / kScales[i].spread;
  return sum / static_cast<double>(kCounts);
}

}  // namespace basin::geometry
