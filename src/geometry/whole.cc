// How much of an answer is new depends on how much the prompt says, and how often it says it again: the same question
// over a page that repeats itself leaves less to say than over one that does not. Which of these counts matter, and
// where, is learned (lab/forest_fit.cc); here they are only counted.
//
// Text is read as bytes: a word is a run of letters or of bytes past ASCII, which is true enough for counts and three
// times as fast as reading characters. A run without spaces is cut after a few signs, so that Chinese has words too.
// A run of blanks counts as one of them, and those at either end of a part as none: how a text is spaced says nothing
// of its answer. So lengths are those of the kept bytes, and every measure of a text is that of the same text spaced
// wider.
#include "geometry/whole.h"

#include <algorithm>
#include <limits>

#include "geometry/arithmetic.h"
#include "geometry/distinct.h"
#include "geometry/words.h"

namespace basin::geometry {
namespace {

enum Class : std::uint8_t {
  kOther,
  kSpace,
  kLower,
  kUpper,
  kDigit,
  kForeign,
  kStop,  // . ! ?
  kComma,
  kQuote,
  kColon,
  kBracket,
  kBrace,
  kUnderscore,
  kHyphen,
  kSlash,
  kOperator,
  kNewline,
  kClasses
};

constexpr std::array<Class, 256> kClassOf = [] {
  std::array<Class, 256> classes{};
  const auto set = [&](std::string_view bytes, Class c) {
    for (const char b : bytes) classes[static_cast<unsigned char>(b)] = c;
  };
  for (std::size_t c = 0; c <= ' '; ++c) classes[c] = kSpace;
  for (std::size_t c = 'a'; c <= 'z'; ++c) classes[c] = kLower;
  for (std::size_t c = 'A'; c <= 'Z'; ++c) classes[c] = kUpper;
  for (std::size_t c = '0'; c <= '9'; ++c) classes[c] = kDigit;
  for (std::size_t c = 0x80; c < 256; ++c) classes[c] = kForeign;
  set(".!?", kStop);
  set(",;", kComma);
  set("\"'", kQuote);
  set(":", kColon);
  set("([", kBracket);
  set("{}", kBrace);
  set("_", kUnderscore);
  set("-", kHyphen);
  set("/", kSlash);
  set("+*%<>=&|^", kOperator);
  set("\n", kNewline);
  return classes;
}();

constexpr Class class_of(char byte) { return kClassOf[static_cast<unsigned char>(byte)]; }
constexpr bool is_letter(Class c) { return c == kLower || c == kUpper || c == kForeign; }

// For Distinct, which looks at the upper bits.
std::uint32_t mixed(std::uint32_t hash) { return (hash ^ (hash >> 15)) * 0x9E3779B1u; }

constexpr std::uint32_t kForeignRun = 24;  // bytes, eight signs of Chinese

// Words, numbers among them, and what came in what order.
struct Words {
  std::uint32_t words = 0, letters = 0, long_again = 0, long_words = 0, short_words = 0, single = 0;
  std::uint32_t numbers = 0, longest_number = 0, names = 0, capitals = 0;
  std::uint32_t all_pairs = 0, before = 0;
  Distinct distinct, again, pairs, distinct_numbers, distinct_names;

  // Gives the mixed hash, as `distinct` knows it.
  std::uint32_t add_word(std::uint32_t hash, std::uint32_t length, bool capital, bool opens_sentence) {
    const std::uint32_t mixed_hash = mixed(hash);
    if (!add(hash, mixed_hash) && length >= 5) ++long_again;
    letters += length;
    if (length >= 9) ++long_words;
    if (length <= 3) ++short_words;
    if (length == 1) ++single;
    if (capital) ++capitals;
    if (capital && !opens_sentence) {
      ++names;
      distinct_names.add(mixed_hash);
    }
    ++words;
    return mixed_hash;
  }
  void add_number(std::uint32_t hash, std::uint32_t length) {
    const std::uint32_t mixed_hash = mixed(hash);
    add(hash, mixed_hash);
    ++numbers;
    distinct_numbers.add(mixed_hash);
    longest_number = std::max(longest_number, length);
  }
  double all() const { return words + numbers; }

 private:
  bool add(std::uint32_t hash, std::uint32_t mixed_hash) {
    const bool is_new = distinct.add(mixed_hash);
    if (!is_new) again.add(mixed_hash);
    if (before != 0) {
      ++all_pairs;
      pairs.add(mixed(mix(before, hash)));
    }
    before = hash;
    return is_new;
  }
};

// Lengths in words.
struct Sentences {
  std::uint32_t count = 0, longest = 0, first = 0, last = 0, open = 0;

  void end() {
    if (open == 0) return;
    if (++count == 1) first = open;
    longest = std::max(longest, open);
    last = open;
    open = 0;
  }
};

// Lines that are not blank; lengths in kept bytes.
struct Lines {
  std::uint32_t count = 0, first = 0, last = 0, longest = 0, items = 0, options = 0, indented = 0;
  std::uint32_t start = 0;  // kept bytes before the line that is read
  std::uint32_t hash = 0;   // of its words and marks
  bool open = false;        // there is more than blanks in it
  Distinct distinct;

  // text: what follows the line's blanks.
  void open_with(std::string_view text, bool is_indented) {
    open = true;
    if (is_indented) ++indented;
    judge(text);
  }
  void add(std::uint32_t word_or_mark) { hash = (hash ^ word_or_mark) * 0x01000193u; }
  void end(std::uint32_t kept) {
    if (open) {
      last = kept - start;
      if (++count == 1) first = last;
      longest = std::max(longest, last);
      distinct.add(mixed(hash));
    }
    hash = 0;
    open = false;
  }

 private:
  // "- ...", "3. ..." are items; "B) ...", "(c) ..." are options.
  void judge(std::string_view text) {
    const auto at = [&](std::size_t i) { return i < text.size() ? text[i] : '\0'; };
    const auto is_digit = [&](std::size_t i) { return class_of(at(i)) == kDigit; };
    if (text[0] == '-' || text[0] == '*' || text[0] == '#') ++items;
    const std::size_t digits = is_digit(0) ? (is_digit(1) ? 2 : 1) : 0;
    if (digits > 0 && (at(digits) == '.' || at(digits) == ')')) ++items;
    const std::size_t letter = text[0] == '(' ? 1 : 0;
    const int folded = at(letter) | 0x20;
    if (folded >= 'a' && folded <= 'p' && (at(letter + 1) == '.' || at(letter + 1) == ')') && at(letter + 2) == ' ')
      ++options;
  }
};

// What is counted of a text, in the order it is read.
struct Counter {
  std::array<std::uint32_t, kClasses> bytes{};
  std::uint32_t kept = 0;  // bytes, of a run of blanks the first
  std::uint32_t questions = 0;
  Words words;
  Sentences sentences;
  Lines lines;
  const Distinct* ask_words = nullptr;  // while the material is read
  Distinct shared;                      // words that stand in `ask_words` too

  void word(std::uint32_t hash, std::uint32_t length, bool capital) {
    const std::uint32_t mixed_hash = words.add_word(hash, length, capital, sentences.open == 0);
    if (ask_words && ask_words->contains(mixed_hash)) shared.add(mixed_hash);
    ++sentences.open;
    kept += length;
    lines.add(hash);
  }
  void number(std::uint32_t hash, std::uint32_t length) {
    words.add_number(hash, length);
    ++sentences.open;
    kept += length;
    lines.add(hash);
  }
  // What comes next is another line.
  void end_line() {
    sentences.end();
    lines.end(kept);
    lines.start = kept;
  }
};

// Letters of either case and bytes past ASCII; 0 for every other byte.
constexpr std::array<std::uint8_t, 256> kFolded = [] {
  std::array<std::uint8_t, 256> folded{};
  for (std::size_t c = 0; c < folded.size(); ++c) {
    if (is_letter(kClassOf[c])) folded[c] = static_cast<std::uint8_t>(kClassOf[c] == kUpper ? c + 32 : c);
  }
  return folded;
}();

// Reads the word that begins at text[at]; gives its end.
std::size_t read_word(std::string_view text, std::size_t at, Counter& counter) {
  const std::size_t start = at;
  const bool capital = kClassOf[static_cast<unsigned char>(text[at])] == kUpper;
  std::uint32_t hash = 0x17, upper = 0, foreign = 0;
  for (; at < text.size(); ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    const std::uint8_t folded = kFolded[byte];
    if (folded == 0 || (at - start >= kForeignRun && byte >= 0xc0)) break;
    hash = hash * 31 + folded;
    upper += folded != byte ? 1 : 0;
    foreign += byte >> 7;
  }
  counter.bytes[kUpper] += upper;
  counter.bytes[kForeign] += foreign;
  counter.word(hash, static_cast<std::uint32_t>(at - start), capital);
  return at;
}

std::size_t read_number(std::string_view text, std::size_t at, Counter& counter) {
  const std::size_t start = at;
  std::uint32_t hash = 0x51;
  for (; at < text.size() && class_of(text[at]) == kDigit; ++at)
    hash = hash * 31 + static_cast<unsigned char>(text[at]);
  const auto length = static_cast<std::uint32_t>(at - start);
  counter.bytes[kDigit] += length;
  counter.number(hash, length);
  return at;
}

void read_mark(std::string_view text, std::size_t at, Class c, Counter& counter) {
  const auto ends_sentence = [&] {
    if (at + 1 == text.size()) return true;
    const Class next = class_of(text[at + 1]);
    return next <= kSpace || next == kNewline || text[at + 1] == '"';
  };
  ++counter.bytes[c];
  ++counter.kept;
  counter.lines.add(static_cast<unsigned char>(text[at]));
  if (text[at] == '?') ++counter.questions;
  if (c == kStop && ends_sentence()) counter.sentences.end();
}

// Reads from text[at] on, to the end or until `kept` bytes in all are kept; gives where it stopped.
std::size_t count(std::string_view text, std::size_t at, std::size_t kept, Counter& counter) {
  while (at < text.size() && counter.kept < kept) {
    const Class c = class_of(text[at]);
    if (c == kSpace) {
      while (at < text.size() && class_of(text[at]) == kSpace) ++at;
      ++counter.kept;
      continue;
    }
    if (c == kNewline) {
      ++counter.kept;
      counter.end_line();
      ++at;
      continue;
    }
    if (!counter.lines.open) counter.lines.open_with(text.substr(at), counter.kept > counter.lines.start);
    if (is_letter(c)) {
      at = read_word(text, at, counter);
    } else if (c == kDigit) {
      at = read_number(text, at, counter);
    } else {
      read_mark(text, at++, c, counter);
    }
  }
  return at;
}

// Where the last kWholeTail kept bytes begin, but not before `from`.
std::size_t tail_of(std::string_view text, std::size_t from) {
  std::size_t at = text.size();
  for (std::size_t kept = 0; at > from && kept < kWholeTail; --at) {
    const bool again = at < text.size() && class_of(text[at - 1]) == kSpace && class_of(text[at]) == kSpace;
    kept += again ? 0 : 1;
  }
  return at;
}

std::string_view without_ends(std::string_view text) {
  const auto is_blank = [](char byte) { return class_of(byte) == kSpace || class_of(byte) == kNewline; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

// How many of the bytes that were looked at are kept.
struct Kept {
  double kept = 0, read = 0;

  // So many are kept of `bytes` bytes that are spaced alike; exact where these were read.
  double of(std::size_t bytes) const {
    const auto all = static_cast<double>(bytes);
    return read > 0 ? all * kept / read : all;
  }
};

// Reads head and tail of a part; a short one whole.
Kept count_part(std::string_view text, Counter& counter) {
  const std::string_view trimmed = without_ends(text);
  const std::uint32_t before = counter.kept;
  const std::size_t head = count(trimmed, 0, before + kWholeHead, counter), tail = tail_of(trimmed, head);
  if (tail > head) counter.end_line();
  count(trimmed, tail, std::numeric_limits<std::size_t>::max(), counter);
  counter.end_line();
  return {static_cast<double>(counter.kept - before), static_cast<double>(text.size() - (tail - head))};
}

class Filler {
 public:
  explicit Filler(WholeMeasures& measures) : measures_(measures) {}
  void count(Whole measure, double n) { set(measure, log2_of(1 + n)); }
  void share(Whole measure, double part, double whole) { set(measure, whole > 0 ? part / whole : 0); }
  void set(Whole measure, double value) { measures_[static_cast<std::size_t>(measure)] = static_cast<float>(value); }

 private:
  WholeMeasures& measures_;
};

void fill_ask(const Counter& c, Filler& m) {
  m.count(Whole::ask_words, c.words.all());
  m.count(Whole::ask_numbers, c.words.numbers);
  m.count(Whole::ask_sentences, c.sentences.count);
  m.count(Whole::ask_commas, c.bytes[kComma]);
  m.count(Whole::ask_names, c.words.names);
}

void fill_words(const Words& w, Filler& m) {
  const double all = w.all();
  m.count(Whole::words, all);
  m.count(Whole::distinct_words, w.distinct.size());
  m.share(Whole::distinct_share, w.distinct.size(), all);
  m.share(Whole::lone_share, w.distinct.size() - w.again.size(), all);
  m.share(Whole::pair_share, w.pairs.size(), w.all_pairs);
  m.share(Whole::long_again, w.long_again, all);
  m.count(Whole::numbers, w.numbers);
  m.count(Whole::distinct_numbers, w.distinct_numbers.size());
  m.share(Whole::number_share, w.numbers, all);
  m.set(Whole::longest_number, w.longest_number);
  m.count(Whole::names, w.names);
  m.count(Whole::distinct_names, w.distinct_names.size());
  m.count(Whole::capitals, w.capitals);
  m.share(Whole::capital_share, w.capitals, all);
  m.share(Whole::word_length, w.letters, w.words);
  m.count(Whole::long_words, w.long_words);
  m.share(Whole::long_share, w.long_words, all);
  m.share(Whole::short_share, w.short_words, all);
  m.count(Whole::single_letters, w.single);
}

void fill_sentences_and_lines(const Counter& c, Filler& m) {
  const Sentences& s = c.sentences;
  m.count(Whole::sentences, s.count);
  m.count(Whole::longest_sentence, s.longest);
  m.count(Whole::first_sentence, s.first);
  m.count(Whole::last_sentence, s.last);
  m.count(Whole::mean_sentence, s.count > 0 ? c.words.all() / s.count : 0);
  const Lines& l = c.lines;
  m.count(Whole::lines, l.count);
  m.count(Whole::mean_line, l.count > 0 ? static_cast<double>(c.kept) / l.count : 0);
  m.count(Whole::first_line, l.first);
  m.count(Whole::last_line, l.last);
  m.count(Whole::longest_line, l.longest);
  m.count(Whole::items, l.items);
  m.count(Whole::options, l.options);
  m.share(Whole::distinct_lines, l.distinct.size(), l.count);
  m.count(Whole::indented, l.indented);
}

void fill_marks(const Counter& c, Filler& m) {
  const double all = c.words.all();
  const auto& bytes = c.bytes;
  m.share(Whole::digit_share, bytes[kDigit], c.kept);
  m.share(Whole::upper_share, bytes[kUpper], c.kept);
  m.share(Whole::foreign_share, bytes[kForeign], c.kept);
  m.count(Whole::operators, bytes[kOperator] + bytes[kHyphen] + bytes[kSlash]);
  m.count(Whole::commas, bytes[kComma]);
  m.share(Whole::comma_share, bytes[kComma], all);
  m.count(Whole::quotes, bytes[kQuote]);
  m.count(Whole::colons, bytes[kColon]);
  m.share(Whole::colon_share, bytes[kColon], all);
  m.count(Whole::brackets, bytes[kBracket]);
  m.count(Whole::questions, c.questions);
  m.count(Whole::braces, bytes[kBrace]);
  m.count(Whole::underscores, bytes[kUnderscore]);
  m.count(Whole::hyphens, bytes[kHyphen]);
  m.count(Whole::dots, bytes[kStop]);
  m.count(Whole::slashes, bytes[kSlash]);
  std::uint32_t marks = bytes[kOther];
  for (std::size_t i = kStop; i < kNewline; ++i) marks += bytes[i];
  m.share(Whole::mark_share, marks, c.kept);
}

bool ends_in_question(std::string_view text) {
  text = without_ends(text);
  return !text.empty() && text.back() == '?';
}

}  // namespace

WholeMeasures measure_whole(std::string_view ask, std::string_view material, std::uint64_t material_bytes) {
  WholeMeasures measures{};
  Filler m(measures);
  Counter counter;
  const double ask_bytes = count_part(ask, counter).of(ask.size());
  fill_ask(counter, m);
  const Distinct ask_words = counter.words.distinct;
  counter.ask_words = &ask_words;
  const double rest_bytes = count_part(material, counter).of(material_bytes);
  m.count(Whole::bytes, ask_bytes + rest_bytes);
  m.count(Whole::ask_bytes, ask_bytes);
  m.count(Whole::material_bytes, rest_bytes);
  m.share(Whole::ask_share, ask_bytes, ask_bytes + rest_bytes);
  m.share(Whole::ask_in_material, counter.shared.size(), ask_words.size());
  fill_words(counter.words, m);
  fill_sentences_and_lines(counter, m);
  fill_marks(counter, m);
  m.set(Whole::ends_in_question, ends_in_question(material.empty() ? ask : material));
  return measures;
}

}  // namespace basin::geometry
