// The model that Basin ships with.
#pragma once

#include <memory>

#include "geometry/model.h"

namespace basin::geometry {

// A fresh handle on the embedded weights; takes a fraction of a millisecond and no memory to speak of. Make one at
// start and share it. Never null: a program whose own weights are damaged stops.
std::shared_ptr<const Model> builtin_model();

}  // namespace basin::geometry
