#include "geometry/shape.h"

#include <algorithm>
#include <array>

namespace basin::geometry {
namespace {

bool is_stop(std::uint32_t c) {
  return c == '.' || c == '!' || c == '?' || c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0x61F || c == 0x964;
}
bool is_question(std::uint32_t c) { return c == '?' || c == 0xFF1F || c == 0x61F; }
bool is_comma(std::uint32_t c) {
  return c == ',' || c == 0xFF0C || c == 0x3001 || c == 0x60C || c == ';' || c == 0xFF1B;
}
bool is_formula(std::uint32_t c) {
  return c == '=' || c == '^' || c == '\\' || c == '+' || c == '<' || c == '*' || (c >= 0x2190 && c < 0x2300) ||
         c == 0xD7 || c == 0xF7 || c == 0xB1;
}

// Running state of the pass.
struct Pass {
  Shape shape;
  std::array<std::uint32_t, kScripts> scripts{};
  std::uint32_t sentence_words = 0;
  std::uint32_t word_letters = 0, word_capitals = 0;
  bool word_joined = false;  // an inner capital, an underscore, a dot or a bracket stuck to the word
  bool in_number = false;
  bool first_in_sentence = true;
  std::uint32_t previous = ' ';

  void end_word() {
    in_number = false;
    if (word_letters == 0) {
      word_joined = false;
      return;
    }
    ++shape.words;
    ++sentence_words;
    if (word_joined)
      ++shape.identifiers;
    else if (word_capitals == word_letters && word_letters >= 3)
      ++shape.shouted;
    else if (word_capitals > 0 && !first_in_sentence)
      ++shape.names;
    if (word_letters >= 9) ++shape.long_words;
    first_in_sentence = false;
    word_letters = word_capitals = 0;
    word_joined = false;
  }
  void end_sentence() {
    if (sentence_words > 0) ++shape.sentences;
    shape.longest_sentence = std::max(shape.longest_sentence, sentence_words);
    sentence_words = 0;
    first_in_sentence = true;
  }
  // ASCII white space and control characters.
  void blank() {
    ++shape.characters;
    end_word();
  }
  void small_letters(std::uint32_t n) {
    shape.characters += n;
    shape.letters += n;
    scripts[static_cast<std::size_t>(Script::latin)] += n;
    word_letters += n;
    previous = 'a';
  }
  void letter(std::uint32_t c) {
    ++shape.letters;
    ++scripts[static_cast<std::size_t>(script_of(c))];
    const bool capital = fold(c) != c;
    if (capital && word_letters > 0 && word_capitals < word_letters) word_joined = true;
    if (capital) ++word_capitals;
    ++word_letters;
  }
  void sign(std::uint32_t c) {
    ++shape.letters;
    ++scripts[static_cast<std::size_t>(script_of(c))];
    // About two signs make a word.
    if (shape.letters % 2 == 0) {
      ++shape.words;
      ++sentence_words;
    }
  }
  void mark(std::uint32_t c) {
    ++shape.marks.all;
    if (is_comma(c))
      ++shape.marks.commas;
    else if (c == ':' || c == 0xFF1A)
      ++shape.marks.colons;
    else if (c == '(' || c == '[' || c == 0xFF08)
      ++shape.marks.brackets;
    else if (c == '"' || c == 0x201C || c == 0xAB || c == 0x300C)
      ++shape.marks.quotes;
    if (is_formula(c)) ++shape.marks.formula;
    if (c == '{' || c == '}' || c == '<' || c == '>') ++shape.marks.braces;
    if (is_question(c)) ++shape.marks.questions;
  }

  // A mark inside a word ("a.b", "x_y", "f(x") makes it an identifier; apostrophes and hyphens do not.
  void space_or_mark(std::uint32_t c, CharKind kind, bool before_letter) {
    const bool inside = word_letters > 0 && before_letter;
    if (kind == CharKind::mark) mark(c);
    if (inside && (c == '.' || c == '_' || c == '/' || c == '(')) {
      word_joined = true;
    } else if (!(inside && (c == '\'' || c == 0x2019 || c == '-'))) {
      end_word();
    }
    if (is_stop(c) && !inside) end_sentence();
  }
  void character(std::uint32_t c, bool before_letter) {
    ++shape.characters;
    if (c >= 0x80) ++shape.foreign;
    const CharKind kind = kind_of(c);
    if (kind == CharKind::digit) {
      ++shape.digits;
      if (!in_number && word_letters == 0) {
        ++shape.numbers;
        in_number = true;
      }
    } else if (kind == CharKind::letter) {
      letter(c);
    } else if (kind == CharKind::sign) {
      end_word();
      sign(c);
    } else {
      space_or_mark(c, kind, before_letter);
    }
    if (kind != CharKind::space) previous = c;
  }
  void finish() {
    end_word();
    end_sentence();
    shape.ends_in_question = is_question(previous);
    const auto most = std::max_element(scripts.begin(), scripts.end());
    if (*most > 0) shape.script = static_cast<Script>(most - scripts.begin());
  }
};

// Most of any text is small ASCII letters; they are counted in runs.
std::size_t small_letters(std::string_view text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= 'a' && text[n] <= 'z') ++n;
  return n;
}

// What the bytes of a line are, in five counters of twelve bits: one word is added per byte, and nothing compared.
constexpr std::size_t kLineLimit = 400;  // more of a line has the same make
static_assert(kLineLimit < 1U << 12);
enum Counter : unsigned { kLetterBytes = 0, kDigitBytes = 12, kSymbolBytes = 24, kSpaceBytes = 36, kTightBytes = 48 };
constexpr std::size_t read(std::uint64_t counts, Counter counter) { return counts >> counter & 0xfff; }

constexpr std::array<std::uint64_t, 256> kByteCounts = [] {
  std::array<std::uint64_t, 256> counts{};
  for (std::uint32_t c = 0; c < counts.size(); ++c) {
    const auto one = [&](Counter counter) { counts[c] += std::uint64_t{1} << counter; };
    const bool plain = c == '.' || c == '\'' || c == '?' || c == '!' || c == '-' || c == ',';
    if (((c | 32) >= 'a' && (c | 32) <= 'z') || c >= 0x80)
      one(kLetterBytes);
    else if (c >= '0' && c <= '9')
      one(kDigitBytes);
    else if (c == ' ')
      one(kSpaceBytes);
    else if (!plain)
      one(kSymbolBytes);
    // Commas and semicolons part cells only where no space follows; count_bytes() looks.
    if (c == '|' || c == '\t' || c == ',' || c == ';') one(kTightBytes);
  }
  return counts;
}();

std::uint64_t count_bytes(std::string_view bytes) {
  std::uint64_t counts = 0;
  for (const char c : bytes) counts += kByteCounts[static_cast<unsigned char>(c)];
  return counts;
}

std::size_t loose_delimiters(std::string_view line) {
  std::size_t loose = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((line[i] == ',' || line[i] == ';') && (i + 1 == line.size() || line[i + 1] == ' ')) ++loose;
  }
  return loose;
}

// What kind of line it is, from its share of marks and digits.
void judge_line(std::string_view line, Shape& shape) {
  std::size_t begin = 0;
  while (begin < line.size() && (line[begin] == ' ' || line[begin] == '\t')) ++begin;
  while (line.size() > begin && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
  if (begin == line.size()) return;
  ++shape.lines.all;
  line.remove_prefix(begin);
  const std::string_view head = line.substr(0, 30);
  const std::uint64_t head_counts = count_bytes(head), counts = head_counts + count_bytes(line.substr(head.size()));
  const std::size_t letters = read(counts, kLetterBytes), digits = read(counts, kDigitBytes),
                    symbols = read(counts, kSymbolBytes), visible = letters + digits + symbols + 1;
  const auto is_table = [&] {
    std::size_t tight = read(counts, kTightBytes);
    if (tight < 2 || tight * 14 < visible) return false;
    tight -= loose_delimiters(line);
    return tight >= 2 && tight * 14 >= visible;
  };
  const char first = line.front(), last = line.back();
  const bool item = (first == '-' || first == '*' || first == '#') ||
                    (first >= '0' && first <= '9' && line.size() > 1 && (line[1] == '.' || line[1] == ')'));
  if (item) ++shape.lines.items;
  if (is_table())
    ++shape.lines.table;
  else if (read(head_counts, kDigitBytes) >= 8 && digits * 5 >= visible)
    ++shape.lines.log;
  else if (symbols * 9 >= visible || last == '{' || last == ';' || last == '}' ||
           (begin >= 4 && symbols * 16 >= visible))
    ++shape.lines.code;
  else if (read(counts, kSpaceBytes) >= 2 || letters * 10 >= visible * 8)
    ++shape.lines.prose;
}

void judge_lines(std::string_view text, Shape& shape) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t stop = text.find('\n', at);
    if (stop == std::string_view::npos) stop = text.size();
    judge_line(text.substr(at, std::min(stop - at, kLineLimit)), shape);
    at = stop + 1;
  }
}

}  // namespace

Shape shape_of(std::string_view text) {
  Pass pass;
  pass.shape.bytes = static_cast<std::uint32_t>(text.size());
  for (std::size_t at = 0; at < text.size();) {
    if (const std::size_t plain = small_letters(text.substr(at)); plain > 0) {
      pass.small_letters(static_cast<std::uint32_t>(plain));
      at += plain;
      if (at == text.size()) break;
    }
    if (static_cast<unsigned char>(text[at]) <= ' ') {
      pass.blank();
      ++at;
      continue;
    }
    const std::uint32_t c = next_character(text, at);
    const bool before_letter = at < text.size() && kind_of(static_cast<unsigned char>(text[at])) == CharKind::letter;
    pass.character(c, before_letter);
  }
  pass.finish();
  judge_lines(text, pass.shape);
  return pass.shape;
}

}  // namespace basin::geometry
