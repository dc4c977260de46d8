// Rows of text set in columns, for people.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace basin::cli {

// The first row is the heading. Columns are as wide as their widest cell (counted in code points); the last is ragged.
std::string columns(const std::vector<std::vector<std::string>>& rows, const Terminal& terminal);

}  // namespace basin::cli
