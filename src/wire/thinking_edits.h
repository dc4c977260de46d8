// A request on its way to another model than the one that did its thinking: what has to go so that the new one takes
// it.
//
// Blocks of thinking are cut out whole and never changed; everything else of the body keeps its bytes, cache_control
// included. What else a vendor's rules then ask for goes with them:
// - Anthropic refuses a message without content: one that held nothing but such thinking goes whole. (Roles may
// repeat.)
// - Anthropic wants the turn of an open tool exchange to begin with thinking where `thinking` is {"type":"enabled"}.
//   Where the thinking that it began with is gone, thinking is turned off for this one request, and with it what edits
//   thinking on the server (context_management: "`clear_thinking_20251015` strategy requires `thinking` to be
//   enabled"). Adaptive thinking has neither rule.
// - OpenAI ties an item to the reasoning before it by the item's id ("'function_call' was provided without its required
//   'reasoning' item"): the items that followed lose their id, which no rule needs. Their call_id stays.
#pragma once

#include <span>
#include <vector>

#include "base/json.h"
#include "core/decision.h"
#include "core/request.h"
#include "wire/thinking.h"

namespace basin::wire {

// Edits named "foreign_thinking" and "thinking_off", in ascending order, for splice(). Costs a walk over the messages.
// REQUIRES: root is the root of the request's body; foreign are blocks that find_thinking() gave of it, in its order,
// none of Kind::compaction: without that, the conversation would be gone, and its model must be kept.
std::vector<core::Edit> thinking_edits(const core::Request& request, base::json::Value root,
                                       std::span<const ThinkingBlock> foreign);

}  // namespace basin::wire
