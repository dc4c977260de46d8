// `basin eval` on outcome rows: what routing by the engine is worth between models whose scores are known.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.h"
#include "geometry/model.h"

namespace basin::cli {

// What to route between, and where the picture goes.
struct OutcomeQuestion {
  std::vector<std::string> files, weak, strong;
  std::string without, svg;  // empty: nothing is left out, no picture
};

// Whether the first row of the first file is an outcome row. Errors: as lab::for_each_row.
base::Result<bool> has_outcomes(const std::vector<std::string>& files);

// Prints the report for people or as JSON.
Exit eval_outcomes(const OutcomeQuestion& question, const geometry::Model& model, Context& context);

}  // namespace basin::cli
