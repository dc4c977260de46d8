// A conversation's turns brought into the order in which servers take them. (For this room.)
#pragma once

#include <string_view>

#include "base/result.h"
#include "core/conversation.h"

namespace basin::wire {

// White space only, or nothing: Anthropic refuses such texts, and others are none the wiser.
bool is_blank(std::string_view text);

// What stands around a system turn that became part of the user's: clients put their own words among the user's so.
inline constexpr std::string_view kFoldedBegin = "<system-reminder>\n";
inline constexpr std::string_view kFoldedEnd = "\n</system-reminder>";

// Afterwards: at most one system turn, at the front; user's and assistant's turns take turns; a user's turn has its
// tool results first; no blank text and no turn without blocks.
//
// A system turn amid the conversation becomes text of the user's turn beside it, where it stood: hoisted to the front
// it would change the front with every turn, and what a server has cached would be lost; left where it is, many chat
// templates refuse it. Tool results stand before it, since they belong to the calls. A conversation of system turns
// alone: the last one speaks as the user's.
//
// Errors: invalid where there is nothing, not even an empty message of the user's.
base::Status arrange_turns(core::Conversation& conversation);

}  // namespace basin::wire
