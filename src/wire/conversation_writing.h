// A conversation written as a request. (For this room.)
//
// Nothing is written that the client did not say, but for what the dialect requires; there are no nulls, the order of
// the fields is fixed, and the client's own JSON stands in it byte for byte.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "core/conversation.h"
#include "wire/translate_request.h"

namespace basin::wire {

// The request's body. `scratch` is used to look into the client's JSON. The conversation is used up: its
// `dropped` grows by what contradicts itself on the other side (a temperature while thinking).
// REQUIRES: the turns are arranged (conversation_turns.h), and the target takes all that the conversation holds
std::string write_anthropic_request(core::Conversation& conversation, const Target& target,
                                    base::json::Document& scratch);
std::string write_chat_request(const core::Conversation& conversation, const Target& target);

// How much the answer may hold: what the client said, at most what the model can; empty where nobody says.
std::optional<std::uint64_t> output_tokens(const core::Conversation& conversation, const Target& target);

// A call's id as the dialect takes it: the same id always becomes the same, and two never become one.
std::string call_id(std::string_view id, core::Dialect dialect);

// Thinking told as a number of tokens and as an effort, for the ones that know only one of them.
std::uint64_t budget_of(std::string_view effort);
std::string_view effort_of(std::uint64_t budget_tokens);

}  // namespace basin::wire
