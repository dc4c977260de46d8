#include "geometry/prose_words.h"

#include "geometry/words.h"

namespace basin::geometry {
namespace {

enum Joins : std::uint8_t { kBefore = 1, kAfter = 2 };
// Marks that make a name of the word they touch, by the side on which they stand.
constexpr std::array<std::uint8_t, 128> kJoins = [] {
  std::array<std::uint8_t, 128> joins{};
  for (const char c : std::string_view("_@#$\\/=<~%&+|^`")) joins[static_cast<unsigned char>(c)] = kBefore | kAfter;
  for (const char c : std::string_view(".:")) joins[static_cast<unsigned char>(c)] = kBefore;
  for (const char c : std::string_view("([{")) joins[static_cast<unsigned char>(c)] = kAfter;
  return joins;
}();

bool joins(std::uint32_t c, Joins side) {
  return c < 0x80 ? (kJoins[c] & side) != 0 || kAsciiKinds[c] == CharKind::digit : kind_of_wide(c) == CharKind::digit;
}

}  // namespace

// A full stop or a colon is a mark of code only where the text goes on right behind it.
bool ProseWords::joined_after() const {
  if (at_ >= text_.size()) return false;
  std::size_t at = at_;
  const std::uint32_t c = next_character(text_, at);
  if (c != '.' && c != ':') return joins(c, kAfter);
  if (at >= text_.size()) return false;
  const std::uint32_t then = next_character(text_, at);
  const CharKind kind = kind_of(then);
  return kind == CharKind::letter || kind == CharKind::digit || (c == ':' && (then == ':' || then == '/'));
}

// A character that is no letter.
void ProseWords::pass(std::uint32_t c) {
  before_ = c;
  if (c == '`') quoted_ = !quoted_;
  if (c == '.' || c == '!' || c == '?' || c == ':' || c == '\n') opens_ = true;
}

bool ProseWords::take(ProseWord& word) {
  word.begin = at_;
  word.hash = word.length = 0;
  std::uint32_t capitals = 0;
  for (std::size_t at = at_; at < text_.size(); at_ = at) {
    const std::uint32_t c = next_character(text_, at);
    if (kind_of(c) != CharKind::letter) break;
    const std::uint32_t folded = fold(c);
    if (folded != c) {
      ++capitals;
      if (word.length == 0) word.capital = true;
    } else if (word.length == 0) {
      word.capital = false;
    }
    if (word.length < ProseWord::kMost) word.characters[word.length] = folded;
    ++word.length;
    word.hash = mix(word.hash, folded);
  }
  word.end = at_;
  word.opens = opens_;
  opens_ = false;
  const bool named = joins(before_, kBefore) || capitals > (word.capital ? 1u : 0u) || joined_after();
  before_ = 'a';
  return !named && !quoted_ && word.length >= ProseWord::kLeast && word.length <= ProseWord::kMost;
}

bool ProseWords::next(ProseWord& word) {
  while (at_ < text_.size()) {
    std::size_t at = at_;
    const std::uint32_t c = next_character(text_, at);
    if (kind_of(c) == CharKind::letter) {
      if (take(word)) return true;
    } else {
      pass(c);
      at_ = at;
    }
  }
  return false;
}

}  // namespace basin::geometry
