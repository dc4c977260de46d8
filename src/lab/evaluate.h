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

// Some of the prompts, and how well they are told apart.
struct Group {
  std::size_t n = 0;
  Interval auc;
};

// How many decisions change when prompts are written a little differently.
struct Flips {
  std::size_t n = 0, flipped = 0;  // versions of prompts
  double share() const { return n > 0 ? static_cast<double>(flipped) / static_cast<double>(n) : 0; }
};

// The prompts whose P(small ok) lies in one tenth: what was promised on average, and what was so.
struct ReliabilityBand {
  std::size_t n = 0;
  double promised = 0, small = 0;
};

// The two errors at one threshold, each as a share of the prompts that it can befall.
struct ErrorPoint {
  double threshold = 0, large_sent_small = 0, small_sent_large = 0;
};

// What evaluate() finds; shares and areas are between 0 and 1.
struct Report {
  std::size_t n = 0, large = 0;
  Interval auc;
  std::optional<double> second_stage;  // share of the prompts that it was asked about; nothing without an encoder
  double accuracy = 0;
  double large_sent_small = 0;             // share of the large ones
  double small_sent_large = 0;             // share of the small ones
  std::size_t pairs = 0, pairs_right = 0;  // minimal pairs whose large member scores higher
  double ece = 0;
  std::vector<ReliabilityBand> reliability;  // in order, without empty ones
  std::vector<ErrorPoint> errors;            // from threshold 0 to 1 in steps of .02
  std::map<std::string, Group> by;           // per family (or source)
  std::map<std::string, Group> by_language;  // per "lang", where rows have one
  std::map<std::string, Flips> flips;        // per disturbance (lab/disturb.h)
  std::map<std::string, double> baselines;   // AUC of length, words of the ask, random
};

// REQUIRES: every example has `large`. threshold is on P(small ok).
Report evaluate(const std::vector<Example>& examples, const geometry::Model& model, double threshold = 0.5);
// The same with difficulties computed elsewhere, one per example.
Report evaluate(const std::vector<Example>& examples, const std::vector<double>& difficulties, double threshold = 0.5);

// {"schema":"basin.eval/1",...}
std::string to_json(const Report& report);

}  // namespace basin::lab
