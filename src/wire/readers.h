// One reader per dialect; read_request.h is the door. Each fills `request` from the root of the parsed body and gives
// the complaint when something it needs has the wrong type. (For this room.)
#pragma once

#include "base/json.h"
#include "base/result.h"
#include "core/request.h"

namespace basin::wire {

// Messages and count_tokens.
base::Status read_anthropic_messages(base::json::Value root, core::Request& request);
// Chat completions.
base::Status read_openai_chat(base::json::Value root, core::Request& request);
// Responses.
base::Status read_openai_responses(base::json::Value root, core::Request& request);
// Embeddings: the model only.
base::Status read_openai_embeddings(base::json::Value root, core::Request& request);

}  // namespace basin::wire
