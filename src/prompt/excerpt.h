// A text of the request, decoded as far as it must be. Pasted logs of megabytes have what is asked at one of their
// ends: of a long text the ends are decoded, and of what lies between only a sample and its length.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/request.h"

namespace basin::prompt {

// Longer raw texts are excerpted: their first and last kEnd bytes stand for the whole. That is more than the splitter
// looks at line by line (kSplitWindow), so its findings are those on the whole text.
inline constexpr std::size_t kWholeLimit = std::size_t{128} << 10U;
inline constexpr std::size_t kEnd = std::size_t{48} << 10U;
inline constexpr std::size_t kMiddleSample = std::size_t{8} << 10U;

struct Excerpt {
  std::string text;         // decoded: all of it, or the head followed by the tail
  std::size_t joint = 0;    // where in text the tail begins; text.size() when nothing was left out
  std::size_t skipped = 0;  // decoded bytes left out at the joint
  std::string middle;       // a sample of what was left out

  // Position in the whole decoded text of a position in `text`.
  std::size_t whole_position(std::size_t at) const { return at >= joint && skipped > 0 ? at + skipped : at; }
};

// A text with a bad escape is decoded up to it.
Excerpt decode(core::Text raw);

}  // namespace basin::prompt
