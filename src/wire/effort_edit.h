// A tier's effort, said in a request's own dialect, where the client says nothing of it:
//
//   effort       Anthropic                              chat               Responses
//   none         thinking {"type":"disabled"}           reasoning_effort   reasoning.effort
//   minimal      output_config.effort "low", its least  reasoning_effort   reasoning.effort
//   low ... max  output_config.effort                   reasoning_effort   reasoning.effort
//   N tokens     thinking {"type":"enabled", N}         -                  -
//
// A word is passed on as it is configured; a model that does not know it says so.
#pragma once

#include <optional>

#include "base/json.h"
#include "core/decision.h"
#include "core/effort.h"
#include "core/request.h"

namespace basin::wire {

// The edit named "effort", or nothing: where no effort is given; where the client sets the field itself, or `thinking`
// for the two efforts that would be said there; where the dialect has no such field; for anything but a conversation.
//
// Turning thinking on has further conditions, or the API would refuse what it takes as it came: max_tokens above N, no
// temperature, top_p or top_k, no forced tool, no prefilled answer, no tool exchange that began without thinking.
//
// A new member is added behind the last of its object: bytes before it stay, and caches are about content, not place.
// REQUIRES: root is the root of the request's body.
std::optional<core::Edit> effort_edit(const core::Request& request, base::json::Value root, const core::Effort& effort);

}  // namespace basin::wire
