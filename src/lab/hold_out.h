// The honest test of a training set: each source scored by a model that has seen none of it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "lab/evaluate.h"
#include "lab/trainer.h"

namespace basin::lab {

// Fewer labelled rows than this say nothing about a source.
inline constexpr std::size_t kLeastRows = 40;

// Calls done(source, report) for every source with enough labelled rows, in the order of their names. Takes one
// training for each.
void leave_one_source_out(const std::vector<Prepared>& rows, const TrainOptions& options,
                          const std::function<void(const std::string&, const Report&)>& done);

}  // namespace basin::lab
