// A Draft whose keys are fine one by one -> a Config whose parts fit together, with the environment's share added.
#pragma once

#include "config/complaints.h"
#include "config/keys.h"

namespace basin::config {

// Leaves the result in draft.config; complains about everything that would fail at run time.
void complete(Draft& draft, const Environment& environment, Complaints& complaints);

}  // namespace basin::config
