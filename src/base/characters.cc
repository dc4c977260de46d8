#include "base/characters.h"

namespace basin::base {

std::uint32_t next_wide_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(at);
  const std::size_t more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
  if (more == 0 || at + more >= text.size() || first > 0xf4) {
    ++at;
    return first;
  }
  std::uint32_t c = first & (0x3fu >> more);
  for (std::size_t i = 1; i <= more; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) {
      ++at;
      return first;
    }
    c = c << 6 | (byte(at + i) & 0x3fu);
  }
  at += more + 1;
  return c;
}

std::uint32_t fold_wide(std::uint32_t c) {
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;
  if (c == 0x130) return 'i';
  if ((c >= 0x100 && c <= 0x137) || (c >= 0x14A && c <= 0x177) || (c >= 0x1EA0 && c <= 0x1EFF)) return c | 1;
  if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E)) return (c & 1) ? c + 1 : c;
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x531 && c <= 0x556) return c + 48;
  if (c >= 0xFF21 && c <= 0xFF3A) return c - 0xFF21 + 'a';
  return c;
}

CharKind kind_of_wide(std::uint32_t c) {
  if (c == 0xA0 || (c >= 0x2000 && c <= 0x200F) || c == 0x3000 || c == 0x2028 || c == 0xFEFF) return CharKind::space;
  if (c < 0xC0) return c == 0xAA || c == 0xB5 || c == 0xBA ? CharKind::letter : CharKind::mark;
  if (c == 0xD7 || c == 0xF7) return CharKind::mark;
  if (c < 0xE00)
    return c == 0x60C || c == 0x61B || c == 0x61F || c == 0x964 || c == 0x37E ? CharKind::mark : CharKind::letter;
  if (c < 0x1100) return CharKind::sign;                 // Thai, Lao, Tibetan, Burmese
  if (c >= 0x1780 && c < 0x1800) return CharKind::sign;  // Khmer
  if (c < 0x2010) return CharKind::letter;
  if (c < 0x2E80) return CharKind::mark;  // punctuation, arrows, mathematics, boxes
  if (c < 0x3005) return CharKind::mark;  // 。、
  if (c < 0x3040) return CharKind::mark;
  if (c < 0xAC00) return CharKind::sign;    // kana, Han
  if (c < 0xD7B0) return CharKind::letter;  // Hangul
  if (c >= 0xFF00 && c < 0xFF10) return CharKind::mark;
  if (c >= 0xFF10 && c <= 0xFF19) return CharKind::digit;
  if (c >= 0xFF1A && c < 0xFF21) return CharKind::mark;
  if (c >= 0x1F000 && c < 0x20000) return CharKind::mark;  // emoji
  return c >= 0x20000 ? CharKind::sign : CharKind::letter;
}

}  // namespace basin::base
