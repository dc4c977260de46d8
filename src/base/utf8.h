// UTF-8, one character at a time. Whole texts are checked by whoever indexes them (base/json.h); this is for the seams:
// cutting, replacing, escaping.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace basin::base {

inline constexpr std::string_view kReplacementCharacter = "\xEF\xBF\xBD";

// Length in bytes of the well-formed character at the front of text; 0 where there is none.
std::size_t utf8_length(std::string_view text);

// Appends a character. Surrogates and values past U+10FFFF become U+FFFD.
void append_utf8(std::string& out, std::uint32_t code_point);

// The largest position <= at that does not split a character. REQUIRES: at <= text.size()
std::size_t utf8_boundary(std::string_view text, std::size_t at);

}  // namespace basin::base
