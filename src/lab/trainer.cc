// The method.
//
// One table, eighteen scores per row, one pass of AdaGrad per epoch over shuffled examples; each example pulls only at
// the scores it has a target for:
//   topology             softmax cross-entropy
//   new share            cross-entropy of the logit with the measured or labelled share
//   new tokens, steps    squared error on their logarithms
//   tier                 cross-entropy of d with P(small), where d = a * logit(dI) + b * ln(1 + D) + rest + bias
// The last one is where the essay's equation is learned: the tier's gradient flows through dI and D (a, b >= 0, learned
// too) and, held back by a stronger decay, into the rest. So template rows, which know nothing of tiers, teach what is
// new and what is deep, and realistic rows teach how much either matters.
//
// Before the table, two small forests are grown for dI and D on what was measured (forest_fit.cc). They order the
// prompts of one kind; the table, which knows kinds by their words, is fitted on top of them.
//
// Calibration: the realistic rows are dealt into folds, whole pairs and sources' chunks together; each fold is scored
// by a model that has not seen it; a line through those scores (two parameters) makes them log-odds, and their bands
// give the intervals. Only prompts of our own take part: arenas were selected for being hard.
#include "lab/trainer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "geometry/builtin.h"
#include "geometry/measure.h"
#include "lab/metrics.h"

namespace basin::lab {
namespace {

using geometry::kColumns;
using geometry::kDepthColumn;
using geometry::kInfoColumn;
using geometry::kRestColumn;
using geometry::kTokensColumn;
using Scores = std::array<double, kColumns>;

double logistic(double x) { return 1 / (1 + std::exp(-x)); }

class Fitter {
 public:
  Fitter(const TrainOptions& options, geometry::Forests forests)
      : options_(options),
        forests_(std::move(forests)),
        table_(std::size_t{geometry::kRows} * kColumns),
        squares_(table_.size(), 1e-3f) {
    bias_.fill(0);
    bias_[kDepthColumn] = 1.3;
    bias_[kTokensColumn] = 5;
    decay_.fill(static_cast<float>(options.decay));
    decay_[kRestColumn] = static_cast<float>(options.rest_decay);
  }

  void run(std::vector<const Prepared*> rows) {
    Random random(options_.seed);
    for (int epoch = 0; epoch < options_.epochs; ++epoch) {
      random.shuffle(rows);
      rate_ = static_cast<float>(options_.rate * (1 - 0.9 * epoch / options_.epochs));
      for (const Prepared* row : rows) step(*row);
    }
  }

  geometry::ModelParts parts() const {
    geometry::ModelParts parts;
    std::array<float, kColumns> largest{};
    for (std::size_t i = 0; i < table_.size(); ++i)
      largest[i % kColumns] = std::max(largest[i % kColumns], std::fabs(table_[i]));
    for (std::size_t c = 0; c < kColumns; ++c) {
      parts.scale[c] = std::max(largest[c], 1e-6f) / 127;
      parts.bias[c] = static_cast<float>(bias_[c]);
    }
    parts.rows.resize(geometry::kRows);
    for (std::size_t i = 0; i < table_.size(); ++i)
      parts.rows[i / kColumns][i % kColumns] =
          static_cast<std::int8_t>(std::lround(table_[i] / parts.scale[i % kColumns]));
    parts.head = {static_cast<float>(slope_[0]), static_cast<float>(slope_[1]), static_cast<float>(offset_)};
    parts.bands = {{std::numeric_limits<float>::infinity(), 0, 1, 0}};
    parts.forests = forests_;
    return parts;
  }

 private:
  static float norm_of(std::size_t n) { return 1 / std::sqrt(static_cast<float>(n + 2)); }

  Scores scores(const Prepared& row) const {
    Scores total = bias_;
    total[kInfoColumn] += static_cast<double>(forests_.info.score(row.whole));
    total[kDepthColumn] += static_cast<double>(forests_.depth.score(row.whole));
    const auto add = [&](std::uint32_t index, float weight) {
      const float* w = &table_[std::size_t{index} * kColumns];
      for (std::size_t c = 0; c < kColumns; ++c) total[c] += static_cast<double>(weight * w[c]);
    };
    for (const auto& group : row.groups) {
      const float norm = norm_of(group.size());
      for (const std::uint32_t index : group) add(index, norm);
    }
    for (const geometry::WeightedRow& measure : row.measures) add(measure.row, measure.weight);
    return total;
  }

  // dLoss/dscore for every target the example has.
  Scores gradients(const Example& e, const Scores& s) {
    Scores g{};
    const double weight = e.realistic ? 1 : options_.template_weight;
    const double measured = e.realistic ? 1 : options_.measured_weight;
    if (e.topology) {
      double sum = 0;
      const double top = *std::max_element(s.begin(), s.begin() + core::kTopologies);
      for (std::size_t i = 0; i < core::kTopologies; ++i) sum += g[i] = std::exp(s[i] - top);
      for (std::size_t i = 0; i < core::kTopologies; ++i)
        g[i] = weight * 0.5 * (g[i] / sum - (i == static_cast<std::size_t>(*e.topology) ? 1 : 0));
    }
    if (e.new_share) g[kInfoColumn] += measured * (logistic(s[kInfoColumn]) - *e.new_share);
    if (e.new_tokens) g[kTokensColumn] += weight * 0.1 * (s[kTokensColumn] - std::log2(1 + *e.new_tokens));
    if (e.steps) g[kDepthColumn] += measured * 0.5 * (s[kDepthColumn] - std::log1p(*e.steps));
    if (e.large) add_tier(e, s, weight, g);
    return g;
  }

  void add_tier(const Example& e, const Scores& s, double weight, Scores& g) {
    const double d = slope_[0] * s[kInfoColumn] + slope_[1] * s[kDepthColumn] + s[kRestColumn] + offset_;
    const double error = weight * (logistic(d) - (1 - e.p_small));
    g[kInfoColumn] += error * slope_[0];
    g[kDepthColumn] += error * slope_[1];
    g[kRestColumn] += error;
    const double rate = 0.02 * rate_;
    slope_[0] = std::max(0.05, slope_[0] - rate * error * s[kInfoColumn]);
    slope_[1] = std::max(0.05, slope_[1] - rate * error * s[kDepthColumn]);
    offset_ -= rate * error;
  }

  void step(const Prepared& row) {
    Scores s = scores(row);
    Offset* offset = row.example->realistic ? nullptr : &offsets_[row.example->source];
    if (offset) {
      s[kInfoColumn] += offset->info;
      s[kDepthColumn] += offset->depth;
    }
    const Scores g = gradients(*row.example, s);
    if (offset) {
      const double rate = kOffsetRate * rate_ / options_.rate;
      offset->info -= rate * (g[kInfoColumn] + options_.info_offset_decay * offset->info);
      offset->depth -= rate * (g[kDepthColumn] + options_.depth_offset_decay * offset->depth);
    }
    std::array<float, kColumns> gradient;
    for (std::size_t c = 0; c < kColumns; ++c) {
      gradient[c] = static_cast<float>(g[c]);
      bias_[c] -= 0.02 * rate_ * g[c];
    }
    for (const auto& group : row.groups) {
      const float norm = norm_of(group.size());
      for (const std::uint32_t index : group) pull(index, norm, gradient);
    }
    for (const geometry::WeightedRow& measure : row.measures) pull(measure.row, measure.weight, gradient);
  }

  void pull(std::uint32_t index, float weight, const std::array<float, kColumns>& gradient) {
    float* w = &table_[std::size_t{index} * kColumns];
    float* h = &squares_[std::size_t{index} * kColumns];
    for (std::size_t c = 0; c < kColumns; ++c) {
      const float g = gradient[c] * weight;
      h[c] += g * g;
      w[c] -= rate_ * (g / std::sqrt(h[c]) + decay_[c] * w[c]);
    }
  }

  // What is of a set and not of its prompts.
  struct Offset {
    double info = 0, depth = 0;
  };
  static constexpr double kOffsetRate = 0.05;

  TrainOptions options_;
  geometry::Forests forests_;
  std::map<std::string, Offset> offsets_;
  std::vector<float> table_, squares_;
  Scores bias_{};
  std::array<float, kColumns> decay_{};
  std::array<double, 2> slope_ = {0.6, 0.8};
  double offset_ = -1;
  float rate_ = 0;
};

// A line through held-out scores: P(large) = logistic(slope * d + offset), by Newton's method on the readers' sides.
// (Their probabilities train the model; they never go past .97, and would hold every clear case under nine in ten.)
struct Line {
  double slope = 1, offset = 0;
};
Line fit_line(const std::vector<std::pair<double, bool>>& points) {
  Line line;
  for (int round = 0; round < 50; ++round) {
    double g0 = 0, g1 = 0, h00 = 1e-6, h01 = 0, h11 = 1e-6;
    for (const auto& [d, large] : points) {
      const double p = logistic(line.slope * d + line.offset), v = p * (1 - p);
      g0 += (p - (large ? 1 : 0)) * d;
      g1 += p - (large ? 1 : 0);
      h00 += v * d * d;
      h01 += v * d;
      h11 += v;
    }
    const double det = h00 * h11 - h01 * h01;
    line.slope -= (h11 * g0 - h01 * g1) / det;
    line.offset -= (h00 * g1 - h01 * g0) / det;
  }
  line.slope = std::max(line.slope, 0.05);
  return line;
}

constexpr std::size_t kTypicalRows = 500;

}  // namespace

std::vector<geometry::Band> make_bands(std::vector<std::pair<double, bool>> held_out, std::size_t count) {
  std::sort(held_out.begin(), held_out.end());
  std::vector<geometry::Band> bands;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t begin = held_out.size() * i / count, end = held_out.size() * (i + 1) / count;
    if (begin == end) continue;
    double small = 0;
    for (std::size_t j = begin; j < end; ++j) small += held_out[j].second ? 0 : 1;
    const Interval interval = wilson(small, static_cast<double>(end - begin));
    const bool last = end == held_out.size();
    const float up_to = last ? std::numeric_limits<float>::infinity() : static_cast<float>(held_out[end].first);
    if (!bands.empty() && !(up_to > bands.back().up_to)) continue;
    bands.push_back({up_to, static_cast<float>(interval.low), static_cast<float>(interval.high),
                     static_cast<std::uint32_t>(end - begin)});
  }
  if (bands.empty()) bands.push_back({std::numeric_limits<float>::infinity(), 0, 1, 0});
  return bands;
}

namespace {

constexpr std::size_t kBands = 12;

// Which held-out prompts stand for what people send all day. Arenas were selected for being hard, and close to the line
// at that; a probability fitted to them calls nothing easy. Without enough rows of our own, all of them.
std::vector<HeldOutRow> typical(std::vector<HeldOutRow> held_out) {
  const auto is_own = [](const HeldOutRow& row) { return row.example->source == "own"; };
  const auto own = std::stable_partition(held_out.begin(), held_out.end(), is_own) - held_out.begin();
  if (static_cast<std::size_t>(own) >= kTypicalRows) held_out.erase(held_out.begin() + own, held_out.end());
  return held_out;
}

void scale_head(geometry::ModelParts& parts, const Line& line) {
  const auto slope = static_cast<float>(line.slope);
  parts.head.info_slope *= slope;
  parts.head.depth_slope *= slope;
  parts.head.bias = parts.head.bias * slope + static_cast<float>(line.offset);
  parts.scale[kRestColumn] *= slope;
  parts.bias[kRestColumn] *= slope;
}

}  // namespace

std::vector<Prepared> prepare(const std::vector<Example>& examples) {
  std::vector<Prepared> rows;
  rows.reserve(examples.size());
  geometry::Scratch scratch;
  const auto spelling = geometry::builtin_spelling();
  for (const Example& example : examples) {
    geometry::extract(example.prompt, scratch, spelling.get());
    rows.push_back({&example, scratch.groups, scratch.measures, scratch.whole});
  }
  return rows;
}

namespace {

// The forests come first and are not touched again: the table learns what is left, and the tier through both.
geometry::Forests grow_forests(const std::vector<const Prepared*>& rows, const TrainOptions& options) {
  std::map<std::string, std::size_t> sets;
  std::vector<ForestRow> info, depth;
  for (const Prepared* row : rows) {
    const Example& e = *row->example;
    if (e.realistic || !(e.measured_share || e.counted_steps)) continue;
    const std::size_t set = sets.try_emplace(e.source, sets.size()).first->second;
    if (e.measured_share) info.push_back({&row->whole, set, std::log(*e.measured_share / (1 - *e.measured_share))});
    if (e.counted_steps) depth.push_back({&row->whole, set, std::log1p(std::clamp(*e.counted_steps, 1.0, 24.0))});
  }
  return {grow(info, options.info_forest), grow(depth, options.depth_forest)};
}

}  // namespace

geometry::ModelParts fit(const std::vector<const Prepared*>& rows, const TrainOptions& options) {
  Fitter fitter(options, grow_forests(rows, options));
  fitter.run(rows);
  return fitter.parts();
}

std::shared_ptr<const geometry::Model> build(const geometry::ModelParts& parts) {
  return std::move(geometry::load_model(geometry::encode(parts))).value();
}

Trained train(const std::vector<Prepared>& rows, const TrainOptions& options,
              const std::function<void(const std::string&)>& log) {
  // Folds of realistic rows; what stands over one material, and a pair, is always in one fold.
  std::map<std::string, std::size_t> fold_of;
  Random random(options.seed + 17);
  const auto key = [](const Example& e) {
    return !e.group.empty() ? "group:" + e.group : !e.pair.empty() ? "pair:" + e.pair : "id:" + e.id;
  };
  for (const Prepared& row : rows) {
    if (row.example->large)
      fold_of.try_emplace(key(*row.example), random.below(static_cast<std::size_t>(options.folds)));
  }
  std::vector<HeldOutRow> held_out;
  std::vector<Scored> scored;
  for (std::size_t fold = 0; fold < static_cast<std::size_t>(options.folds); ++fold) {
    std::vector<const Prepared*> seen;
    for (const Prepared& row : rows) {
      if (!row.example->large || fold_of.at(key(*row.example)) != fold) seen.push_back(&row);
    }
    const auto model = build(fit(seen, options));
    geometry::Scratch scratch;
    for (const Prepared& row : rows) {
      if (!row.example->large || fold_of.at(key(*row.example)) != fold) continue;
      held_out.push_back({row.example, geometry::measure(row.example->prompt, *model, scratch)});
      scored.push_back({held_out.back().first.difficulty, *row.example->large});
    }
  }
  log("held-out folds: n " + std::to_string(scored.size()) + ", AUC " + std::to_string(auc(scored)));
  held_out = typical(std::move(held_out));
  std::vector<std::pair<double, bool>> points;
  for (const HeldOutRow& row : held_out) points.emplace_back(row.first.difficulty, *row.example->large);
  const Line line = fit_line(points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    double& d = held_out[i].first.difficulty;
    points[i].first = d = line.slope * d + line.offset;
    held_out[i].first.p_small_ok = logistic(-d);
  }

  std::vector<const Prepared*> all;
  for (const Prepared& row : rows) all.push_back(&row);
  geometry::ModelParts parts = fit(all, options);
  scale_head(parts, line);
  parts.bands = make_bands(std::move(points), kBands);
  return {std::move(parts), std::move(held_out)};
}

}  // namespace basin::lab
