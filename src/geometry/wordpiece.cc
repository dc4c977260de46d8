// The rules: control characters go; letters are lower-cased and lose their accents (NFD without marks); white space and
// punctuation part words, and each punctuation character and each ideograph is a word of its own; a word becomes the
// longest pieces that the vocabulary has, from left to right, or [UNK] when it has none for some part, or when the word
// has more than a hundred characters. Differences to the reference: case knows no context (a final sigma is a sigma),
// and letters outside the basic plane keep their case.
//
// Spellings are found by hash. The hashes of all beginnings of a word come out of one pass over it, so the search for
// the longest piece compares bytes only where something is likely to be there.
#include "geometry/wordpiece.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "base/utf8.h"

namespace basin::geometry {
namespace {

enum class K : std::uint8_t { letter, space, punctuation, ideograph, dropped };
struct KindRun {
  std::uint32_t first;
  K kind;
};
struct LetterRun {
  std::uint32_t first, last, stride;
  std::int32_t delta;
};
struct LetterPair {
  std::uint32_t from, first, second;
};
#include "geometry/plain_letters.inc"

constexpr std::uint32_t kSeed = 0x811c9dc5;
constexpr std::uint32_t hashed(std::uint32_t hash, std::string_view bytes) {
  for (const char byte : bytes) hash = (hash ^ static_cast<unsigned char>(byte)) * 0x01000193u;
  return hash;
}
// FNV's low bits are its best; the high ones are folded in for a table that is larger than it has words.
constexpr std::uint32_t slot_of(std::uint32_t hash) { return hash ^ hash >> 15; }

constexpr std::string_view kGoesOn = "##";
constexpr std::size_t kWordCharacters = 100;

K kind_of(std::uint32_t c) {
  if (c < 0x80) {
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') return K::space;
    if (c < ' ' || c == 0x7f) return K::dropped;
    const std::uint32_t lower = c | 32;
    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') ? K::letter : K::punctuation;
  }
  const auto* after = std::upper_bound(std::begin(kKindRuns), std::end(kKindRuns), c,
                                       [](std::uint32_t at, const KindRun& run) { return at < run.first; });
  return after[-1].kind;
}

// The letter in lower case and without accents: one to three characters.
struct Plain {
  std::array<std::uint32_t, 3> letters;
  std::size_t count;
};
Plain plain(std::uint32_t c) {
  if (c < 0x80) return {{c >= 'A' && c <= 'Z' ? c + 32 : c}, 1};
  if (c >= 0xAC00 && c <= 0xD7A3) {  // Hangul syllables, by the Unicode standard's arithmetic
    const std::uint32_t s = c - 0xAC00;
    return {{0x1100 + s / 588, 0x1161 + s % 588 / 28, 0x11A7 + s % 28}, s % 28 == 0 ? 2u : 3u};
  }
  const auto* run = std::lower_bound(std::begin(kLetterRuns), std::end(kLetterRuns), c,
                                     [](const LetterRun& each, std::uint32_t at) { return each.last < at; });
  if (run != std::end(kLetterRuns) && run->first <= c && (c - run->first) % run->stride == 0)
    return {{c + static_cast<std::uint32_t>(run->delta)}, 1};
  const auto* pair = std::lower_bound(std::begin(kLetterPairs), std::end(kLetterPairs), c,
                                      [](const LetterPair& each, std::uint32_t at) { return each.from < at; });
  if (pair != std::end(kLetterPairs) && pair->from == c) return {{pair->first, pair->second}, 2};
  return {{c}, 1};
}

// The character at the front and its length; 0xFFFD, which is dropped, for a byte that is none.
std::uint32_t character(std::string_view text, std::size_t& length) {
  length = base::utf8_length(text);
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  if (length == 1) return byte(0);
  if (length == 0) {
    length = 1;
    return 0xFFFD;
  }
  std::uint32_t c = byte(0) & (0x7fu >> length);
  for (std::size_t i = 1; i < length; ++i) c = c << 6 | (byte(i) & 0x3fu);
  return c;
}

// A place at or before `at` where a word begins whatever stood before it.
std::size_t word_begin(std::string_view text, std::size_t at) {
  for (; at > 0; --at) {
    const auto before = static_cast<unsigned char>(text[at - 1]);
    if (before < 0x80 && (kind_of(before) == K::space || kind_of(before) == K::punctuation)) return at;
  }
  return 0;
}

}  // namespace

// Cuts one text, appending to ids.
class Cutter {
 public:
  Cutter(const Wordpieces& words, std::vector<std::uint32_t>& ids) : words_(words), ids_(ids) {}

  // Stops behind the word with which there are `enough` ids.
  void cut(std::string_view text, std::size_t enough) {
    while (!text.empty() && ids_.size() < enough) {
      std::size_t length;
      const std::uint32_t c = character(text, length);
      text.remove_prefix(length);
      take(c);
    }
    end_word();
  }

 private:
  void take(std::uint32_t c) {
    switch (kind_of(c)) {
      case K::dropped: return;
      case K::space: return end_word();
      case K::ideograph: return stand_alone(c);
      default: break;
    }
    const Plain letters = plain(c);
    for (std::size_t i = 0; i < letters.count; ++i) {
      if (kind_of(letters.letters[i]) == K::punctuation)
        stand_alone(letters.letters[i]);
      else
        put(letters.letters[i]);
    }
  }

  void stand_alone(std::uint32_t c) {
    end_word();
    put(c);
    end_word();
  }

  void put(std::uint32_t c) {
    if (++characters_ > kWordCharacters) return;
    const auto add = [this](std::uint32_t byte) { word_[size_++] = static_cast<char>(byte); };
    if (c < 0x80) {
      add(c);
    } else if (c < 0x800) {
      add(0xC0 | c >> 6);
      add(0x80 | (c & 0x3f));
    } else {
      if (c < 0x10000) {
        add(0xE0 | c >> 12);
      } else {
        add(0xF0 | c >> 18);
        add(0x80 | (c >> 12 & 0x3f));
      }
      add(0x80 | (c >> 6 & 0x3f));
      add(0x80 | (c & 0x3f));
    }
  }

  void end_word() {
    if (characters_ == 0) return;
    const std::size_t before = ids_.size();
    if (characters_ > kWordCharacters || !add_pieces()) {
      ids_.resize(before);
      ids_.push_back(words_.unknown_);
    }
    characters_ = size_ = 0;
  }

  bool add_pieces() {
    for (std::size_t at = 0; at < size_;) {
      const std::string_view prefix = at == 0 ? std::string_view() : kGoesOn;
      const std::string_view rest(word_.data() + at, std::min<std::size_t>(size_ - at, words_.longest_));
      hashes_[0] = hashed(kSeed, prefix);
      for (std::size_t i = 0; i < rest.size(); ++i) hashes_[i + 1] = hashed(hashes_[i], rest.substr(i, 1));
      std::size_t length = rest.size();
      std::uint32_t id = Wordpieces::kNone;
      for (; length > 0 && id == Wordpieces::kNone; --length) {
        const std::size_t end = at + length;
        if (end < size_ && (static_cast<unsigned char>(word_[end]) & 0xC0) == 0x80) continue;  // inside a character
        id = words_.find(prefix, rest.substr(0, length), hashes_[length]);
      }
      if (id == Wordpieces::kNone) return false;
      at += length + 1;
      ids_.push_back(id);
    }
    return true;
  }

  const Wordpieces& words_;
  std::vector<std::uint32_t>& ids_;
  std::array<char, 4 * kWordCharacters> word_;
  std::array<std::uint32_t, 4 * kWordCharacters + 1> hashes_;
  std::size_t size_ = 0, characters_ = 0;
};

std::string_view Wordpieces::spelling(std::uint32_t id) const {
  const std::uint32_t begin = id > 0 ? encoder_->word_ends[id - 1] : 0;
  return {encoder_->spellings + begin, encoder_->word_ends[id] - begin};
}

std::uint32_t Wordpieces::find(std::string_view prefix, std::string_view rest, std::uint32_t hash) const {
  for (std::size_t at = slot_of(hash);; ++at) {
    const std::uint32_t slot = slots_[at & (slots_.size() - 1)];
    if (slot == 0) return kNone;
    const std::string_view word = spelling(slot - 1);
    if (word.size() == prefix.size() + rest.size() && word.starts_with(prefix) && word.ends_with(rest)) return slot - 1;
  }
}

std::uint32_t Wordpieces::find(std::string_view word) const { return find({}, word, hashed(kSeed, word)); }

base::Result<Wordpieces> Wordpieces::over(const EncoderView& encoder) {
  const auto bad = [](std::string what) { return base::fail(base::Code::invalid, "encoder: " + std::move(what)); };
  Wordpieces words;
  words.encoder_ = &encoder;
  std::size_t size = 64;
  while (size < 2 * std::size_t{encoder.sizes.words}) size *= 2;
  words.slots_.resize(size);
  for (std::uint32_t id = 0; id < encoder.sizes.words; ++id) {
    const std::string_view word = words.spelling(id);
    if (words.find(word) != kNone) return bad("the word " + std::string(word) + " stands twice");
    words.longest_ = std::max(words.longest_, static_cast<std::uint32_t>(word.size()));
    std::size_t at = slot_of(hashed(kSeed, word));
    while (words.slots_[at & (size - 1)] != 0) ++at;
    words.slots_[at & (size - 1)] = id + 1;
  }
  words.begin_ = words.find("[CLS]");
  words.end_ = words.find("[SEP]");
  words.unknown_ = words.find("[UNK]");
  if (words.begin_ == kNone || words.end_ == kNone || words.unknown_ == kNone)
    return bad("[CLS], [SEP] or [UNK] is not among the words");
  return words;
}

void Wordpieces::read(std::string_view text, std::uint32_t limit, Pieces& pieces) const {
  auto& ids = pieces.ids;
  ids.clear();
  ids.push_back(begin_);
  Cutter(*this, ids).cut(text, limit);
  if (ids.size() >= limit) {  // no room for [SEP]
    const std::size_t wanted = limit / 4 - 1;
    ids.resize(limit - limit / 4);
    auto& tail = pieces.tail;
    std::size_t from = text.size();
    for (std::size_t span = 256; from > 0; span *= 4) {
      from = word_begin(text, text.size() - std::min(span, text.size()));
      tail.clear();
      Cutter(*this, tail).cut(text.substr(from), text.size() + 1);
      if (tail.size() >= wanted) break;
    }
    ids.insert(ids.end(), tail.end() - static_cast<std::ptrdiff_t>(std::min(wanted, tail.size())), tail.end());
  }
  ids.push_back(end_);
}

}  // namespace basin::geometry
