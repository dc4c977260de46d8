// Why an answer ended, in each dialect's word for it. One table, read both ways.
#pragma once

#include <string_view>

#include "core/dialect.h"
#include "core/event.h"

namespace basin::wire {

// Anthropic's stop_reason or chat's finish_reason. A word that nobody knows is an end like any other: end_turn.
// REQUIRES: not the Responses dialect, whose answers are not read.
core::StopReason stop_reason_of(core::Dialect dialect, std::string_view word);

// A server's word for an answer that it could not finish; such an end is a failure, not a stop.
bool tells_failure(std::string_view finish_reason);

// Anthropic's stop_reason; chat's finish_reason; of a Responses answer the reason why it is incomplete, empty where it
// is complete.
std::string_view stop_word(core::Dialect dialect, core::StopReason reason);

}  // namespace basin::wire
