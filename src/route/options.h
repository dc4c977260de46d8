// How to decide: [routing].
#pragma once

#include <cstdint>
#include <string>

#include "core/decision.h"

namespace basin::route {

struct Options {
  core::Mode mode = core::Mode::shadow;  // `on` once tiers were written, unless the file says otherwise
  // The greatest P(wrong and not caught) that may be taken for one request. At .30, of prompts that need the large
  // model and were never trained on, 5 % (the development set) to 8 % (the held-out set) go small; docs/geometry.md has
  // the curve.
  double target_risk = 0.30;
  double value_of_time_usd_per_hour = 20;
  double max_extra_wait_s = 15;
  bool fallback = true;                 // what fails before its first byte is tried again, or elsewhere
  bool client_model_is_ceiling = true;  // never serve a dearer model than the client named
};

}  // namespace basin::route
