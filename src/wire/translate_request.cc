#include "wire/translate_request.h"

#include "wire/conversation_reading.h"
#include "wire/conversation_turns.h"
#include "wire/conversation_writing.h"
#include "wire/read_request.h"

namespace basin::wire {
namespace {

base::Status read_conversation(core::Endpoint endpoint, base::json::Value root, ConversationReading& reading) {
  switch (endpoint) {
    case core::Endpoint::messages: return read_anthropic_conversation(root, reading);
    case core::Endpoint::chat_completions: return read_chat_conversation(root, reading);
    case core::Endpoint::responses: return read_responses_conversation(root, reading);
    case core::Endpoint::count_tokens:
    case core::Endpoint::embeddings: break;
  }
  return base::fail(base::Code::unsupported, "the chosen server speaks another dialect, and this cannot be translated");
}

// Leaves out what a model that reasons refuses.
void leave_to_its_reasoning(core::Conversation& conversation) {
  core::Sampling& sampling = conversation.sampling;
  const auto leave_out = [&conversation](std::optional<double>& value, std::string_view name) {
    if (value) conversation.dropped.emplace_back(name);
    value.reset();
  };
  leave_out(sampling.temperature, "temperature");
  leave_out(sampling.top_p, "top_p");
  leave_out(sampling.presence_penalty, "presence_penalty");
  leave_out(sampling.frequency_penalty, "frequency_penalty");
  if (!conversation.stop.empty()) conversation.dropped.emplace_back("stop");
  conversation.stop.clear();
}

// Leaves out what the oldest servers have not heard of. The usage at a stream's end goes with it, undeclared: it was
// our own wish.
void keep_oldest(core::Conversation& conversation) {
  const bool thinks = !conversation.effort.empty() || conversation.thinking || conversation.thinking_tokens;
  if (thinks) conversation.dropped.emplace_back("reasoning_effort");
  if (conversation.parallel_tools) conversation.dropped.emplace_back("parallel_tool_calls");
  conversation.effort.clear();
  conversation.thinking.reset();
  conversation.thinking_tokens.reset();
  conversation.parallel_tools.reset();
  conversation.format.strict.reset();
  for (core::Tool& tool : conversation.tools) tool.strict.reset();
}

}  // namespace

base::Result<TranslatedRequest> translate_request(core::Endpoint endpoint, std::string_view body,
                                                  base::json::Document& scratch, const Target& target) {
  // The reader that decided has the first word, so that both understand the same request; it leaves the body parsed.
  if (auto request = read_request(endpoint, body, scratch); !request) return std::move(request).error();
  core::Conversation conversation;
  ConversationReading reading(conversation, target);
  if (auto read = read_conversation(endpoint, scratch.root(), reading); !read) return std::move(read).error();
  if (auto arranged = arrange_turns(conversation); !arranged) return std::move(arranged).error();
  if (target.reasons && target.dialect == core::Dialect::openai_chat) leave_to_its_reasoning(conversation);
  if (target.oldest_fields && target.dialect == core::Dialect::openai_chat) keep_oldest(conversation);
  TranslatedRequest translated;
  translated.body = target.dialect == core::Dialect::anthropic ? write_anthropic_request(conversation, target, scratch)
                                                               : write_chat_request(conversation, target);
  translated.dropped = std::move(conversation.dropped);
  translated.stream_usage = conversation.stream_usage;
  for (core::Tool& tool : conversation.tools) {
    if (tool.takes_free_text) translated.free_text_tools.push_back(std::move(tool.name));
  }
  return translated;
}

std::string_view target_path(core::Dialect dialect) {
  return dialect == core::Dialect::anthropic ? "/v1/messages" : "/v1/chat/completions";
}

}  // namespace basin::wire
