// The shape of a line is read off counts: how many of its tokens are words of letters, how many of its bytes are
// symbols. All of them are taken in one pass that adds, for each byte, a word of four counters from a table: no byte is
// compared with anything, and only the ends of tokens and the delimiters of cells are branched upon.
#include "prompt/lines.h"

#include <algorithm>
#include <array>

#include "prompt/byte_class.h"

namespace basin::prompt {
namespace {

constexpr std::size_t kBareLine = 48;  // an entry of a pasted list

// Four counters of 16 bits in one word. No line is long enough to overflow one.
static_assert(2 * kSplitWindow <= 0xffff);
constexpr std::uint64_t kLetter = 1, kVisible = 1ULL << 16, kSymbol = 1ULL << 32, kWide = 1ULL << 48;
constexpr std::uint64_t letters(std::uint64_t counts) { return counts & 0xffff; }
constexpr std::uint64_t visible(std::uint64_t counts) { return counts >> 16 & 0xffff; }
constexpr std::uint64_t symbols(std::uint64_t counts) { return counts >> 32 & 0xffff; }
constexpr std::uint64_t wide(std::uint64_t counts) { return counts >> 48; }

constexpr std::array<std::uint64_t, 256> kCounts = [] {
  std::array<std::uint64_t, 256> counts{};
  for (std::size_t c = 0; c < counts.size(); ++c) {
    const std::uint8_t bits = kByteClasses[c];
    counts[c] = ((bits & kWordByte) != 0 ? kLetter : 0) + ((bits & kSpaceByte) == 0 ? kVisible : 0) +
                ((bits & kSymbolByte) != 0 ? kSymbol : 0) + ((bits & kWideByte) != 0 ? kWide : 0);
  }
  return counts;
}();

// Delimiters without a space behind them, by kind: "a,b,c" is a row, "a, b and c" is prose.
struct Cells {
  std::size_t comma = 0, semicolon = 0, tab = 0, bar = 0;

  void add(std::string_view line, std::size_t at) {
    const bool tight = at + 1 < line.size() && line[at + 1] != ' ';
    switch (line[at]) {
      case ',': comma += tight ? 1 : 0; break;
      case ';': semicolon += tight ? 1 : 0; break;
      case '\t': ++tab; break;
      default: ++bar;
    }
  }
  std::size_t most() const { return std::max({comma, semicolon, tab, bar}); }
};

// What one pass over a line counts.
struct Tally {
  std::uint64_t counts = 0;
  std::size_t tokens = 0;        // runs between white space
  std::size_t plain_tokens = 0;  // of letters, but for a mark or two
  std::size_t words = 0;         // as people count them
  std::uint8_t classes = 0;      // of all bytes
  Cells cells;
};

// REQUIRES: line neither begins nor ends with white space.
Tally tally_of(std::string_view line) {
  Tally tally;
  std::uint64_t counts = 0, before_token = 0;
  std::size_t counted = 0;  // in eighths: kCountedByte per word
  std::uint8_t before = 0, classes = 0;
  const auto end_token = [&] {
    const std::uint64_t token = counts - before_token;
    if (visible(token) == 0) return;
    ++tally.tokens;
    const std::uint64_t others = visible(token) - letters(token);
    if (letters(token) >= 1 && others <= 1 + letters(token) / 4) ++tally.plain_tokens;
    before_token = counts;
  };
  for (std::size_t i = 0; i < line.size(); ++i) {
    const auto c = static_cast<unsigned char>(line[i]);
    const std::uint8_t bits = kByteClasses[c];
    counts += kCounts[c];
    counted += bits & ~before & kCountedByte;
    classes |= bits;
    before = bits;
    if ((bits & (kSpaceByte | kDelimiterByte)) == 0) continue;
    if ((bits & kDelimiterByte) != 0) tally.cells.add(line, i);
    if ((bits & kSpaceByte) != 0) end_token();
  }
  end_token();
  tally.counts = counts;
  tally.words = counted / kCountedByte + wide(counts) / 2;
  tally.classes = classes;
  return tally;
}

bool starts_with_fence(std::string_view line) {
  switch (line[0]) {
    case '`': return line.starts_with("```");
    case '~': return line.starts_with("~~~");
    case '"': return line == "\"\"\"";
    case '<': return line.starts_with("<<<");
    default: return false;
  }
}

// Timestamps, addresses, counters: a line of a log is known by the digits at its start.
bool looks_logged(std::string_view line) {
  if (!is_digit(line[0]) && line[0] != '[') return false;
  const std::string_view head = line.substr(0, 36);
  std::size_t digits = 0, joints = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (is_digit(head[i]))
      ++digits;
    else if ((head[i] == ':' || head[i] == '-' || head[i] == '/' || head[i] == '.') && i > 0 && is_digit(head[i - 1]))
      ++joints;
  }
  return digits >= 6 && joints >= 2;
}

// As code, markup and shell lines begin.
bool opens_as_data(std::string_view line) {
  const char second = line.size() > 1 ? line[1] : '\0';
  switch (line[0]) {
    case '/': return second == '/' || second == '*';
    case '#': return second == '!';
    case '-': return second == '-';
    case '$': return second == ' ';
    case '<':
    case '@':
    case '{':
    case '[':
    case '}': return true;
    default: return false;
  }
}

// Prose is words of letters with marks at their ends; data is everything else.
LineShape shape_of(std::string_view line, const Tally& tally, std::size_t indent) {
  if (starts_with_fence(line)) return LineShape::fence;
  if (line[0] == '>') return LineShape::quote;
  if (looks_logged(line)) return LineShape::data;
  const char last = line.back();
  const bool closes =
      last == '{' || last == '}' || last == ';' || last == ')' || last == ']' || last == '>' || last == '\\';
  const bool opens = opens_as_data(line);
  const double plain = static_cast<double>(tally.plain_tokens) / static_cast<double>(tally.tokens);
  const double noise = static_cast<double>(symbols(tally.counts)) / static_cast<double>(visible(tally.counts));
  if (noise > 0.12 && (closes || opens || plain < 0.5)) return LineShape::data;
  if (plain < 0.34) return LineShape::data;
  if ((closes && last != ')' ? noise > 0.02 : false) && (indent >= 2 || plain < 0.75)) return LineShape::data;
  if (opens && plain < 0.6) return LineShape::data;
  // "def run(self, job):", "for f in $(ls); do"
  if (noise > 0.04 && plain < 0.8 && (last == ':' || line.ends_with(" do") || line.ends_with(" then")))
    return LineShape::data;
  if (indent >= 4 && noise > 0.05) return LineShape::data;
  return LineShape::prose;
}

// "[10:02] ", "10:31 - ", "(9/3) ": what chats and notes put before a line. Its length, or 0.
std::size_t stamp_length(std::string_view line) {
  std::size_t digits = 0, joints = 0, at = line[0] == '[' || line[0] == '(' ? 1 : 0;
  for (; at < line.size() && at < 24; ++at) {
    const char c = line[at];
    if (is_digit(c))
      ++digits;
    else if (c == ':' || c == '/' || c == '.' || c == '-')
      ++joints;
    else if (c != ' ' && c != ',' && c != ']' && c != ')')
      break;
  }
  return digits >= 3 && joints >= 1 ? at : 0;
}

// "Ronan: we go live", "Red: 3 boxes", "[10:02] dana: hi", "Deb (no 4): ours is warm", "参会：小林", "RUN npm install":
// a key of up to three words, or one in capitals, and a rest.
bool is_keyed(std::string_view line) {
  const std::size_t stamp = stamp_length(line);
  if (stamp >= line.size()) return false;
  line.remove_prefix(stamp);
  std::size_t capitals = 0, spaces = 0;
  for (std::size_t at = 0; at < line.size() && at < 32; ++at) {
    const char c = line[at];
    if (c == "："[0] && line.compare(at, 3, "：") == 0) return at > 0;
    if (c == ':')
      return at > 0 && spaces <= 2 &&
             (at + 1 == line.size() || line[at + 1] == ' ' || static_cast<signed char>(line[at - 1]) < 0);
    if (c == ' ' && capitals == at && at >= 3 && stamp == 0) return true;
    if (c == ' ')
      ++spaces;
    else if (c >= 'A' && c <= 'Z')
      ++capitals;
    else if (!is_word_byte(c) && !is_digit(c) && c != '_' && c != '-' && c != '(' && c != ')' && c != '.')
      return false;
  }
  return false;
}

// "- x", "* x", "• x", "-x", "3. x", "3) x", "b) x".
char list_mark(std::string_view line) {
  if (line.size() < 3) return '\0';
  if (line[0] == '-' || line[0] == '*') return line[1] == line[0] ? '\0' : '-';
  if (line.starts_with("•") || line.starts_with("–") || line.starts_with("・")) return '-';
  const auto ends = [&](std::size_t at) { return at < line.size() && (line[at] == ')' || line[at] == '.'); };
  if (is_digit(line[0])) return ends(1) || (is_digit(line[1]) && ends(2)) ? '1' : '\0';
  return line[1] == ')' && line[0] >= 'a' && line[0] <= 'z' ? 'a' : '\0';
}

bool closes_a_quote(std::string_view line) {
  const char last = line.back();
  if (last == '"' || last == '\'') return true;
  return line.ends_with("\u201d") || line.ends_with("\u00bb") || line.ends_with("\u300d");
}

bool ends_sentence(std::string_view line) {
  const char last = line.back();
  if (last == '.' || last == '?' || last == '!' || last == ':') return true;
  if (static_cast<unsigned char>(last) < 0x80) return false;
  return line.ends_with("\u3002") || line.ends_with("\uff1f") || line.ends_with("\uff1a") || line.ends_with("\u061f") ||
         line.ends_with("\u0964");
}

}  // namespace

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_space(text[span.begin])) ++span.begin;
  while (span.end > span.begin && is_space(text[span.end - 1])) --span.end;
  return span;
}

std::size_t count_words(std::string_view text, std::size_t enough) {
  std::size_t count = 0, wide = 0;
  std::uint8_t before = 0;
  for (const char c : text) {
    const std::uint8_t bits = class_of(c);
    count += (bits & ~before & kCountedByte) / kCountedByte;
    wide += (bits & kWideByte) / kWideByte;
    before = bits;
    if (count + wide / 2 >= enough) return enough;
  }
  return count + wide / 2;
}

void cut_lines(std::string_view text, std::size_t begin, std::size_t end, std::vector<Line>& lines) {
  for (std::size_t at = begin; at < end;) {
    const std::size_t stop = std::min(text.substr(0, end).find('\n', at), end);
    Line line;
    line.span = trimmed(text, {at, stop});
    if (line.span.size() > 0) {
      const std::string_view body = text.substr(line.span.begin, line.span.size());
      std::size_t indent = 0;
      for (std::size_t i = at; i < line.span.begin; ++i) indent += text[i] == '\t' ? 4 : 1;
      const Tally tally = tally_of(body);
      line.shape = shape_of(body, tally, indent);
      line.cells = static_cast<std::uint16_t>(std::min<std::size_t>(tally.cells.most(), 0xffff));
      line.words = static_cast<std::uint16_t>(std::min<std::size_t>(tally.words, 0xffff));
      line.keyed = is_keyed(body);
      line.speech = line.keyed && closes_a_quote(body);
      line.indented = indent >= 4;
      line.mark = list_mark(body);
      line.closed = ends_sentence(body);
      line.bare = body.size() <= kBareLine && !line.closed;
      line.quoting = (tally.classes & kOpeningByte) != 0;
    }
    lines.push_back(line);
    at = stop + 1;
  }
}

}  // namespace basin::prompt
