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

// The client's headers, else the session in metadata.user_id, else the prompt cache key, else a hash of how the
// conversation begins: its first user message and the first bytes of its system prompt, both of which every later turn
// repeats. Empty only for a request without any user text.
Identity identify(const core::Request& request, const core::ClientHints& hints, core::RequestClass cls);

}  // namespace basin::prompt
