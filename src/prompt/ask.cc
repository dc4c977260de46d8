// How the ask is found.
//
// People put the instruction first, last, or between two pieces of what they pasted. What they paste has a shape: code
// and logs are full of symbols and digits, tables repeat a delimiter, mail is many paragraphs of prose, quotes and
// fences say so themselves. So the text is cut into lines, each line gets a shape, runs of lines of one kind become
// blocks, and the blocks are judged by kind and place:
//
//   1. Fenced, tagged and `>` quoted blocks, code, tables and logs are material.
//   2. Prose beside such blocks is the ask, unless there is a lot of it; then only the ends are.
//   3. Prose alone: a short lead over a much longer rest makes the rest material ("fix this:\n\n<letter>"); a short
//   last
//      block under a long text is the ask ("<article>\n\nwhat does she conclude?"); anything else is all ask.
//   4. In what is left, a long quotation, or what follows a colon on the same line, is material.
//
// One pass over the head window and one over the tail window; nothing is allocated but the two lists.
#include "prompt/ask.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace basin::prompt {
namespace {

// Sizes in bytes; read off prompts people type, where an instruction is a line or two and a paste is longer.
constexpr std::size_t kLeadLimit = 240;     // a lead longer than this tells a story, it does not introduce one
constexpr std::size_t kAllProseAsk = 1400;  // prose up to here is a person describing what they want
constexpr std::size_t kProseBesideData = 2400;
constexpr std::size_t kQuoteMin = 24;    // shorter quotations name things ("stubborn"), they are not material
constexpr std::size_t kQuoteLimit = 64;  // quotations of one block; what is past them stays with the ask
constexpr std::size_t kColonHeadLimit = 110;
constexpr std::size_t kColonTailMin = 10;
constexpr std::size_t kColonTailLimit =
    300;                                    // a longer tail on one line tells what is wanted ("a library: it must ...")
constexpr std::size_t kBareLine = 48;       // an entry of a pasted list
constexpr std::size_t kRunOfRecords = 3;    // so many lines of one make are no coincidence
constexpr std::uint16_t kWordsOfAnAsk = 5;  // what stands inside pasted code and has fewer is part of it

bool is_space(unsigned char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }
bool is_letter(unsigned char c) { return (c | 32) >= 'a' && (c | 32) <= 'z'; }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
bool is_word_byte(unsigned char c) { return is_letter(c) || c >= 0x80; }

// Words as people count them; of scripts without spaces two signs make one.
std::size_t count_words(std::string_view text) {
  std::size_t count = 0, wide = 0;
  bool inside = false;
  for (const char raw : text) {
    const auto c = static_cast<unsigned char>(raw);
    if (c >= 0xe3) ++wide;  // scripts written without spaces: each sign about half a word
    const bool word = is_word_byte(c) || is_digit(c) || c == '\'';
    if (word && !inside) ++count;
    inside = word;
  }
  return count + wide / 2;
}

enum class Shape : std::uint8_t { blank, prose, data, fence, quote };

struct Line {
  Span span;
  Shape shape = Shape::blank;
  std::uint16_t cells = 0;  // delimiters of a table row; 0 when it is none
  std::uint16_t words = 0;
  bool keyed = false;  // "Name: ..." or "KEY value": a record, a speaker, a directive
  bool indented = false;
  bool bare = false;  // short, and no end of a sentence: an entry of a list
};

Span trimmed(std::string_view text, Span span) {
  while (span.begin < span.end && is_space(static_cast<unsigned char>(text[span.begin]))) ++span.begin;
  while (span.end > span.begin && is_space(static_cast<unsigned char>(text[span.end - 1]))) --span.end;
  return span;
}

bool starts_with_fence(std::string_view line) {
  return line.starts_with("```") || line.starts_with("~~~") || line == "\"\"\"" || line.starts_with("<<<");
}

// Timestamps, addresses, counters: a line of a log is known by the digits at its start.
bool looks_logged(std::string_view line) {
  const std::string_view head = line.substr(0, 36);
  std::size_t digits = 0, joints = 0;
  for (std::size_t i = 0; i < head.size(); ++i) {
    if (is_digit(static_cast<unsigned char>(head[i])))
      ++digits;
    else if ((head[i] == ':' || head[i] == '-' || head[i] == '/' || head[i] == '.') && i > 0 &&
             is_digit(static_cast<unsigned char>(head[i - 1])))
      ++joints;
  }
  return digits >= 6 && joints >= 2 && (is_digit(static_cast<unsigned char>(line[0])) || line[0] == '[');
}

// Delimiters without a space behind them, the most frequent kind: "a,b,c" is a row, "a, b and c" is prose.
std::uint16_t count_cells(std::string_view line) {
  std::size_t comma = 0, semicolon = 0, tab = 0, bar = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const bool tight = i + 1 < line.size() && line[i + 1] != ' ';
    if (line[i] == ',' && tight)
      ++comma;
    else if (line[i] == ';' && tight)
      ++semicolon;
    else if (line[i] == '\t' && i > 0)
      ++tab;
    else if (line[i] == '|')
      ++bar;
  }
  return static_cast<std::uint16_t>(std::min<std::size_t>(std::max({comma, semicolon, tab, bar}), 0xffff));
}

// Prose is words of letters with marks at their ends; data is everything else.
Shape shape_of(std::string_view line, std::size_t indent) {
  if (starts_with_fence(line)) return Shape::fence;
  if (line[0] == '>') return Shape::quote;
  if (looks_logged(line)) return Shape::data;
  std::size_t tokens = 0, words = 0, symbols = 0, visible = 0;
  for (std::size_t i = 0; i < line.size();) {
    while (i < line.size() && is_space(static_cast<unsigned char>(line[i]))) ++i;
    if (i == line.size()) break;
    std::size_t letters = 0, others = 0;
    for (; i < line.size() && !is_space(static_cast<unsigned char>(line[i])); ++i) {
      const auto c = static_cast<unsigned char>(line[i]);
      ++visible;
      if (is_word_byte(c))
        ++letters;
      else if (c == '.' || c == ',' || c == '?' || c == '!' || c == '\'' || c == '"' || c == '-' || c == ':')
        ++others;
      else if (!is_digit(c)) {
        ++symbols;
        ++others;
      } else
        ++others;
    }
    ++tokens;
    if (letters >= 1 && others <= 1 + letters / 4) ++words;
  }
  const char last = line.back();
  const bool closes =
      last == '{' || last == '}' || last == ';' || last == ')' || last == ']' || last == '>' || last == '\\';
  const bool opens = line.starts_with("//") || line.starts_with("#!") || line.starts_with("/*") ||
                     line.starts_with("--") || line.starts_with("<") || line.starts_with("@") ||
                     line.starts_with("$ ") || line.starts_with("{") || line.starts_with("[") || line.starts_with("}");
  const double plain = static_cast<double>(words) / static_cast<double>(tokens);
  const double noise = static_cast<double>(symbols) / static_cast<double>(visible);
  if (noise > 0.12 && (closes || opens || plain < 0.5)) return Shape::data;
  if (plain < 0.34) return Shape::data;
  if ((closes && last != ')' ? noise > 0.02 : false) && (indent >= 2 || plain < 0.75)) return Shape::data;
  if (opens && plain < 0.6) return Shape::data;
  // "def run(self, job):", "for f in $(ls); do"
  if ((last == ':' || line.ends_with(" do") || line.ends_with(" then")) && noise > 0.04 && plain < 0.8)
    return Shape::data;
  if (indent >= 4 && noise > 0.05) return Shape::data;
  return Shape::prose;
}

// "[10:02] ", "10:31 - ", "(9/3) ": what chats and notes put before a line. Its length, or 0.
std::size_t stamp_length(std::string_view line) {
  std::size_t digits = 0, joints = 0, at = line[0] == '[' || line[0] == '(' ? 1 : 0;
  for (; at < line.size() && at < 24; ++at) {
    const char c = line[at];
    if (is_digit(static_cast<unsigned char>(c)))
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
    const auto c = static_cast<unsigned char>(line[at]);
    if (line.compare(at, 3, "：") == 0) return at > 0;
    if (c == ':') return at > 0 && spaces <= 2 && (at + 1 == line.size() || line[at + 1] == ' ' || line[at - 1] < 0);
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

bool ends_sentence(std::string_view line) {
  const char last = line.back();
  return last == '.' || last == '?' || last == '!' || last == ':' || line.ends_with("\u3002") ||
         line.ends_with("\uff1f") || line.ends_with("\uff1a") || line.ends_with("\u061f") || line.ends_with("\u0964");
}

// Cuts [begin, end) into lines and appends them.
void cut_lines(std::string_view text, std::size_t begin, std::size_t end, std::vector<Line>& lines) {
  for (std::size_t at = begin; at < end;) {
    std::size_t stop = text.find('\n', at);
    if (stop == std::string_view::npos || stop > end) stop = end;
    Line line;
    line.span = trimmed(text, {at, stop});
    if (line.span.size() > 0) {
      const std::string_view body = text.substr(line.span.begin, line.span.size());
      std::size_t indent = 0;
      for (std::size_t i = at; i < line.span.begin; ++i) indent += text[i] == '\t' ? 4 : 1;
      line.shape = shape_of(body, indent);
      line.cells = count_cells(body);
      line.words = static_cast<std::uint16_t>(std::min<std::size_t>(count_words(body), 0xffff));
      line.keyed = is_keyed(body);
      line.indented = indent >= 4;
      line.bare = body.size() <= kBareLine && !ends_sentence(body);
    }
    lines.push_back(line);
    at = stop + 1;
  }
}

// What only neighbours tell: rows of a table agree in their cells; inside a fence everything is material; a comment
// between lines of code is code.
void look_around(std::vector<Line>& lines) {
  bool fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    Line& line = lines[i];
    if (line.shape == Shape::fence) {
      fenced = !fenced;
      line.shape = Shape::data;
      continue;
    }
    if (fenced) {
      line.shape = Shape::data;
      continue;
    }
    if (line.shape != Shape::prose) continue;
    const auto agrees = [&](std::size_t j) { return j < lines.size() && lines[j].cells == line.cells; };
    if (line.cells >= 2 && (agrees(i + 1) || agrees(i - 1))) line.shape = Shape::data;
    if (line.cells == 1 && (agrees(i + 1) && (agrees(i + 2) || agrees(i - 1))) && line.span.size() < 120)
      line.shape = Shape::data;
  }
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) {
    if (lines[i].shape == Shape::prose && lines[i - 1].shape == Shape::data && lines[i + 1].shape == Shape::data)
      lines[i].shape = Shape::data;
  }
}

// Records, speakers, directives and bare lists come in runs. The first and the last line of a run may still be the ask
// ("sort these" over a list); within, entries are material.
void find_records(std::vector<Line>& lines, std::size_t begin, std::size_t end) {
  std::size_t data = 0, keyed = 0, bare = 0;
  for (std::size_t i = begin; i < end; ++i) {
    data += lines[i].shape == Shape::data ? 1 : 0;
    keyed += lines[i].keyed ? 1 : 0;
    bare += lines[i].bare && lines[i].shape == Shape::prose && i > begin && i + 1 < end ? 1 : 0;
  }
  const std::size_t n = end - begin;
  if (n < kRunOfRecords) return;
  const bool mostly_data = data * 5 >= n * 2;
  const bool records = keyed >= kRunOfRecords && keyed * 2 >= n;
  const bool list = bare >= kRunOfRecords && bare + 2 >= n;
  for (std::size_t i = begin; i < end; ++i) {
    Line& line = lines[i];
    if (line.shape != Shape::prose) continue;
    const bool end_line = i == begin || i + 1 == end;
    if (mostly_data && (line.keyed || (!end_line && (line.indented || line.words < kWordsOfAnAsk))))
      line.shape = Shape::data;
    else if (records && (line.keyed || (!end_line && (line.indented || line.words < kWordsOfAnAsk))))
      line.shape = Shape::data;
    else if (list && line.bare && (!end_line || (i > begin && line.words < 3)))
      line.shape = Shape::data;
  }
}

void look_for_records(std::vector<Line>& lines) {
  for (std::size_t begin = 0; begin < lines.size();) {
    std::size_t end = begin;
    while (end < lines.size() && lines[end].shape != Shape::blank) ++end;
    find_records(lines, begin, end);
    begin = end + 1;
  }
}

struct Block {
  Span span;
  bool data = false;
  std::uint32_t line_count = 0;
};

// Runs of lines of one kind. Blank lines part prose from prose, but code keeps its blank lines.
void gather_blocks(const std::vector<Line>& lines, bool lines_are_blocks, std::vector<Block>& blocks) {
  bool parted = true;
  for (const Line& line : lines) {
    if (line.shape == Shape::blank) {
      if (line.span.size() == 0) parted = true;
      continue;
    }
    const bool data = line.shape != Shape::prose;
    const bool joins = !blocks.empty() && blocks.back().data == data && (data || (!parted && !lines_are_blocks));
    if (joins || blocks.size() >= kBlockLimit) {
      blocks.back().span.end = line.span.end;
      blocks.back().line_count += 1;
    } else {
      blocks.push_back({line.span, data, 1});
    }
    parted = false;
  }
}

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> marks) {
  return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) { return text.ends_with(mark); });
}
bool ends_as_question(std::string_view text) { return ends_with_any(text, {"?", "？", "؟", "?)", "?\"", "??", "?!"}); }
bool asks_anywhere(std::string_view text) {
  return text.find('?') != std::string_view::npos || text.find("？") != std::string_view::npos ||
         text.find("؟") != std::string_view::npos;
}
bool ends_as_lead(std::string_view text) { return ends_with_any(text, {":", "：", ":)", ":-", "："}); }

std::string_view text_of(std::string_view text, const Block& block) {
  return text.substr(block.span.begin, block.span.size());
}

// Which prose blocks are the ask; everything else is material. Marks by flag, one per block.
std::vector<bool> judge(std::string_view text, const std::vector<Block>& blocks) {
  std::vector<bool> is_ask(blocks.size(), false);
  std::size_t prose_bytes = 0, data_bytes = 0, prose_count = 0, first = blocks.size(), last = 0;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].data) {
      data_bytes += blocks[i].span.size();
      continue;
    }
    prose_bytes += blocks[i].span.size();
    ++prose_count;
    first = std::min(first, i);
    last = i;
  }
  if (prose_count == 0) return std::vector<bool>(blocks.size(), true);
  const auto take_all = [&] {
    for (std::size_t i = 0; i < blocks.size(); ++i) is_ask[i] = !blocks[i].data;
  };

  const std::string_view lead = text_of(text, blocks[first]), tail = text_of(text, blocks[last]);
  if (prose_count == 1) {
    take_all();
    return is_ask;
  }
  const bool beside_data = data_bytes > 0 && prose_bytes <= kProseBesideData;
  const std::size_t rest = prose_bytes - lead.size();
  const bool led = lead.size() <= kLeadLimit && (ends_as_lead(lead) || (rest >= 2 * lead.size() && prose_count >= 2));
  const bool tail_asks = ends_as_question(tail) ||
                         (tail.size() <= kLeadLimit && count_words(tail) >= 5 && !ends_as_lead(lead) && rest > 900);
  if (beside_data && !(led && ends_as_lead(lead) && rest > 300)) {
    take_all();
    return is_ask;
  }
  if (led && (ends_as_lead(lead) || rest > 200)) {
    is_ask[first] = true;
    if (tail_asks && (tail.size() <= kLeadLimit)) is_ask[last] = true;
    return is_ask;
  }
  if (prose_bytes <= kAllProseAsk) {
    take_all();
    return is_ask;
  }
  is_ask[last] = tail.size() <= 2 * kLeadLimit;
  is_ask[first] = lead.size() <= 2 * kLeadLimit || !is_ask[last];
  return is_ask;
}

struct QuotePair {
  std::string_view open, close;
};
constexpr QuotePair kQuotes[] = {{"\"", "\""}, {"“", "”"},   {"„", "“"}, {"«", "»"},
                                 {"「", "」"}, {"『", "』"}, {"‘", "’"}};

// Finds quotations from left to right. A mark that is not closed within the block is not looked for again, so that a
// page of opening marks stays linear.
class Quotations {
 public:
  Quotations(std::string_view text, Span block) : text_(text.substr(0, block.end)), at_(block.begin) {}

  // The next quotation long enough to be material, marks included; empty when there is none.
  Span next() {
    for (; at_ < text_.size(); ++at_) {
      for (std::size_t kind = 0; kind < std::size(kQuotes); ++kind) {
        const QuotePair& pair = kQuotes[kind];
        if (unclosed_[kind] || text_.compare(at_, pair.open.size(), pair.open) != 0) continue;
        const std::size_t begin = at_, inner = at_ + pair.open.size(), close = text_.find(pair.close, inner);
        if (close == std::string_view::npos) {
          unclosed_[kind] = true;
          continue;
        }
        at_ = close + pair.close.size() - 1;
        const bool long_enough = close - inner >= kQuoteMin && count_words(text_.substr(inner, close - inner)) >= 4;
        if (!long_enough) break;
        return {begin, ++at_};
      }
    }
    return {};
  }

 private:
  std::string_view text_;
  std::size_t at_;
  std::array<bool, std::size(kQuotes)> unclosed_{};
};

// "do this: to that" on one line. A one-word head ("Question: ...") introduces the ask itself.
std::size_t find_colon(std::string_view text, Span line) {
  const std::size_t stop = std::min(line.end, line.begin + kColonHeadLimit);
  for (std::size_t at = line.begin; at < stop; ++at) {
    std::size_t mark = 0;
    if (text[at] == ':' && at + 1 < line.end && (text[at + 1] == ' ' || text[at + 1] == '\n'))
      mark = 1;
    else if (text.compare(at, 3, "：") == 0)
      mark = 3;
    if (mark == 0) continue;
    const Span tail = trimmed(text, {at + mark, line.end});
    const bool heads = count_words(text.substr(line.begin, at - line.begin)) >= 2;
    if (!heads || tail.size() < kColonTailMin) continue;
    if (asks_anywhere(text.substr(tail.begin, tail.size())) || tail.size() > kColonTailLimit) return 0;
    return at + mark;
  }
  return 0;
}

// Quotations leave an ask block as material, as long as two words are left to ask. False when there are none.
bool take_quotations(std::string_view text, Span block, AskSplit& split) {
  std::vector<Span> quotes;
  Quotations quotations(text, block);
  for (Span quote = quotations.next(); quote.size() > 0 && quotes.size() < kQuoteLimit; quote = quotations.next())
    quotes.push_back(quote);
  std::vector<Span> asks;
  std::size_t words = 0, at = block.begin;
  for (std::size_t i = 0; i <= quotes.size(); ++i) {
    const Span between = trimmed(text, {at, i < quotes.size() ? quotes[i].begin : block.end});
    if (between.size() > 0) asks.push_back(between);
    words += count_words(text.substr(between.begin, between.size()));
    if (i < quotes.size()) at = quotes[i].end;
  }
  if (quotes.empty() || words < 2) return false;
  split.ask.insert(split.ask.end(), asks.begin(), asks.end());
  split.material.insert(split.material.end(), quotes.begin(), quotes.end());
  return true;
}

// Rule 4: quotations and colon tails leave an ask block, as long as something is left to ask.
void refine_block(std::string_view text, Span block, bool only_block, AskSplit& split) {
  if (take_quotations(text, block, split)) return;
  const std::size_t colon = only_block ? find_colon(text, block) : 0;
  if (colon == 0) {
    split.ask.push_back(block);
    return;
  }
  split.ask.push_back({block.begin, colon});
  split.material.push_back(trimmed(text, {colon, block.end}));
}

// Moves a cut to the start of a UTF-8 sequence.
std::size_t utf8_floor(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

void split_window(std::string_view text, const std::vector<Line>& lines, AskSplit& split) {
  std::vector<Block> blocks;
  const bool any_blank =
      std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.shape == Shape::blank; });
  gather_blocks(lines, !any_blank, blocks);
  const std::vector<bool> is_ask = judge(text, blocks);
  const auto asks = std::count(is_ask.begin(), is_ask.end(), true);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (is_ask[i])
      refine_block(text, blocks[i].span, asks == 1, split);
    else
      split.material.push_back(blocks[i].span);
  }
}

}  // namespace

AskSplit split_ask(std::string_view text) {
  AskSplit split;
  std::vector<Line> lines;
  if (text.size() <= 2 * kSplitWindow) {
    cut_lines(text, 0, text.size(), lines);
  } else {
    // The middle stands in as one line of data between the windows.
    const std::size_t head = utf8_floor(text, kSplitWindow), tail = utf8_floor(text, text.size() - kSplitWindow);
    cut_lines(text, 0, head, lines);
    lines.push_back({{head, tail}, Shape::data, 0});
    cut_lines(text, tail, text.size(), lines);
  }
  look_around(lines);
  look_for_records(lines);
  const bool empty = std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.span.size() == 0; });
  if (!empty) split_window(text, lines, split);
  return split;
}

std::string join_spans(std::string_view text, const std::vector<Span>& spans, std::size_t limit) {
  std::string joined;
  for (const Span& span : spans) {
    if (!joined.empty()) joined += '\n';
    const std::size_t room = 2 * limit + 8;  // enough to keep both ends of a long one
    if (span.size() <= room) {
      joined.append(text.substr(span.begin, span.size()));
    } else {
      const std::size_t cut = utf8_floor(text, span.begin + limit);
      const std::size_t resume = utf8_floor(text, span.end - limit);
      joined.append(text.substr(span.begin, cut - span.begin)).append(text.substr(resume, span.end - resume));
    }
  }
  if (joined.size() <= limit) return joined;
  const std::size_t head = utf8_floor(joined, limit / 3 * 2);
  std::size_t tail = utf8_floor(joined, joined.size() - limit / 3);
  if (joined.size() - tail > limit - head) ++tail;
  while (tail < joined.size() && (static_cast<unsigned char>(joined[tail]) & 0xc0) == 0x80) ++tail;
  return joined.substr(0, head) + joined.substr(tail);
}

core::Prompt prompt_of(std::string_view text) {
  const AskSplit split = split_ask(text);
  core::Prompt prompt;
  prompt.ask = join_spans(text, split.ask, core::kAskLimit);
  prompt.material = join_spans(text, split.material, core::kMaterialSample);
  for (const Span& span : split.material) prompt.material_bytes += span.size();
  for (const Span& span : split.ask)
    prompt.ask_spans.push_back({0, 0, static_cast<std::uint32_t>(span.begin), static_cast<std::uint32_t>(span.end)});
  prompt.turns = 1;
  prompt.branch = "main";
  return prompt;
}

}  // namespace basin::prompt
