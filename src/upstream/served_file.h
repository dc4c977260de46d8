// What a server on this machine does not say of a model, its files do: llama.cpp tells no layers, vLLM no shape at all,
// but both tell where the weights lie.
#pragma once

#include "upstream/served_model.h"

namespace basin::upstream {

// Fills in what is missing from the head of the model's files, where its server named them and they can be read; what
// the server said stays. No weights are read. Blocks for some milliseconds; without a readable file nothing changes.
void add_from_files(ServedModel& model);

}  // namespace basin::upstream
