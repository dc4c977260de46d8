// Predicted delta-information and depth beside measured ones, on sets of tasks that the model has not seen.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/trainer.h"

namespace basin::lab {

// Fewer rows than this, or all of one value, rank nothing.
inline constexpr std::size_t kLeastRanked = 30;

// One set, scored by a model that was trained without it.
struct MeasuredSet {
  std::string name;
  std::size_t info_rows = 0, depth_rows = 0;
  std::optional<double> info;   // Spearman of predicted with measured share of new information
  std::optional<double> depth;  // Spearman of predicted depth with counted steps
};

// All sets together.
struct MeasuredReport {
  std::vector<MeasuredSet> sets;
  std::size_t info_rows = 0;
  double info_pooled = 0;   // over the rows of all sets together
  double info_within = 0;   // mean over sets
  double depth_within = 0;  // mean over sets
};

// Each set is predicted by a model that has seen none of it nor of its relatives. Realistic rows always take part in
// the training: none has a measurement. done() gets each set as it is finished.
MeasuredReport hold_out_sets(const std::vector<Prepared>& rows, const TrainOptions& options,
                             const std::function<void(const MeasuredSet&)>& done);

// The same for every fifth row of all sets, by a model that has seen the other rows: prompts of kinds that are known.
inline constexpr std::size_t kRowFolds = 5;
MeasuredReport hold_out_rows(const std::vector<Prepared>& rows, const TrainOptions& options);

// {"schema":"basin.measured/1",...}
std::string to_json(const MeasuredReport& report);

}  // namespace basin::lab
