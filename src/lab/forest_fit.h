// Grows the forests that predict, within one kind of task, which prompt's answer is newer or deeper. See forest_fit.cc.
#pragma once

#include <cstddef>
#include <vector>

#include "geometry/forest.h"

namespace basin::lab {

// What was measured of one prompt.
struct ForestRow {
  const geometry::WholeMeasures* measures = nullptr;
  std::size_t set = 0;  // the kind of task it belongs to: sets are compared with nothing but themselves
  double target = 0;
};

// How a forest is grown; the defaults are those of dI.
struct ForestOptions {
  std::size_t trees = 200;
  std::size_t depth = 3;        // at most geometry::kTreeDepth
  double rate = 0.1;            // of what a tree found, so much is believed
  double prior = 20;            // rows that every leaf has seen at 0
  double weight_of_sets = 0.5;  // 0: each row weighs the same; 1: each set does
};

// Deterministic, single-threaded; time is linear in rows * measures * trees. No rows give an empty forest.
// REQUIRES: measures are not null, targets are finite, options.trees <= geometry::kTreeLimit.
geometry::Forest grow(const std::vector<ForestRow>& rows, const ForestOptions& options);

}  // namespace basin::lab
