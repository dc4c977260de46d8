#include "geometry/words.h"

namespace basin::geometry {

Script script_of(std::uint32_t c) {
  if (c < 0x250) return Script::latin;
  if (c < 0x370) return Script::other;
  if (c < 0x400) return Script::greek;
  if (c < 0x530) return Script::cyrillic;
  if (c < 0x590) return Script::other;
  if (c < 0x600) return Script::hebrew;
  if (c < 0x780) return Script::arabic;
  if (c < 0x900) return Script::other;
  if (c < 0xE00) return Script::indic;
  if (c >= 0x1E00 && c < 0x1F00) return Script::latin;
  if (c >= 0x3040 && c < 0x3100) return Script::kana;
  if (c >= 0x3400 && c < 0xA000) return Script::han;
  if (c >= 0xAC00 && c < 0xD7B0) return Script::hangul;
  return Script::other;
}

}  // namespace basin::geometry
