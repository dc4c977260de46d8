// Basin's own errors, in the client's language. The only map from base::Code to HTTP and to the dialects' error bodies;
// an upstream's error never passes here, its bytes travel as they are.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "core/dialect.h"

namespace basin::wire {

// 4xx where the caller must change something, 5xx where not.
int http_status(base::Code code);

// Whether the same request may fare better in a moment. Where not, `x-should-retry: false` keeps clients from asking
// ten times.
bool worth_retrying(base::Code code);

// What the dialects call an error of this code.
struct CodeWords {
  std::string_view anthropic_type, openai_type;
  std::string_view openai_code;  // empty: null
};
CodeWords words_of(base::Code code);

// The JSON body of an answer.
//   Anthropic: {"type":"error","error":{"type","message"},"request_id"}
//   OpenAI:    {"error":{"message","type","param","code"}}
std::string error_body(core::Dialect dialect, const base::Error& error, std::string_view request_id);

// What to send into a stream whose upstream ended before its answer did, so that the client does not take the piece for
// the whole. `between_events` is SseReader::between_events(): a torn event is closed first, under a name that clients
// skip. Never `[DONE]`. `response_id` is that of a Responses stream, where it is known.
std::string error_events(core::Dialect dialect, const base::Error& error, bool between_events,
                         std::string_view response_id = {});

}  // namespace basin::wire
