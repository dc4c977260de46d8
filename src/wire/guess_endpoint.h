// Which endpoint a request body was written for, when no path says it: a dry run, a file given to a command.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/dialect.h"

namespace basin::wire {

// By its shape: `input` is a Responses request; `messages` is Anthropic's when the client speaks it elsewhere (its
// headers said so) or when it has what only that dialect has, else a chat completion. Texts read alike in both.
// `document` is scratch.
// Errors: invalid, when it is not JSON, not an object, or has neither.
base::Result<core::Endpoint> guess_endpoint(std::string_view body, core::Dialect client,
                                            base::json::Document& document);

}  // namespace basin::wire
