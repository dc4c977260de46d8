// How the ask is found.
//
// People put the instruction first, last, or between two pieces of what they pasted. What they paste has a shape: code
// and logs are full of symbols and digits, tables repeat a delimiter, mail is many paragraphs of prose, quotes and
// fences say so themselves. So the text is cut into lines, each line gets a shape, runs of lines of one kind become
// blocks, and the blocks are judged by kind and place:
//
//   1. Fenced, tagged and `>` quoted blocks, code, tables and logs are material.
//   2. Prose with material directly above and below is no ask, whatever it says: a request amid what was pasted is not
//      the person's. An ask in the middle has a blank line or a fence on both sides.
//   3. Where a paragraph of prose stands by itself at an end of the text, lines of prose that touch material elsewhere
//      belong to it.
//   4. Prose beside material is the ask, unless there is a lot of it; then only the ends are.
//   5. Prose alone: a short block over a much longer rest, or under one, is the ask ("fix this:\n\n<letter>",
//      "<letter>\n\nmake it politer"); anything else is all ask.
//   6. In what is left, a long quotation, or what follows a colon on the same line, is material.
//
// Greetings, pleas and thanks at the two ends of the text (core/courtesy.h) are neither: with them gone, an ask is
// parted from its material as it would have been without.
//
// One pass over the head window and one over the tail window; nothing is allocated but the lists.
#include "prompt/ask.h"

#include <algorithm>
#include <cstdint>

#include "core/courtesy.h"
#include "prompt/lines.h"
#include "prompt/neighbours.h"
#include "prompt/quotations.h"

namespace basin::prompt {
namespace {

// Sizes in bytes; read off prompts people type, where an instruction is a line or two and a paste is longer.
constexpr std::size_t kLeadLimit = 240;     // a lead longer than this tells a story, it does not introduce one
constexpr std::size_t kAllProseAsk = 1400;  // prose up to here is a person describing what they want
constexpr std::size_t kProseBesideData = 2400;
constexpr std::size_t kLeastUnderLead = 200;  // prose that a short first block stands over
constexpr std::size_t kLeastPaste = 240;      // and prose that a short last block stands under
constexpr std::size_t kWordsOfATail = 3;      // "thanks" is none
constexpr std::size_t kQuoteLimit = 64;       // quotations of one block; what is past them stays with the ask
constexpr std::size_t kColonHeadLimit = 110;
constexpr std::size_t kColonTailMin = 10;
constexpr std::size_t kColonTailLimit = 300;  // a longer tail tells what is wanted ("a library: it must ...")

// Room for the lines of most prompts, and for their blocks, without a second allocation.
constexpr std::size_t kUsualLines = 64, kUsualBlocks = 16;

struct Block {
  Span span;
  bool data = false;
  bool quoting = false;  // holds a byte that may open a quotation
};

// Runs of lines of one kind. Blank lines part prose from prose, but code keeps its blank lines.
void gather_blocks(std::string_view text, const std::vector<Line>& lines, bool lines_are_blocks,
                   std::vector<Block>& blocks) {
  bool parted = true, after_aside = false;
  for (const Line& line : lines) {
    if (line.shape == LineShape::blank) {
      if (line.span.size() == 0) parted = true;
      continue;
    }
    if (line.aside) {
      after_aside = true;
      continue;
    }
    const bool data = line.shape != LineShape::prose;
    const bool joins =
        !blocks.empty() && blocks.back().data == data && (data ? !after_aside : !parted && !lines_are_blocks);
    if (joins || blocks.size() >= kBlockLimit) {
      blocks.back().span.end = line.span.end;
      blocks.back().quoting |= line.quoting;
    } else {
      blocks.push_back({line.span, data, line.quoting});
      // What goes on behind a line set aside keeps its indent.
      if (after_aside) blocks.back().span.begin = text.rfind('\n', line.span.begin) + 1;
    }
    parted = after_aside = false;
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

// How much prose and data there is, and where the prose begins and ends.
struct Balance {
  std::size_t prose_bytes = 0, data_bytes = 0, prose_count = 0;
  std::size_t first = 0, last = 0;  // blocks of prose
};

Balance balance_of(const std::vector<Block>& blocks) {
  Balance balance;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].data) {
      balance.data_bytes += blocks[i].span.size();
      continue;
    }
    balance.prose_bytes += blocks[i].span.size();
    if (balance.prose_count++ == 0) balance.first = i;
    balance.last = i;
  }
  return balance;
}

// Whether a short block stands over or under so much more prose that the rest is what it speaks of.
bool stands_out(std::size_t size, std::size_t rest, std::size_t least) {
  return size <= kLeadLimit && rest > least && rest >= 2 * size;
}

// Which prose blocks are the ask; everything else is material. Marks by flag, one per block.
std::vector<bool> judge(std::string_view text, const std::vector<Block>& blocks) {
  const Balance all = balance_of(blocks);
  std::vector<bool> is_ask(blocks.size(), all.prose_count == 0);
  if (all.prose_count == 0) return is_ask;
  const auto take_all = [&] {
    for (std::size_t i = 0; i < blocks.size(); ++i) is_ask[i] = !blocks[i].data;
    return is_ask;
  };
  if (all.prose_count == 1) return take_all();

  const std::string_view lead = text_of(text, blocks[all.first]), tail = text_of(text, blocks[all.last]);
  const std::size_t under_lead = all.prose_bytes - lead.size(), over_tail = all.prose_bytes - tail.size();
  const bool introduces = lead.size() <= kLeadLimit && ends_as_lead(lead);
  const bool ends_the_text = all.last + 1 == blocks.size() && stands_out(tail.size(), over_tail, kLeastPaste) &&
                             count_words(tail, kWordsOfATail) >= kWordsOfATail;
  if (blocks.front().data && ends_the_text) {
    is_ask[all.last] = true;
    return is_ask;
  }
  if (all.data_bytes > 0 && all.prose_bytes <= kProseBesideData && !(introduces && under_lead > 300)) return take_all();
  if (introduces || stands_out(lead.size(), under_lead, kLeastUnderLead)) {
    is_ask[all.first] = true;
    const bool tail_asks = ends_as_question(tail) || (under_lead > 900 && !introduces && count_words(tail, 5) >= 5);
    if (tail_asks && tail.size() <= kLeadLimit) is_ask[all.last] = true;
    return is_ask;
  }
  if (all.data_bytes == 0 && ends_the_text) {
    is_ask[all.last] = true;
    return is_ask;
  }
  if (all.prose_bytes <= kAllProseAsk) return take_all();
  is_ask[all.last] = tail.size() <= 2 * kLeadLimit;
  is_ask[all.first] = lead.size() <= 2 * kLeadLimit || !is_ask[all.last];
  return is_ask;
}

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
    const bool heads = count_words(text.substr(line.begin, at - line.begin), 2) >= 2;
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
  if (quotes.empty()) return false;
  std::vector<Span> asks;
  std::size_t words = 0, at = block.begin;
  for (std::size_t i = 0; i <= quotes.size(); ++i) {
    const Span between = trimmed(text, {at, i < quotes.size() ? quotes[i].begin : block.end});
    if (between.size() > 0) asks.push_back(between);
    words += count_words(text.substr(between.begin, between.size()), 2);
    if (i < quotes.size()) at = quotes[i].end;
  }
  if (words < 2) return false;
  split.ask.insert(split.ask.end(), asks.begin(), asks.end());
  split.material.insert(split.material.end(), quotes.begin(), quotes.end());
  return true;
}

// Rule 6: quotations and colon tails leave an ask block, as long as something is left to ask.
void refine_block(std::string_view text, const Block& block, bool only_block, AskSplit& split) {
  if (block.quoting && take_quotations(text, block.span, split)) return;
  const std::size_t colon = only_block ? find_colon(text, block.span) : 0;
  if (colon == 0) {
    split.ask.push_back(block.span);
    return;
  }
  split.ask.push_back({block.span.begin, colon});
  split.material.push_back(trimmed(text, {colon, block.span.end}));
}

// Moves a cut to the start of a UTF-8 sequence.
std::size_t utf8_floor(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) --at;
  return at;
}

void split_window(std::string_view text, const std::vector<Line>& lines, AskSplit& split) {
  std::vector<Block> blocks;
  blocks.reserve(kUsualBlocks);
  const bool any_blank =
      std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.shape == LineShape::blank; });
  gather_blocks(text, lines, !any_blank, blocks);
  const std::vector<bool> is_ask = judge(text, blocks);
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (is_ask[i])
      refine_block(text, blocks[i], blocks.size() == 1, split);
    else
      split.material.push_back(blocks[i].span);
  }
}

AskSplit split_meant(std::string_view text) {
  AskSplit split;
  std::vector<Line> lines;
  lines.reserve(kUsualLines);
  if (text.size() <= 2 * kSplitWindow) {
    cut_lines(text, 0, text.size(), lines);
  } else {
    // The middle stands in as one line of data between the windows.
    const std::size_t head = utf8_floor(text, kSplitWindow), tail = utf8_floor(text, text.size() - kSplitWindow);
    cut_lines(text, 0, head, lines);
    Line& middle = lines.emplace_back();
    middle.span = {head, tail};
    middle.shape = LineShape::data;
    middle.quoting = true;  // nobody has looked
    cut_lines(text, tail, text.size(), lines);
  }
  look_around(text, lines);
  const bool empty = std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.span.size() == 0; });
  if (!empty) split_window(text, lines, split);
  return split;
}

}  // namespace

AskSplit split_ask(std::string_view text) {
  const std::string_view meant = core::without_courtesies(text);
  const auto before = static_cast<std::size_t>(meant.data() - text.data());
  AskSplit split = split_meant(meant);
  for (std::vector<Span>* spans : {&split.ask, &split.material})
    for (Span& span : *spans) span = {span.begin + before, span.end + before};
  // A text that begins with a letter begins with the letter's greeting; the last thanks, with no name under them, are
  // the asker's.
  for (Span& span : split.material)
    if (span.begin == before) span.begin = trimmed(text, {0, span.end}).begin;
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
