// A request of one dialect written as a request of another: for the server that was chosen, where it does not speak the
// client's language. Every reader makes a core::Conversation, every writer says one, so that dialects never meet in
// pairs.
//
// What cannot be said on the other side is either refused, naming the field, or left out and declared; which of the two
// is a table (translation_table.h), shown in docs/translation.md. The same request is always written as the same bytes,
// and a conversation that grew at its end is written as bytes that grew at theirs: the server's prompt cache hangs on
// it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "core/conversation.h"
#include "core/dialect.h"

namespace basin::wire {

// What the chosen server is, as far as a translation needs it.
struct Target {
  core::Dialect dialect = core::Dialect::openai_chat;  // anthropic or openai_chat
  std::string_view model;                              // the `model` value to write
  // what its model takes
  bool tools = true, images = true, documents = true;
  bool thinking = true;     // it can be told how much to think
  bool json_schema = true;  // it can be held to a schema
  // The dialect's own vendor runs it: OpenAI knows max_completion_tokens and seven efforts, where others know
  // max_tokens and three; Anthropic is told an effort, where others are given a budget of thinking tokens.
  bool at_vendor = false;
  // Chat: the model reasons and will not be told how to draw its tokens or where to stop; OpenAI's own refuse both.
  bool reasons = false;
  // Chat: the server refuses what it has not heard of, so it gets none of the fields that came after 2023.
  bool oldest_fields = false;
  // max_tokens for Anthropic where the client gave none, since it is required there; 0: kDefaultMaxTokens.
  std::uint64_t max_output_tokens = 0;
  // The most that its model can answer with: a larger number of the client's is brought down to it; 0: not known.
  std::uint64_t output_limit = 0;
};
inline constexpr std::uint64_t kDefaultMaxTokens = 8192;  // what the smallest of Anthropic's models in use can give

// What goes to the server, and what its answer's writer must know.
struct TranslatedRequest {
  std::string body;
  // What was left out: names as docs/translation.md writes them, in the order in which they were met, each once, at
  // most kDroppedLimit.
  std::vector<std::string> dropped;
  // For the answer's writer: whether a chat client asked for the usage at its stream's end, and the tools
  // whose calls go back as free text: their arguments are {"input": text}.
  bool stream_usage = false;
  std::vector<std::string> free_text_tools;
};
inline constexpr std::size_t kDroppedLimit = 64;  // the table's own names of one dialect; the rest is invented

// `endpoint` is where the client sent it. `scratch` is used for reading and may be used again at once: nothing that is
// returned points into it or into body.
//
// Errors: invalid, as read_request() and for what is missing or too much of it; unsupported, naming the place
// ("messages[3].content[1]: this model takes no images"), for what the target cannot take and the request would mean
// something else without; unsupported for count_tokens and embeddings, which are not conversations.
// REQUIRES: target.dialect is anthropic or openai_chat
base::Result<TranslatedRequest> translate_request(core::Endpoint endpoint, std::string_view body,
                                                  base::json::Document& scratch, const Target& target);

// Where a translated request goes: "/v1/messages", "/v1/chat/completions". REQUIRES: as above
std::string_view target_path(core::Dialect dialect);

}  // namespace basin::wire
