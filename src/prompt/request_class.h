// What kind of request this is: the client's word for it where there is one, else the shape of the body.
#pragma once

#include "core/harness.h"
#include "core/request.h"

namespace basin::prompt {

// `going_on`: the conversation's last word is not a person's (a tool's result, a program's notice). It only tells a
// person's turn from one that is under way; it does not change a request that is the client's own.
core::RequestClass classify(const core::Request& request, const core::ClientHints& hints,
                            const core::HarnessMarks& marks, bool going_on);

// Whether a sub-agent only looks around, by the client's word or its system prompt.
bool is_exploring(const core::Request& request, const core::ClientHints& hints, const core::HarnessMarks& marks);

}  // namespace basin::prompt
