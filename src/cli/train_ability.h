// `basin train --outcomes`: ability from the outcomes of many models.
#pragma once

#include <string>

#include "cli/command.h"
#include "geometry/model.h"
#include "lab/dataset.h"
#include "lab/trainer.h"

namespace basin::cli {

// Fits ability to the outcome files of a folder and writes upstream/ability_fit.inc.
Exit fit_ability(const std::string& folder, const geometry::Model& model, const std::string& out, Context& context);

// Writes nothing: prints how well calibrated the fit is, within the sets and on those held out, and what it is worth as
// a router on sets that neither it nor the measure has seen. Trains the measure anew where a source has relatives among
// the task sets.
Exit report_ability(const std::string& folder, const lab::DataPaths& paths, const lab::TrainOptions& train,
                    const geometry::Model& model, Context& context);

}  // namespace basin::cli
