// What the known clients tell about their requests, in headers and in the text they put around a person's words. The
// one place that knows them by name; prompt/ gets neutral tables.
#pragma once

#include "core/harness.h"
#include "wire/endpoint.h"

namespace basin::wire {

// The hint headers of the known clients: request class, session, agent branch, turn. Values are the client's word for
// it: they are cut at kHintLimit bytes, never trusted for more than labels.
core::ClientHints read_client_hints(const FindHeader& header);
inline constexpr std::size_t kHintLimit = 128;

// Static tables; the views live as long as the program.
const core::HarnessMarks& harness_marks();

}  // namespace basin::wire
