// A report on labelled rows as a picture.
#pragma once

#include <string>

#include "lab/evaluate.h"

namespace basin::lab {

// An SVG document of its own. On the left how far P(small ok) can be believed: the share of prompts that were small,
// against the mean of what was promised, in ten bands whose dots grow with their number. On the right the two errors
// over the threshold.
std::string to_svg(const Report& report);

}  // namespace basin::lab
