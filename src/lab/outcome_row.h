// What became of a request, as a row of JSONL tells it.
#pragma once

#include <optional>

#include "base/json.h"
#include "base/result.h"

namespace basin::lab {

// How much worse the small model's answer was than the large one's, 0..1:
//   {"ok": false}                               1; true is 0
//   {"scores": {"small": .4, "large": .9}}      what the large one is ahead, 0 when it is behind
//   {"tier": "large"}                           1, by somebody's judgement; "small" is 0
// Nothing when the row has none of these. Errors: Code::invalid, saying which value is not one of these.
base::Result<std::optional<double>> loss_of(base::json::Value row);

}  // namespace basin::lab
