// The curves of an outcome report as a picture.
#pragma once

#include <string>

#include "lab/outcome_report.h"

namespace basin::lab {

// An SVG document of its own: quality against the share sent to the strong model, one curve for each policy.
std::string to_svg(const OutcomeReport& report);

}  // namespace basin::lab
