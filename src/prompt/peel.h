// A person's words told from what their client put around them.
#pragma once

#include <string_view>
#include <vector>

#include "core/harness.h"
#include "core/request.h"
#include "prompt/ask.h"

namespace basin::prompt {

// The spans of text that a person wrote, in order, without white space at their ends: what is left when the marked
// blocks and the marks of the envelopes are taken away. A block counts only where a line (or what follows another
// block) begins with its mark. One that is never closed takes the whole text when it stands at the start, else it is
// none. So code that speaks of such marks stays a person's.
std::vector<Span> peel(std::string_view text, const core::HarnessMarks& marks);

// Whether the text begins with a mark, which is all that history needs to know. Raw: may hold JSON escapes.
bool begins_with_mark(core::Text text, const core::HarnessMarks& marks);

}  // namespace basin::prompt
