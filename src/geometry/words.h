// What the hashed features ask of characters beside base/characters.h.
#pragma once

#include <cstdint>

#include "base/characters.h"

namespace basin::geometry {

using base::CharKind;
using base::fold;
using base::kAsciiKinds;
using base::kind_of;
using base::kind_of_wide;
using base::next_character;

// What a text is written in, by the majority of its letters.
enum class Script : std::uint8_t { none, latin, cyrillic, greek, arabic, hebrew, indic, han, kana, hangul, other };
inline constexpr std::size_t kScripts = 11;
Script script_of(std::uint32_t c);

inline std::uint32_t mix(std::uint32_t hash, std::uint32_t value) {
  hash = (hash ^ value) * 0x9E3779B1u;
  return hash ^ (hash >> 15);
}

}  // namespace basin::geometry
