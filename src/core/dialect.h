// The wire languages a client or a server may speak, and the endpoints of each that Basin routes.
#pragma once

#include <cstdint>
#include <string_view>

namespace basin::core {

enum class Dialect : std::uint8_t { anthropic, openai_chat, openai_responses };

enum class Endpoint : std::uint8_t {
  messages,          // POST /v1/messages
  count_tokens,      // POST /v1/messages/count_tokens
  chat_completions,  // POST /v1/chat/completions
  responses,         // POST /v1/responses
  embeddings,        // POST /v1/embeddings: passed through by model, never decided
};

constexpr std::string_view name_of(Dialect dialect) {
  switch (dialect) {
    case Dialect::anthropic: return "anthropic";
    case Dialect::openai_chat: return "openai_chat";
    case Dialect::openai_responses: return "openai_responses";
  }
  return "anthropic";
}

}  // namespace basin::core
