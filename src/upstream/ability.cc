// P(ok | prompt, model) is a logistic in what the prompt asks and what the model has:
//
//   breadth x delta-information    wide models with many parameters hold more of what is not in the prompt
//   depth x dependency depth       deep models keep more dependent steps right
//   generation, year               the same size does more each year
//
// with the coefficients of ability_fit.inc, which `basin train --outcomes` writes from the outcomes of some hundred
// models (docs/geometry.md has figures). A model's own place is pooled: its coefficients say where models of its
// geometry and year are, its generation's effect moves all of that generation, its own effect moves it alone, each only
// as far as there are outcomes. So a new open model begins where its geometry is, and one that publishes none where its
// kind is.
#include "upstream/ability.h"

#include <algorithm>
#include <cmath>

#include "geometry/arithmetic.h"
#include "upstream/model_name.h"

namespace basin::upstream {
namespace {

struct Effect {
  std::string_view name;  // a generation, or the pattern of a model
  double logits;
};

#include "upstream/ability_fit.inc"

constexpr double kLn2 = 0.6931471805599453;
double ln_of(double x) { return x >= 1 ? kLn2 * geometry::log2_of(x) : -kLn2 * geometry::log2_of(1 / x); }

double effect_of(std::string_view name) {
  const auto at = std::find_if(kEffects.begin(), kEffects.end(), [&](const Effect& e) { return e.name == name; });
  return at == kEffects.end() ? 0 : at->logits;
}

// What is known of a model by its name or size; as it stands, the reference small one.
struct Found {
  const KnownModel* known = nullptr;
  Traits traits;
  AbilityFrom from = AbilityFrom::nothing;
};

std::optional<Found> find(std::string_view name, std::optional<double> billions) {
  if (const KnownModel* known = known_model(name)) return Found{known, traits_of(*known), AbilityFrom::name};
  if (billions && *billions > 0) return Found{nullptr, traits_of(*billions), AbilityFrom::size};
  return std::nullopt;
}

std::optional<Found> find(std::string_view name, const core::ModelShape& shape) {
  for (const std::string_view each : {name, std::string_view(shape.name)}) {
    if (const KnownModel* known = known_model(each)) return Found{known, traits_of(*known), AbilityFrom::name};
  }
  if (shape.parameters > 0) {
    const bool geometry = shape.d_model > 0 || shape.layers > 0;
    return Found{nullptr, traits_of(shape), geometry ? AbilityFrom::geometry : AbilityFrom::size};
  }
  return find({}, billions_in_name(name));
}

double logits(const Found& found, const Sight& sight) {
  const AbilityRow row = ability_row(found.traits, sight);
  double sum = found.known ? effect_of(found.known->generation) + effect_of(found.known->pattern) : 0;
  for (std::size_t i = 0; i < kAbilityColumns; ++i) sum += row[i] * kAbility[i];
  return sum;
}

std::optional<double> odds_of(const std::optional<Found>& found, const core::Difficulty& difficulty) {
  if (!found) return std::nullopt;
  // Load stays out: it asks the same of both, but for how far depth holds it.
  const Sight sight = sight_of(difficulty, 0);
  return geometry::exp_of(std::clamp(logits(*found, sight) - logits(Found{}, sight), -kMostShift, kMostShift));
}

}  // namespace

Traits traits_of(const KnownModel& model) {
  Traits traits;
  traits.year = model.released - 2024.5;
  traits.frontier = model.sold == Sold::frontier;
  traits.compact = model.sold == Sold::compact;
  if (model.sold != Sold::open) return traits;
  traits.breadth = (ln_of(model.d_model / 4096.0) + ln_of(model.billions / 8)) / 2;
  traits.depth = (ln_of(model.layers / 32.0) + ln_of(model.active_billions / 8)) / 2;
  return traits;
}

Traits traits_of(double billions) {
  // Parameters grow with layers x width^2, and the open models of the table keep the width about 100 times the layers:
  // both grow with the cube root of the parameters.
  const double size = ln_of(std::clamp(billions, 0.05, 5000.0) / 8);
  Traits traits;
  traits.breadth = traits.depth = (size / 3 + size) / 2;
  return traits;
}

Traits traits_of(const core::ModelShape& shape) {
  const auto size = [](double parameters) { return ln_of(std::clamp(parameters / 1e9, 0.05, 5000.0) / 8); };
  const double all = size(static_cast<double>(shape.parameters));
  const double active = shape.active_parameters > 0 ? size(static_cast<double>(shape.active_parameters)) : all;
  // The widest and deepest models that there are stay far inside of these bounds.
  const double width = shape.d_model > 0 ? ln_of(std::clamp<double>(shape.d_model, 64, 65'536) / 4096) : all / 3;
  const double layers = shape.layers > 0 ? ln_of(std::clamp<double>(shape.layers, 2, 512) / 32) : all / 3;
  Traits traits;
  traits.breadth = (width + all) / 2;
  traits.depth = (layers + active) / 2;
  return traits;
}

Sight sight_of(const core::Difficulty& difficulty, double load) {
  using core::Topology;
  const auto share = [&](Topology kind) { return difficulty.topology[static_cast<std::size_t>(kind)]; };
  const double info = std::clamp(difficulty.delta_info, 3.4e-4, 1 - 3.4e-4);  // logits of -8 and 8
  Sight sight;
  sight.info = ln_of(info / (1 - info));
  sight.steps = ln_of(1 + std::max(difficulty.depth, 0.0));
  sight.load = load;
  sight.hard = std::clamp(difficulty.difficulty, -4.0, 4.0);
  sight.code = share(Topology::code_local) + share(Topology::code_global);
  sight.recall = share(Topology::simple_qa) + share(Topology::qa_open);
  sight.making = share(Topology::create) + share(Topology::chat);
  sight.other = 1 - sight.code - sight.recall - sight.making - share(Topology::reason) - share(Topology::plan) -
                share(Topology::synthesize);
  return sight;
}

AbilityRow ability_row(const Traits& traits, const Sight& sight) {
  AbilityRow row{};
  row[kOne] = 1;
  row[kBreadth] = traits.breadth;
  row[kDepth] = traits.depth;
  row[kYear] = traits.year;
  row[kFrontier] = traits.frontier;
  row[kCompact] = traits.compact;
  row[kInfo] = -sight.info;
  row[kSteps] = -sight.steps;
  row[kLoad] = -sight.load;
  row[kHard] = -sight.hard;
  row[kCode] = sight.code;
  row[kRecall] = sight.recall;
  row[kMaking] = sight.making;
  row[kOther] = sight.other;
  row[kBreadthInfo] = traits.breadth * sight.info;
  row[kDepthSteps] = traits.depth * sight.steps;
  row[kDepthLoad] = traits.depth * sight.load;
  return row;
}

double chance_of(std::string_view name, std::optional<double> billions, const Sight& sight) {
  return geometry::logistic(logits(find(name, billions).value_or(Found{}), sight));
}

double chance_of(std::string_view name, const core::ModelShape& shape, const Sight& sight) {
  return geometry::logistic(logits(find(name, shape).value_or(Found{}), sight));
}

std::optional<double> even_chance(std::string_view name, const core::ModelShape& shape) {
  const std::optional<Found> found = find(name, shape);
  if (!found) return std::nullopt;
  return geometry::logistic(logits(*found, {}) - logits(Found{}, {}));
}

double even_chance_of_frontier() {
  Found frontier;
  frontier.traits.frontier = true;
  return geometry::logistic(logits(frontier, {}) - logits(Found{}, {}));
}

AbilityFrom ability_from(std::string_view name, const core::ModelShape& shape) {
  return find(name, shape).value_or(Found{}).from;
}

std::optional<double> odds_over_reference(std::string_view name, std::optional<double> billions,
                                          const core::Difficulty& difficulty) {
  return odds_of(find(name, billions), difficulty);
}

std::optional<double> odds_over_reference(std::string_view name, const core::ModelShape& shape,
                                          const core::Difficulty& difficulty) {
  return odds_of(find(name, shape), difficulty);
}

}  // namespace basin::upstream
