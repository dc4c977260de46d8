// What the tests of ability share.
#pragma once

#include <string>

#include "lab/ability_fit.h"

namespace basin::lab::testing {

// Made-up outcomes as the fit sees them: a prompt's text is the number of its load, and says nothing else.
inline AbilityData sighted(const Outcomes& outcomes) {
  return sight_all(outcomes, [](const std::string& prompt) {
    upstream::Sight sight;
    sight.load = std::stod(prompt);
    return sight;
  });
}

}  // namespace basin::lab::testing
