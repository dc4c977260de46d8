// Which conversation a request belongs to.
#pragma once

#include <string>

#include "core/harness.h"
#include "core/request.h"

namespace basin::prompt {

struct Identity {
  std::string session;
  std::string branch;
  std::string turn;
};

// The client's headers, else the session in metadata.user_id, else a hash of the prompt cache key and of how the
// conversation begins: its first user message and the first bytes of its system prompt, all of which every later turn
// repeats. (Not the key alone: applications send one with all of their prompts.) Without any user text, the key.
Identity identify(const core::Request& request, const core::ClientHints& hints, core::RequestClass cls);

}  // namespace basin::prompt
