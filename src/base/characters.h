// Characters of any text, valid or not: decoded, folded, told apart.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace basin::base {

// The general cases of the three inline functions below; ASCII, which is most of any text, never gets here.
std::uint32_t next_wide_character(std::string_view text, std::size_t& at);
std::uint32_t fold_wide(std::uint32_t c);

// Decodes one character at text[at] and moves at; a byte that is not UTF-8 stands for itself. REQUIRES: at < size.
inline std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto first = static_cast<unsigned char>(text[at]);
  if (first >= 0x80) return next_wide_character(text, at);
  ++at;
  return first;
}

// Lower case for the scripts that have it (Latin, Greek, Cyrillic, Armenian); others as they are.
inline std::uint32_t fold(std::uint32_t c) {
  if (c >= 0x80) return fold_wide(c);
  return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

enum class CharKind : std::uint8_t {
  space,
  letter,  // of a script that parts its words by spaces
  sign,    // of a script that does not (Han, kana, Thai, Khmer, ...): each sign is a word
  digit,
  mark,  // everything else
};
CharKind kind_of_wide(std::uint32_t c);

inline constexpr std::array<CharKind, 128> kAsciiKinds = [] {
  std::array<CharKind, 128> kinds{};
  for (std::uint32_t c = 0; c < kinds.size(); ++c) {
    const bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
    kinds[c] = c <= ' '               ? CharKind::space
               : letter               ? CharKind::letter
               : c >= '0' && c <= '9' ? CharKind::digit
                                      : CharKind::mark;
  }
  return kinds;
}();
inline CharKind kind_of(std::uint32_t c) { return c < 0x80 ? kAsciiKinds[c] : kind_of_wide(c); }

}  // namespace basin::base
