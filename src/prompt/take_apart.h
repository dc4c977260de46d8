// The prompt taken apart: of a whole request, what a person asks now, what about, and what kind of request it is.
#pragma once

#include "core/harness.h"
#include "core/prompt.h"
#include "core/request.h"

namespace basin::prompt {

// Never fails: a request that cannot be understood has what could be read of its last text as the ask. Decodes the last
// person's turn and the one before it, and nothing else; of texts past kWholeLimit only their ends.
//
// ask_spans are positions in the decoded text of the blocks as the client sent them (see core::TextSpan).
core::Prompt take_apart(const core::Request& request, const core::ClientHints& hints, const core::HarnessMarks& marks);

}  // namespace basin::prompt
