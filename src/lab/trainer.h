// From examples to a model. See trainer.cc for the method.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "geometry/model.h"
#include "lab/example.h"
#include "lab/forest_fit.h"

namespace basin::lab {

struct TrainOptions {
  std::uint64_t seed = 1;
  int epochs = 16;
  double rate = 0.015;            // AdaGrad's
  double template_weight = 0.08;  // of a row rendered from a template, beside 1 of a realistic one
  double measured_weight = 12;    // the same, for what was measured of it: dI and D
  double decay = 2e-4;            // L2, per touch
  double rest_decay = 3e-4;       // the rest is there to correct, not to decide
  // Each set of templates has an offset of its own for dI and for D, which the model does not get: what a set counts as
  // a step, and how its answers are written, is of the set. These hold the offsets back.
  double info_offset_decay = 0.5;
  double depth_offset_decay = 0.01;
  ForestOptions info_forest = {.trees = 200, .depth = 3};
  // Fewer sets count steps: less can be learned that holds for others.
  ForestOptions depth_forest = {.trees = 60, .depth = 2, .weight_of_sets = 1};
  int folds = 5;  // for calibration
};

// An example with its rows, extracted once, its ask mended by the builtin words.
struct Prepared {
  const Example* example = nullptr;
  std::array<std::vector<std::uint32_t>, geometry::kGroups> groups;
  std::vector<geometry::WeightedRow> measures;
  geometry::WholeMeasures whole{};
};
std::vector<Prepared> prepare(const std::vector<Example>& examples);

// What a model that had not seen the example said of it; its difficulty is calibrated.
struct HeldOutRow {
  const Example* example = nullptr;
  core::Difficulty first;
};

// A first stage, and the rows that it was calibrated on.
struct Trained {
  geometry::ModelParts parts;
  std::vector<HeldOutRow> held_out;
};

// Trains on all rows that have a target, calibrates on held-out folds. Deterministic by seed, single-threaded.
// log gets a line now and then.
Trained train(const std::vector<Prepared>& rows, const TrainOptions& options,
              const std::function<void(const std::string&)>& log);

// The 90 % intervals of the share of small prompts, in at most `count` bands of (difficulty, large).
std::vector<geometry::Band> make_bands(std::vector<std::pair<double, bool>> held_out, std::size_t count);

// Without calibration, on the rows that are not held out: what leave-one-source-out evaluation needs.
geometry::ModelParts fit(const std::vector<const Prepared*>& rows, const TrainOptions& options);

// A model in memory from its parts, with the builtin words. REQUIRES: parts come from train() or fit().
std::shared_ptr<const geometry::Model> build(const geometry::ModelParts& parts);

}  // namespace basin::lab
