// The door of the readers: a request body, in the dialect of the endpoint it came to, becomes a core::Request.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/request.h"

namespace basin::wire {

// The dialect that a client of this endpoint speaks.
core::Dialect dialect_of(core::Endpoint endpoint);

// Reads what a decision needs and leaves the rest alone: unknown fields, block types and roles are carried, and a field
// that nobody here needs is never refused, whatever it holds; the server will say what it thinks of it.
//
// The Request's views point into body, which must outlive it and must not move. `document` is scratch: it may be reused
// for the next body at once, the Request does not need it.
//
// Errors: Code::invalid with a message for the caller: malformed JSON; a field that is needed has the wrong type
// ("messages[2].content must be a string or an array of blocks, found a number"); a top-level field that is read stands
// twice or hides behind escapes; more than core::kMessageLimit messages or core::kPartLimit blocks.
base::Result<core::Request> read_request(core::Endpoint endpoint, std::string_view body,
                                         base::json::Document& document);

}  // namespace basin::wire
