// A text cut into words, with case folded: what the hashed features are made of.
#pragma once

#include <cstdint>
#include <string_view>

namespace basin::geometry {

// Decodes one character at text[at] and moves at; a byte that is not UTF-8 stands for itself. REQUIRES: at < size.
std::uint32_t next_character(std::string_view text, std::size_t& at);

// Lower case for the scripts that have it (Latin, Greek, Cyrillic, Armenian); others as they are.
std::uint32_t fold(std::uint32_t c);

enum class CharKind : std::uint8_t {
  space,
  letter,  // of a script that parts its words by spaces
  sign,    // of a script that does not (Han, kana, Thai, Khmer, ...): each sign is a word
  digit,
  mark,  // everything else
};
CharKind kind_of(std::uint32_t c);

// What a text is written in, by the majority of its letters.
enum class Script : std::uint8_t { none, latin, cyrillic, greek, arabic, hebrew, indic, han, kana, hangul, other };
inline constexpr std::size_t kScripts = 11;
Script script_of(std::uint32_t c);

inline std::uint32_t mix(std::uint32_t hash, std::uint32_t value) {
  hash = (hash ^ value) * 0x9E3779B1u;
  return hash ^ (hash >> 15);
}

}  // namespace basin::geometry
