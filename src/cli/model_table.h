// Models shown: for people as a table that fits their window, for programs as JSON.
#pragma once

#include <string>
#include <vector>

#include "cli/model_rows.h"
#include "cli/terminal.h"

namespace basin::cli {

// A table of so many columns at most (0: as many as it takes): what matters least is left out first, and why a model is
// thought able stands on a line of its own where it does not fit beside the rest.
std::string model_table(const std::vector<ModelRow>& rows, std::size_t width, const Terminal& terminal);

// The numbers of the ABILITY column explained, in one sentence.
std::string ability_legend();

// {"schema":"basin.models/1",...}, everything that is known.
std::string models_json(const std::vector<ModelRow>& rows);

// Why a model is thought as able as it is, or why nobody knows.
std::string ability_why(const ModelRow& row);

}  // namespace basin::cli
