// Which endpoint a path is, and which language to answer in when a path alone does not say.
#pragma once

#include <functional>
#include <optional>
#include <string_view>

#include "core/dialect.h"

namespace basin::wire {

// Gives a header's value by its lower-case name; empty where there is none.
using FindHeader = std::function<std::string_view(std::string_view name)>;

// The path of a request target: without its query or fragment, and without a trailing slash.
std::string_view path_of(std::string_view target);

// Whether a segment of the path is "." or "..", written plainly or as %2e: a server that resolves it would be led out
// of the folder under which it was configured.
bool climbs(std::string_view target);

// The endpoint that requests are routed for; nothing for every other path. The query is ignored.
std::optional<core::Endpoint> endpoint_of(std::string_view target);

// The dialect of answers and errors on any path, routed or not. `GET /v1/models` exists in two dialects: a client that
// sends anthropic-version speaks Anthropic's, every other one OpenAI's.
core::Dialect dialect_for(std::string_view target, const FindHeader& header);

}  // namespace basin::wire
