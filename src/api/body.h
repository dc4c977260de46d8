// A prompt from a request body of any dialect, taken apart by the same rooms that a served request goes through.
#pragma once

#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "core/prompt.h"
#include "core/request.h"

namespace basin::api {

// Whether a JSON object looks like a request body: it has "messages" or "input".
bool is_body(base::json::Value object);

// `document` is scratch; `bound`, where given, receives what in the request only its own model can take.
// Errors: Code::invalid, as wire::read_request.
base::Result<core::Prompt> prompt_of_body(std::string_view body, base::json::Document& document,
                                          core::Bound* bound = nullptr);
// The same for one body.
base::Result<core::Prompt> prompt_of_body(std::string_view body);

}  // namespace basin::api
