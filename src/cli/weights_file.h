// Which weights a command measures with.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "geometry/model.h"

namespace basin::cli {

// The embedded weights, or a file's. Errors: those of read_whole and geometry::Model::load.
base::Result<std::shared_ptr<const geometry::Model>> open_model(const std::string& weights_file);

}  // namespace basin::cli
