// How well fitted ability carries over: to prompts of sets it knows, and to sets it has never seen.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "geometry/model.h"
#include "lab/ability_fit.h"
#include "lab/outcome_report.h"

namespace basin::lab {

// A source that is held out whole, with whatever resembles it.
struct HeldOut {
  std::string name;
  std::set<std::string> groups;                            // its own: a set, or a set's task ("llmrouter_mixed/gsm8k")
  std::set<std::string> relatives;                         // outcome groups that are not trained on either
  std::set<std::string> task_sets;                         // sets of topology/ that the measure is trained without
  std::vector<std::pair<std::string, std::string>> pairs;  // weak and strong models to route between
};
// The rows of training/held_out.jsonl. Errors: as for_each_row.
base::Result<std::vector<HeldOut>> read_held_out(const std::string& path);

// Ten-bin calibration errors and the mean loss in bits, of one shape of the depth term.
struct Calibration {
  double raw = 0;                   // as fitted
  double after = 0;                 // after kCalibrationRows rows of the source, on the others; mean of several draws
  double bits = 0, bits_after = 0;  // mean log loss of the same
};
inline constexpr std::size_t kCalibrationRows = 50;

// Of prompts of known sets, each fifth predicted by a fit of the rest; `after` is not filled.
Calibration calibration_within(const AbilityData& data, DepthShape shape);

// Of a source that the fit has not seen.
Calibration calibration_of(const AbilityData& data, DepthShape shape, const HeldOut& held_out);

// Routing on a source that neither the fit nor the measure has seen: by P(strong ok) - P(weak ok), by the difficulty
// alone, and by load alone. All pairs together count by the mean of their models; then each pair.
// Errors: as evaluate_outcomes.
base::Result<std::vector<OutcomeReport>> route_unseen(const Outcomes& outcomes, const AbilityData& data,
                                                      const HeldOut& held_out,
                                                      const std::function<double(const std::string&)>& difficulty);

}  // namespace basin::lab
