// What a model can do, from its geometry and from how its like fared. See ability.cc.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "core/difficulty.h"
#include "core/model_shape.h"
#include "upstream/known_models.h"

namespace basin::upstream {

// What of a model its ability is told from. Breadth and depth are logarithms, 0 at the reference (4096 wide, 32 layers,
// 8 billion parameters), 1 a factor of e in each of their two parts.
struct Traits {
  double breadth = 0;  // mean of ln(d_model / 4096) and ln(parameters / 8e9): what it knows
  double depth = 0;    // mean of ln(layers / 32) and ln(active parameters / 8e9): how many steps it holds
  double year = 0;     // when its generation came out, from mid 2024
  bool frontier = false, compact = false;  // sold without its geometry
};

// From what is publicly known of it.
Traits traits_of(const KnownModel& model);
// Where the number of parameters is all that is known: the width and the layers that dense models of that size have.
// REQUIRES: billions > 0.
Traits traits_of(double billions);
// From what a server or a file says of it; what it does not say is told from the number of parameters. Numbers that no
// model has count as the nearest one has. REQUIRES: shape.parameters > 0.
Traits traits_of(const core::ModelShape& shape);

// A prompt as ability sees it.
struct Sight {
  double info = 0;   // logit of dI, -8..8
  double steps = 0;  // ln(1 + D), 0..6
  double load = 0;   // geometry/load.h
  double hard = 0;   // the difficulty, -4..4: it knows of subjects what the others do not
  double code = 0, recall = 0, making = 0, other = 0;  // shares of topologies; what is left is reasoning
};
Sight sight_of(const core::Difficulty& difficulty, double load);

// The columns of the fit: what is said of a model, of a prompt, and of the two together.
enum AbilityColumn : std::size_t {
  kOne,
  kBreadth,
  kDepth,
  kYear,
  kFrontier,
  kCompact,
  kInfo,
  kSteps,
  kLoad,
  kHard,
  kCode,
  kRecall,
  kMaking,
  kOther,
  kBreadthInfo,
  kDepthSteps,
  kDepthLoad,
  kAbilityColumns
};
using AbilityRow = std::array<double, kAbilityColumns>;

// logit P(ok) is the product of this row with the fitted coefficients, plus what the model's generation and the model
// itself were seen to be better or worse.
AbilityRow ability_row(const Traits& traits, const Sight& sight);

// P(ok) by the shipped fit. The model is looked up by its name; failing that its size in billions is used; a model of
// which neither is known is taken for the reference small one (8 billion parameters, mid 2024).
double chance_of(std::string_view name, std::optional<double> billions, const Sight& sight);

// How many times better this model's odds of a fine answer are than the reference small one's, for this prompt: within
// e^-kMostShift..e^kMostShift, which bounds what a name can do to a decision. Nothing where nothing is known of the
// model.
inline constexpr double kMostShift = 1.5;
std::optional<double> odds_over_reference(std::string_view name, std::optional<double> billions,
                                          const core::Difficulty& difficulty);

// The same two of a model whose shape is known more or less: by its name, failing that by the name its maker gave it,
// then by its geometry, then by the size that its name tells.
double chance_of(std::string_view name, const core::ModelShape& shape, const Sight& sight);
std::optional<double> odds_over_reference(std::string_view name, const core::ModelShape& shape,
                                          const core::Difficulty& difficulty);

// For people to compare models by: the chance of a fine answer to a prompt on which the reference small model's is
// even. Nothing where nothing is known of the model.
std::optional<double> even_chance(std::string_view name, const core::ModelShape& shape);
// The same of a vendor's best model of the reference's year.
double even_chance_of_frontier();

// What an ability was told from.
enum class AbilityFrom : std::uint8_t { nothing, size, geometry, name };
AbilityFrom ability_from(std::string_view name, const core::ModelShape& shape);

}  // namespace basin::upstream
