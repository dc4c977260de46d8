// Whether a server refused a request because of a field that it has not heard of. Servers that call themselves
// compatible are so with the year in which they were written; the same request with the oldest fields only may pass.
#pragma once

#include <string_view>

namespace basin::wire {

// `body` is that of an answer of status 400 or 422, its coding taken off.
bool refuses_a_field(int status, std::string_view body);

}  // namespace basin::wire
