// The writers behind event_writer.h, one per dialect, and what they share. (For this room.)
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json_writer.h"
#include "wire/event_writer.h"

namespace basin::wire {

// The stream of an Anthropic Messages client.
std::unique_ptr<EventWriter> anthropic_event_writer(const AnswerStyle& style);
// The stream of a chat completions client.
std::unique_ptr<EventWriter> chat_event_writer(const AnswerStyle& style);
// The stream of a Responses client.
std::unique_ptr<EventWriter> responses_event_writer(const AnswerStyle& style);

// The whole answer of an Anthropic Messages client; see write_reply().
std::string anthropic_message(const AnswerStyle& style, const core::Reply& reply);
// The whole answer of a chat completions client.
std::string chat_completion(const AnswerStyle& style, const core::Reply& reply);
// The whole answer of a Responses client.
std::string response(const AnswerStyle& style, const core::Reply& reply);

// A failure as a dialect tells it.
struct FailureWords {
  std::string_view type;
  std::string_view code;  // OpenAI's; empty: null
  std::string message;
};
FailureWords failure_words(core::Dialect dialect, const core::Event& failure);

// The text, or null where it is empty.
base::json::Writer& text_or_null(base::json::Writer& writer, std::string_view text);

// {"prompt_tokens", ...} with chat's names, {"input_tokens", ...} with those of responses. Both count the prompt with
// what the cache held of it.
void write_openai_usage(base::json::Writer& writer, core::Dialect dialect, const core::Usage& usage);

}  // namespace basin::wire
