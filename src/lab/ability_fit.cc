// One logistic regression over (prompt, model) pairs, with pooling.
//
// Its columns are those of upstream/ability.h, and beside them one for each generation, each model and each group of
// prompts (a set's task). Every coefficient has a normal prior; the columns of generations and models are held to 0 by
// a prior of half a logit, so that they move only as far as outcomes pull them: a model without outcomes is where its
// geometry, its year and its generation put it. Groups differ by how answers were graded and by what the measures miss;
// their columns take that up, so that the slopes are learned from prompts of one group beside each other, and a prompt
// from elsewhere is read without them.
//
// What a prompt asks may only make it harder: the slopes of dI, D, load and the difficulty are never of the wrong sign.
// Newton's method (Gauss-Newton for the survival shape, which is no logistic regression), halving a step that makes
// things worse.
#include "lab/ability_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "geometry/arithmetic.h"

namespace basin::lab {
namespace {

using namespace upstream;  // the columns' names
using geometry::exp_of;
using geometry::log2_of;
using geometry::logistic;

// Each group counts as this many prompts. Models fail on the same prompts, so that thirty scores of one prompt tell
// less than thirty prompts: a quarter of their number is closer to it.
constexpr double kGroupPrompts = 200;
constexpr double kIndependent = 0.25;
// Of a large group so many prompts are used; more change nothing and take time.
constexpr std::size_t kGroupLimit = 400;
constexpr int kRounds = 30;  // of Newton; it takes about six

constexpr double precision_of(double spread) { return 1 / (spread * spread); }

// Columns of the survival shape that speak of the drift per step instead of the answer as a whole; kSteps itself is the
// drift's constant there.
constexpr bool of_drift(std::size_t column) {
  return column == kDepth || column == kSteps || column == kLoad || column == kDepthLoad || column == kDepthSteps;
}

struct Term {
  std::uint32_t column;
  double value;
};

// Where the parts of the coefficients begin.
struct Layout {
  std::size_t generations, models, groups, all;
  explicit Layout(const AbilityData& data)
      : generations(kAbilityColumns),
        models(generations + data.generations.size()),
        groups(models + data.models.size()),
        all(groups + data.groups.size()) {}
};

// What one (prompt, model) pair adds up to.
struct Pair {
  std::array<Term, kAbilityColumns + 3> terms{};
  std::size_t n = 0;
  double steps = 1;  // D, of the survival shape

  void add(std::size_t column, double value) {
    if (value != 0) terms[n++] = {static_cast<std::uint32_t>(column), value};
  }
};

Pair pair_of(const Sighted& prompt, const Place& place, const Layout& layout, DepthShape shape, bool with_group) {
  AbilityRow row = ability_row(place.traits, prompt.sight);
  if (shape == DepthShape::survival) row[kSteps] = 1;
  Pair pair;
  pair.steps = std::clamp(exp_of(prompt.sight.steps) - 1, 0.5, 24.0);
  for (std::size_t c = 0; c < kAbilityColumns; ++c) pair.add(c, row[c]);
  pair.add(layout.generations + place.generation, 1);
  pair.add(layout.models + place.model, 1);
  if (with_group) pair.add(layout.groups + prompt.group, 1);
  return pair;
}

// P and how it changes with the two sums.
struct Chance {
  double p, by_answer, by_drift;
};

Chance chance_of(const Pair& pair, const std::vector<double>& coefficients, DepthShape shape) {
  double answer = 0, drift = 0;
  for (std::size_t i = 0; i < pair.n; ++i) {
    const Term& term = pair.terms[i];
    const bool to_drift = shape == DepthShape::survival && of_drift(term.column);
    (to_drift ? drift : answer) += coefficients[term.column] * term.value;
  }
  const double whole = logistic(answer);
  if (shape == DepthShape::logit) return {whole, whole * (1 - whole), 0};
  const double kept = std::max(logistic(drift), 1e-9);
  const double p = whole * exp_of(pair.steps * -0.6931471805599453 * log2_of(1 / kept));
  return {p, p * (1 - whole), p * pair.steps * (1 - kept)};
}

// Solves a x = b for a symmetric positive definite a (row-major, its lower half), in place: b becomes x.
void solve(std::vector<double>& a, std::vector<double>& b) {
  const std::size_t n = b.size();
  for (std::size_t j = 0; j < n; ++j) {
    for (std::size_t k = 0; k < j; ++k) a[j * n + j] -= a[j * n + k] * a[j * n + k];
    a[j * n + j] = std::sqrt(a[j * n + j]);
    for (std::size_t i = j + 1; i < n; ++i) {
      for (std::size_t k = 0; k < j; ++k) a[i * n + j] -= a[i * n + k] * a[j * n + k];
      a[i * n + j] /= a[j * n + j];
    }
  }
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t k = 0; k < i; ++k) b[i] -= a[i * n + k] * b[k];
    b[i] /= a[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    for (std::size_t k = i + 1; k < n; ++k) b[i] -= a[k * n + i] * b[k];
    b[i] /= a[i * n + i];
  }
}

template <class Index>
std::uint32_t index_in(std::vector<std::string>& names, Index& index, std::string_view name) {
  const auto [at, is_new] = index.emplace(std::string(name), static_cast<std::uint32_t>(names.size()));
  if (is_new) names.emplace_back(name);
  return at->second;
}

}  // namespace

AbilityData sight_all(const Outcomes& outcomes, const std::function<Sight(const std::string&)>& sight) {
  AbilityData data;
  std::map<std::string, std::uint32_t> groups, generations, models;
  for (const std::string& name : outcomes.models) {
    const KnownModel* known = known_model(name);
    if (!known) {
      data.places.emplace_back();
      continue;
    }
    data.places.push_back(Place{known, traits_of(*known), index_in(data.generations, generations, known->generation),
                                index_in(data.models, models, known->pattern)});
  }
  for (const OutcomeRow& row : outcomes.rows)
    data.prompts.push_back({&row, sight(row.prompt), index_in(data.groups, groups, row.group)});
  return data;
}

class AbilityFitter {
 public:
  AbilityFitter(AbilityFit& fit, const std::function<bool(const Sighted&)>& use)
      : fit_(fit), data_(fit.data_), layout_(data_), pinned_(layout_.all, false), prior_(layout_.all, 0) {
    choose(use);
    set_precisions();
  }

  void run() {
    fit_.coefficients_ = prior_;
    if (fit_.shape_ == DepthShape::survival) fit_.coefficients_[kSteps] = 3;  // a drift of 5 % to begin with
    do descend();
    while (pin_wrong_slopes());
  }

 private:
  void choose(const std::function<bool(const Sighted&)>& use) {
    std::vector<std::size_t> taken(data_.groups.size(), 0);
    for (const Sighted& prompt : data_.prompts) {
      if (!use(prompt) || taken[prompt.group] >= kGroupLimit) continue;
      ++taken[prompt.group];
      chosen_.push_back(&prompt);
    }
    for (const std::size_t n : taken)
      weights_.push_back(kIndependent *
                         std::min(1.0, kGroupPrompts / static_cast<double>(std::max<std::size_t>(n, 1))));
  }

  void set_precisions() {
    precisions_.assign(layout_.all, precision_of(0.5));  // generations and models
    for (std::size_t c = 0; c < kAbilityColumns; ++c) precisions_[c] = precision_of(2);
    for (const std::size_t c : {kBreadthInfo, kDepthSteps, kDepthLoad}) precisions_[c] = precision_of(0.3);
    for (std::size_t c = layout_.groups; c < layout_.all; ++c) precisions_[c] = precision_of(1);
    if (fit_.shape_ == DepthShape::survival) prior_[kSteps] = 3;
  }

  // Holds slopes that came out with the wrong sign at 0; whether there were any. What a model's geometry takes off a
  // slope goes with the slope: it could only turn it round.
  bool pin_wrong_slopes() {
    constexpr std::array<std::array<std::size_t, 2>, 4> kSlopes = {
        {{kInfo, kBreadthInfo}, {kSteps, kDepthSteps}, {kLoad, kDepthLoad}, {kHard, kHard}}};
    bool any = false;
    const auto pin = [&](std::size_t column) {
      any = any || !pinned_[column];
      pinned_[column] = true;
      fit_.coefficients_[column] = 0;
    };
    for (const auto& [slope, taken_off] : kSlopes) {
      const bool is_constant = fit_.shape_ == DepthShape::survival && slope == kSteps;
      if (!is_constant && (pinned_[slope] || fit_.coefficients_[slope] < 0)) {
        pin(slope);
        pin(taken_off);
      } else if (fit_.coefficients_[taken_off] < 0) {
        pin(taken_off);
      }
    }
    return any;
  }

  template <class Each>
  void each_pair(Each&& each) const {
    for (const Sighted* prompt : chosen_) {
      for (const Score& score : prompt->row->scores) {
        const auto& place = data_.places[score.model];
        if (!place) continue;
        each(pair_of(*prompt, *place, layout_, fit_.shape_, true), score.value, weights_[prompt->group]);
      }
    }
  }

  double loss_of(const std::vector<double>& coefficients) const {
    double loss = 0;
    for (std::size_t c = 0; c < layout_.all; ++c)
      loss += 0.5 * precisions_[c] * (coefficients[c] - prior_[c]) * (coefficients[c] - prior_[c]);
    each_pair([&](const Pair& pair, double score, double weight) {
      const double p = std::clamp(chance_of(pair, coefficients, fit_.shape_).p, 1e-9, 1 - 1e-9);
      loss += weight * 0.6931471805599453 * (score * log2_of(1 / p) + (1 - score) * log2_of(1 / (1 - p)));
    });
    return loss;
  }

  // The Gauss-Newton step from here.
  std::vector<double> step() const {
    const std::size_t n = layout_.all;
    std::vector<double> curvature(n * n, 0), slope(n, 0);
    for (std::size_t c = 0; c < n; ++c) {
      curvature[c * n + c] = precisions_[c];
      slope[c] = -precisions_[c] * (fit_.coefficients_[c] - prior_[c]);
    }
    each_pair([&](const Pair& pair, double score, double weight) {
      const Chance chance = chance_of(pair, fit_.coefficients_, fit_.shape_);
      const double p = std::clamp(chance.p, 1e-6, 1 - 1e-6), information = weight / (p * (1 - p));
      std::array<double, kAbilityColumns + 3> by{};
      for (std::size_t i = 0; i < pair.n; ++i) {
        const bool to_drift = fit_.shape_ == DepthShape::survival && of_drift(pair.terms[i].column);
        by[i] = pair.terms[i].value * (to_drift ? chance.by_drift : chance.by_answer);
        if (pinned_[pair.terms[i].column]) by[i] = 0;
      }
      for (std::size_t i = 0; i < pair.n; ++i) {
        slope[pair.terms[i].column] += information * (score - p) * by[i];
        // Terms come in rising order of columns: the lower half.
        for (std::size_t j = 0; j <= i; ++j)
          curvature[pair.terms[i].column * n + pair.terms[j].column] += information * by[i] * by[j];
      }
    });
    solve(curvature, slope);
    return slope;
  }

  void descend() {
    double loss = loss_of(fit_.coefficients_);
    for (int i = 0; i < kRounds; ++i) {
      const std::vector<double> direction = step();
      double before = loss;
      for (double length = 1; length > 1e-3; length /= 2) {
        std::vector<double> next = fit_.coefficients_;
        for (std::size_t c = 0; c < next.size(); ++c) next[c] += pinned_[c] ? 0 : length * direction[c];
        const double its = loss_of(next);
        if (its >= loss) continue;
        fit_.coefficients_ = std::move(next);
        loss = its;
        break;
      }
      if (before - loss < 1e-4) break;
    }
  }

  AbilityFit& fit_;
  const AbilityData& data_;
  Layout layout_;
  std::vector<const Sighted*> chosen_;
  std::vector<double> weights_;  // by group
  std::vector<bool> pinned_;     // slopes that would have the wrong sign
  std::vector<double> precisions_, prior_;
};

AbilityFit::AbilityFit(const AbilityData& data, DepthShape shape, const std::function<bool(const Sighted&)>& use)
    : data_(data), shape_(shape) {
  AbilityFitter(*this, use).run();
}

double AbilityFit::chance(const Sighted& prompt, std::uint32_t model, bool known_group) const {
  const Layout layout(data_);
  return chance_of(pair_of(prompt, *data_.places[model], layout, shape_, known_group), coefficients_, shape_).p;
}

std::string AbilityFit::to_source() const {
  const Layout layout(data_);
  std::string out =
      "// Written by `basin train --outcomes`; see training/README.md. Not edited by hand.\n// clang-format off\n";
  out += "constexpr std::array<double, kAbilityColumns> kAbility = {{\n";
  for (std::size_t c = 0; c < kAbilityColumns; ++c) out += fmt::format("    {:.4f},\n", coefficients_[c]);
  out += fmt::format("}}}};\nconstexpr std::array<Effect, {}> kEffects = {{{{\n", layout.groups - layout.generations);
  for (std::size_t c = layout.generations; c < layout.groups; ++c) {
    const bool is_model = c >= layout.models;
    const std::string& name = is_model ? data_.models[c - layout.models] : data_.generations[c - layout.generations];
    out += fmt::format("    {{\"{}\", {:.4f}}},\n", name, coefficients_[c]);
  }
  return out + "}};\n// clang-format on\n";
}

}  // namespace basin::lab
