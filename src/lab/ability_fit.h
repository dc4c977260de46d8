// Ability from outcomes: the fit behind P(ok | prompt, model). See ability_fit.cc.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lab/outcomes.h"
#include "upstream/ability.h"

namespace basin::lab {

// How the depth term enters.
enum class DepthShape : std::uint8_t {
  logit,     // its part of the logit, beside the others
  survival,  // P = logistic(breadth) (1 - p)^D, the drift p per step a logistic in the model's depth
};

// A prompt with what was measured of it.
struct Sighted {
  const OutcomeRow* row = nullptr;
  upstream::Sight sight;
  std::uint32_t group = 0;  // index into AbilityData::groups
};

// A model of the outcomes that upstream/known_models.h knows; spellings of one model share a place.
struct Place {
  const upstream::KnownModel* known = nullptr;
  upstream::Traits traits;
  std::uint32_t generation = 0, model = 0;  // indices into the names
};

// Outcomes made ready for fitting. Refers to the outcomes.
struct AbilityData {
  std::vector<Sighted> prompts;
  std::vector<std::optional<Place>> places;  // by index of Outcomes::models
  std::vector<std::string> groups, generations, models;
};
AbilityData sight_all(const Outcomes& outcomes, const std::function<upstream::Sight(const std::string&)>& sight);

// Fitted coefficients. Immutable once made.
class AbilityFit {
 public:
  // Fits the prompts that `use` admits; deterministic. Groups weigh the same, whatever their size.
  AbilityFit(const AbilityData& data, DepthShape shape, const std::function<bool(const Sighted&)>& use);

  // P(ok). `known_group`: with what its group was seen to be easier or harder; else as a prompt from elsewhere.
  // REQUIRES: the model has a place.
  double chance(const Sighted& prompt, std::uint32_t model, bool known_group) const;

  // The text of upstream/ability_fit.inc. REQUIRES: the shape is logit.
  std::string to_source() const;

 private:
  friend class AbilityFitter;
  const AbilityData& data_;
  DepthShape shape_;
  std::vector<double> coefficients_;
};

}  // namespace basin::lab
