// From a prompt to rows.
//
// No list of words decides anything here: words, pairs, five-letter stems and four-letter pieces are hashed, and what a
// hash means is learned. Pieces carry over to unseen forms and to typing errors; stems to inflected languages; signs of
// scripts without spaces count as words, and their pairs and triples as pieces. Beside them stand measures of shape,
// each spread over knots (so that a score may bend with a length, but smoothly) and a few crosses of two measures:
// the same forty words mean one thing over a pasted log and another over nothing.
#include "geometry/features.h"

#include <algorithm>
#include <cmath>

#include "geometry/arithmetic.h"
#include "geometry/shape.h"
#include "geometry/words.h"

namespace basin::geometry {
namespace {

enum Seed : std::uint32_t {
  kWord = 0x11,
  kStem = 0x22,
  kPair = 0x33,
  kPiece = 0x44,
  kFirst = 0x55,
  kLast = 0x66,
  kMark = 0x77,
  kMaterial = 0x88,
  kPrevious = 0x99,
  kNumber = 0xaa,
  kInline = 0xbb,
  kInlinePair = 0xcc,
  kTopLine = 0xdd,
  kBottomLine = 0xee
};

std::uint32_t row_of(Seed seed, std::uint32_t hash) {
  std::uint32_t h = mix(mix(0x85ebca6bu, seed), hash);
  h ^= h >> 13;
  h *= 0xc2b2ae35u;
  h ^= h >> 16;
  return kMeasureRows + (h & (kHashedRows - 1));
}

void put(std::vector<std::uint32_t>& rows, std::uint32_t row) {
  if (rows.size() < kGroupLimit) rows.push_back(row);
}

// ASCII letters in lower case; 0 for every other byte.
constexpr std::array<std::uint8_t, 256> kLetters = [] {
  std::array<std::uint8_t, 256> letters{};
  for (std::uint8_t c = 'a'; c <= 'z'; ++c) letters[c] = letters[c - 32u] = c;
  return letters;
}();

// The word being read.
struct Word {
  static constexpr std::uint32_t kKept = 40;  // longer words are cut

  std::uint32_t hash = 0;
  std::uint32_t length = 0;
  std::uint32_t stem = 0;  // hash of the first five characters
  bool sign = false;       // one sign of a script without spaces
  bool number = false;
  // Folded, between the borders '<' and '>' (see put_pieces); what is past kKept goes where the second border will be.
  std::array<std::uint32_t, kKept + 2> characters{'<'};

  void add(std::uint32_t c) {
    characters[1 + std::min(length, kKept)] = c;
    ++length;
    hash = mix(hash, c);
    if (length == 5) stem = hash;
  }
  // Adds the run of ASCII letters that begins at text[at], which is most of any text; gives its end.
  std::size_t add_letters(std::string_view text, std::size_t at) {
    for (; at < text.size(); ++at) {
      const std::uint32_t c = kLetters[static_cast<unsigned char>(text[at])];
      if (c == 0) break;
      add(c);
    }
    return at;
  }
  void clear() {
    hash = length = stem = 0;
    sign = number = false;
  }
};

// Calls each(word) for each word of a text, up to about `limit` of them.
template <class Each>
void each_word(std::string_view text, std::size_t limit, Each&& each) {
  Word word;
  std::size_t count = 0;
  const auto flush = [&] {
    if (word.length == 0) return;
    each(word);
    ++count;
    word.clear();
  };
  for (std::size_t at = 0; at < text.size() && count < limit;) {
    if (!word.number) {
      at = word.add_letters(text, at);
      if (at == text.size()) break;
    }
    const std::uint32_t c = next_character(text, at);
    switch (kind_of(c)) {
      case CharKind::letter:
        if (word.number) flush();
        word.add(fold(c));
        break;
      case CharKind::digit:
        // Numbers count by how many digits they have, not by their value.
        if (!word.number) flush();
        word.number = true;
        word.add(word.length < 5 ? '0' : 0);
        break;
      case CharKind::sign:
        flush();
        word.add(c);
        word.sign = true;
        flush();
        break;
      case CharKind::mark:
        if ((c == '\'' || c == 0x2019) && word.length > 0 && !word.number) break;  // don't
        flush();
        break;
      case CharKind::space: flush(); break;
    }
  }
  flush();
}

// Four-letter pieces with the word's borders ('<' and '>').
void put_pieces(Word& word, std::vector<std::uint32_t>& rows) {
  const std::size_t n = std::min(word.length, Word::kKept);
  if (n < 3 || word.number) return;
  word.characters[n + 1] = '>';
  for (std::size_t i = 0; i + 4 <= n + 2; ++i) {
    const std::uint32_t* piece = &word.characters[i];
    put(rows, row_of(kPiece, mix(mix(mix(mix(0, piece[0]), piece[1]), piece[2]), piece[3])));
  }
}

constexpr std::size_t kPlaceWords = 5;      // the opening and the end of an ask
constexpr std::size_t kEndLine = 240;       // bytes of the first and the last line
constexpr std::size_t kMaterialHead = 480;  // bytes of material whose words are looked at
constexpr std::size_t kMaterialTail = 240;
constexpr std::size_t kInlineLimit = 320;     // less than this may be half of the ask: "small bug: it saves twice"
constexpr std::size_t kMaterialShape = 8192;  // and whose shape is counted: more of it has the same shape
constexpr std::size_t kPreviousBytes = 400;
static_assert(kMaterialHead + kMaterialTail <= HashSet::kLimit);  // a word has a byte at least

void extract_ask_words(std::string_view ask, Scratch& scratch) {
  auto& words = scratch.groups[static_cast<std::size_t>(Group::words)];
  auto& pairs = scratch.groups[static_cast<std::size_t>(Group::pairs)];
  auto& pieces = scratch.groups[static_cast<std::size_t>(Group::pieces)];
  auto& place = scratch.groups[static_cast<std::size_t>(Group::place)];
  std::uint32_t before = '^', before_that = 0;
  std::size_t count = 0;
  each_word(ask, kGroupLimit, [&](Word& word) {
    put(words, row_of(word.number ? kNumber : kWord, word.hash));
    if (word.length > 5 && !word.number) put(words, row_of(kStem, word.stem));
    put(pairs, row_of(kPair, mix(before, word.hash)));
    if (word.sign)
      put(pieces, row_of(kPiece, mix(mix(before_that, before), word.hash)));
    else
      put_pieces(word, pieces);
    if (count < kPlaceWords) put(place, row_of(kFirst, word.hash));
    scratch.ask_hashes.push_back(word.hash);
    before_that = before;
    before = word.hash;
    ++count;
  });
  const std::size_t n = scratch.ask_hashes.size();
  for (std::size_t i = n > kPlaceWords ? n - kPlaceWords : 0; i < n; ++i)
    put(place, row_of(kLast, scratch.ask_hashes[i]));
}

// The first and the last line of an ask of several: where the ask could not be told from the material by its shape (a
// letter with a question under it), one of them is what is wanted.
void extract_ends(std::string_view ask, Scratch& scratch) {
  auto& ends = scratch.groups[static_cast<std::size_t>(Group::ends)];
  const std::size_t first = ask.find('\n'), last = ask.rfind('\n');
  if (first == std::string_view::npos) return;
  const auto take = [&](std::string_view line, Seed seed) {
    std::uint32_t before = '^';
    each_word(line.substr(0, kEndLine), kGroupLimit, [&](const Word& word) {
      put(ends, row_of(seed, word.hash));
      put(ends, row_of(seed, mix(before, word.hash)));
      before = word.hash;
    });
  };
  take(ask.substr(0, first), kTopLine);
  take(ask.substr(last + 1), kBottomLine);
}

// The ASCII marks, in order.
constexpr std::size_t kAsciiMarks =
    static_cast<std::size_t>(std::count(kAsciiKinds.begin(), kAsciiKinds.end(), CharKind::mark));
constexpr std::array<std::uint8_t, kAsciiMarks> kMarks = [] {
  std::array<std::uint8_t, kAsciiMarks> marks{};
  std::size_t n = 0;
  for (std::uint8_t c = 0; c < 128; ++c) {
    if (kAsciiKinds[c] == CharKind::mark) marks[n++] = c;
  }
  return marks;
}();

// Which marks occur at all in the ask.
void extract_marks(std::string_view ask, Scratch& scratch) {
  auto& marks = scratch.groups[static_cast<std::size_t>(Group::marks)];
  std::array<bool, 256> seen{};
  for (const char c : ask) seen[static_cast<unsigned char>(c)] = true;
  for (const std::uint8_t c : kMarks) {
    if (seen[c]) put(marks, row_of(kMark, c));
  }
}

void extract_other_words(const core::Prompt& prompt, Scratch& scratch) {
  const std::string_view material = prompt.material;
  // A short piece of one line is nearly part of what is said; of several lines, any one may be bait.
  const bool is_inline = prompt.material_bytes <= kInlineLimit && material.find('\n') == std::string_view::npos;
  auto& rows = scratch.groups[static_cast<std::size_t>(is_inline ? Group::inline_words : Group::material_words)];
  std::uint32_t before = '^';
  const auto take = [&](const Word& word) {
    put(rows, row_of(is_inline ? kInline : kMaterial, word.number ? 7 : word.hash));
    if (is_inline) put(rows, row_of(kInlinePair, mix(before, word.hash)));
    before = word.hash;
    scratch.material_hashes.push_back(word.hash);
  };
  each_word(material.substr(0, kMaterialHead), kGroupLimit, take);
  if (material.size() > kMaterialHead) {
    each_word(material.substr(material.size() - std::min(kMaterialTail, material.size() - kMaterialHead)), kGroupLimit,
              take);
  }
  auto& previous = scratch.groups[static_cast<std::size_t>(Group::previous_words)];
  each_word(std::string_view(prompt.previous_ask).substr(0, kPreviousBytes), kGroupLimit,
            [&](const Word& word) { put(previous, row_of(kPrevious, word.hash)); });
}

// Measures: each takes kKnots rows; a value between two knots is shared by both.
constexpr std::uint32_t kKnots = 9;
constexpr std::uint32_t kCrossRow = 600;  // crosses start here
constexpr float kMeasureWeight = 0.5f;    // beside groups of norm about one

class Measures {
 public:
  explicit Measures(std::vector<WeightedRow>& rows) : rows_(rows) {}

  // REQUIRES: called in a fixed order; position() * kKnots < kCrossRow.
  void add(double value, bool of_material = false) {
    const double v = std::clamp(value, 0.0, 7.999);
    const auto knot = static_cast<std::uint32_t>(v);
    const auto rest = static_cast<float>(v - knot);
    const std::uint32_t first = measure_++ * kKnots;
    rows_.push_back({first + knot, (1 - rest) * kMeasureWeight, of_material});
    if (rest > 0) rows_.push_back({first + knot + 1, rest * kMeasureWeight, of_material});
  }
  void count(double n, double scale, bool of_material = false) { add(log2_of(1 + n) * scale, of_material); }
  void share(double part, double whole, double scale, bool of_material = false) {
    add(whole > 0 ? part / whole * scale : 0, of_material);
  }
  void flag(bool yes) { add(yes ? 4 : 0); }
  void cross(std::uint32_t row) { rows_.push_back({kCrossRow + row, kMeasureWeight, false}); }

 private:
  std::vector<WeightedRow>& rows_;
  std::uint32_t measure_ = 0;
};

void measure_ask(const Shape& a, Measures& m) {
  m.count(a.bytes, 0.62);
  m.count(a.words, 0.85);
  m.count(a.sentences, 1.6);
  m.count(a.marks.questions, 2.2);
  m.count(a.marks.commas, 1.4);
  m.share(a.digits, a.characters, 40);
  m.count(a.numbers, 1.5);
  m.add(a.words > 0 ? static_cast<double>(a.letters) / a.words - 2 : 0);
  m.count(a.longest_sentence, 1.1);
  m.count(a.lines.all, 1.5);
  m.count(a.lines.items, 1.8);
  m.share(a.marks.all, a.characters, 40);
  m.count(a.identifiers, 1.8);
  m.count(a.marks.formula, 1.5);
  m.share(a.foreign, a.characters, 7.9);
  m.count(a.names, 1.7);
  m.share(a.long_words, a.words, 20);
  m.count(a.marks.brackets, 2);
  m.count(a.marks.quotes, 2);
  m.count(a.marks.colons, 2);
  m.count(a.shouted, 2);
  m.flag(a.ends_in_question);
  m.count(a.lines.code, 1.5);
}

void measure_material(const Shape& s, std::uint64_t bytes, Measures& m) {
  m.count(static_cast<double>(bytes), 0.4, true);
  m.count(s.lines.all, 0.9, true);
  m.share(s.lines.code, s.lines.all, 7.9, true);
  m.share(s.lines.table, s.lines.all, 7.9, true);
  m.share(s.lines.log, s.lines.all, 7.9, true);
  m.share(s.lines.prose, s.lines.all, 7.9, true);
  m.add(s.lines.all > 0 ? log2_of(1 + static_cast<double>(s.bytes) / s.lines.all) * 0.8 : 0, true);
  m.share(s.digits, s.characters, 20, true);
  m.share(s.marks.braces, s.characters, 80, true);
  m.share(s.foreign, s.characters, 7.9, true);
  m.count(s.sentences, 1.2, true);
  m.count(s.marks.questions, 2, true);
}

// What the material is, by its lines.
std::uint32_t kind_of_material(const Shape& s, std::uint64_t bytes) {
  if (bytes == 0) return 0;
  if (s.lines.all <= 1 || bytes < 120) return 1;
  if (s.lines.code * 2 >= s.lines.all) return 2;
  if (s.lines.table * 2 >= s.lines.all) return 3;
  if (s.lines.log * 2 >= s.lines.all) return 4;
  return s.lines.prose * 10 >= s.lines.all * 7 ? 5 : 6;
}

// How much of the ask's wording the material holds too.
double overlap(Scratch& scratch) {
  if (scratch.ask_hashes.empty() || scratch.material_hashes.empty()) return 0;
  scratch.material_words.clear();
  for (const std::uint32_t hash : scratch.material_hashes) scratch.material_words.insert(hash);
  const auto shared = std::count_if(scratch.ask_hashes.begin(), scratch.ask_hashes.end(),
                                    [&](std::uint32_t hash) { return scratch.material_words.contains(hash); });
  return static_cast<double>(shared) / static_cast<double>(scratch.ask_hashes.size());
}

void measure_relations(const core::Prompt& prompt, const Shape& ask, const Shape& material, double shared,
                       Measures& m) {
  m.add(prompt.material_bytes > 0
            ? 4 + 0.5 * (log2_of(1.0 + ask.bytes) - log2_of(1.0 + static_cast<double>(prompt.material_bytes)))
            : 7.9);
  m.add(shared * 7.9);
  m.count(prompt.turns > 0 ? prompt.turns - 1 : 0, 1.5);
  m.flag(!prompt.previous_ask.empty());

  const auto step = [](double n, double scale) {
    return static_cast<std::uint32_t>(std::min(log2_of(1 + n) * scale, 7.0));
  };
  const std::uint32_t length = step(ask.words, 1.0), kind = kind_of_material(material, prompt.material_bytes);
  m.cross(length * 8 + kind);
  m.cross(64 + length * 8 + step(ask.numbers, 1.5));
  m.cross(128 + length * 8 + step(ask.sentences, 1.5));
  m.cross(192 + step(static_cast<double>(prompt.material_bytes), 0.45) * 8 + kind);
  m.cross(256 + static_cast<std::uint32_t>(ask.script) * 8 + kind);
  m.cross(352 + static_cast<std::uint32_t>(ask.ends_in_question) * 8 + kind);
}

}  // namespace

Scratch::Scratch() {
  for (auto& group : groups) group.reserve(kGroupLimit);
  measures.reserve(128);
  ask_hashes.reserve(2 * kGroupLimit);
  material_hashes.reserve(1024);
}

void Scratch::clear() {
  for (auto& group : groups) group.clear();
  measures.clear();
  ask_hashes.clear();
  material_hashes.clear();
}

void extract(const core::Prompt& prompt, Scratch& scratch, const Spelling* spelling) {
  scratch.clear();
  const std::string_view ask = mend(spelling, prompt.ask, scratch.mended).substr(0, core::kAskLimit);
  const std::string_view material = std::string_view(prompt.material).substr(0, core::kMaterialSample);
  extract_ask_words(ask, scratch);
  extract_ends(ask, scratch);
  extract_marks(ask, scratch);
  extract_other_words(prompt, scratch);
  const Shape ask_shape = shape_of(ask), material_shape = shape_of(material.substr(0, kMaterialShape));
  Measures measures(scratch.measures);
  measure_ask(ask_shape, measures);
  measure_material(material_shape, prompt.material_bytes, measures);
  measure_relations(prompt, ask_shape, material_shape, overlap(scratch), measures);
  scratch.whole = measure_whole(ask, material, prompt.material_bytes);
}

}  // namespace basin::geometry
