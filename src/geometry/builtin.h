// The model that Basin ships with.
#pragma once

#include <memory>

#include "geometry/model.h"

namespace basin::geometry {

// A fresh handle on the embedded weights; takes a fraction of a millisecond and no memory to speak of. Make one at
// start and share it. Never null: a program whose own weights are damaged stops.
std::shared_ptr<const Model> builtin_model();

// The encoder that Basin ships with; null in a program that was built without one (weights/encoder.basin). The builtin
// model holds it already where it was fitted to it.
std::shared_ptr<const Encoder> builtin_encoder();

// The known words that Basin ships with; null in a program that was built without them (weights/spelling.basin). The
// builtin model holds them.
std::shared_ptr<const Spelling> builtin_spelling();

// Model::load() of other weights, with the builtin words. Errors: those of Model::load().
base::Result<std::shared_ptr<const Model>> load_model(std::string bytes);

}  // namespace basin::geometry
