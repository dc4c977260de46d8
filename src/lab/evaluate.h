// How well a model's difficulty agrees with labels, beside what one line of code would have scored.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "geometry/model.h"
#include "lab/example.h"
#include "lab/metrics.h"

namespace basin::lab {

struct Report {
  std::size_t n = 0, large = 0;
  Interval auc;
  std::optional<double> second_stage;  // share of the prompts that it was asked about; nothing without an encoder
  double accuracy = 0;
  double large_sent_small = 0;             // share of the large ones
  double small_sent_large = 0;             // share of the small ones
  std::size_t pairs = 0, pairs_right = 0;  // minimal pairs whose large member scores higher
  double ece = 0;
  std::map<std::string, double> by;  // AUC per family (or source)
  std::map<std::string, std::size_t> by_n;
  std::map<std::string, double> flips;      // share of decisions that change with case, spaces, typos (lab/disturb.h)
  std::map<std::string, double> baselines;  // AUC of length, words of the ask, random
};

// REQUIRES: every example has `large`. threshold is on P(small ok).
Report evaluate(const std::vector<Example>& examples, const geometry::Model& model, double threshold = 0.5);
// The same with difficulties computed elsewhere, one per example.
Report evaluate(const std::vector<Example>& examples, const std::vector<double>& difficulties, double threshold = 0.5);

// {"schema":"basin.eval/1",...}
std::string to_json(const Report& report);

}  // namespace basin::lab
