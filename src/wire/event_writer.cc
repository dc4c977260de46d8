#include "wire/event_writer.h"

#include <algorithm>

#include "wire/errors.h"
#include "wire/event_writers.h"
#include "wire/vendor_error.h"

namespace basin::wire {

using base::json::Writer;
using core::Dialect;

bool AnswerStyle::takes_free_text(std::string_view tool) const {
  return std::find(free_text_tools.begin(), free_text_tools.end(), tool) != free_text_tools.end();
}

std::unique_ptr<EventWriter> event_writer(const AnswerStyle& style) {
  switch (style.dialect) {
    case Dialect::anthropic: return anthropic_event_writer(style);
    case Dialect::openai_chat: return chat_event_writer(style);
    case Dialect::openai_responses: return responses_event_writer(style);
  }
  return anthropic_event_writer(style);
}

std::string write_reply(const AnswerStyle& style, const core::Reply& reply) {
  switch (style.dialect) {
    case Dialect::anthropic: return anthropic_message(style, reply);
    case Dialect::openai_chat: return chat_completion(style, reply);
    case Dialect::openai_responses: return response(style, reply);
  }
  return anthropic_message(style, reply);
}

FailureWords failure_words(Dialect dialect, const core::Event& failure) {
  if (const ErrorWords* words = words_of_kind(failure.name)) {
    return {dialect == Dialect::anthropic ? words->anthropic_type : words->openai_type, words->openai_code,
            message_for(dialect, words->kind, failure.text, read_too_long(failure.text).value_or(TooLong()))};
  }
  const CodeWords words = words_of(failure.code);
  return {dialect == Dialect::anthropic ? words.anthropic_type : words.openai_type, words.openai_code, failure.text};
}

Writer& text_or_null(Writer& writer, std::string_view text) {
  return text.empty() ? writer.null() : writer.value(text);
}

void write_openai_usage(Writer& writer, Dialect dialect, const core::Usage& usage) {
  const bool chat = dialect == Dialect::openai_chat;
  const std::uint64_t written = usage.cache_write_5m + usage.cache_write_1h;
  const std::uint64_t prompt = usage.input + usage.cache_read + written;
  writer.object().field(chat ? "prompt_tokens" : "input_tokens", prompt);
  writer.key(chat ? "prompt_tokens_details" : "input_tokens_details").object();
  writer.field("cached_tokens", usage.cache_read).field("cache_write_tokens", written).end();
  writer.field(chat ? "completion_tokens" : "output_tokens", usage.output);
  writer.key(chat ? "completion_tokens_details" : "output_tokens_details").object();
  writer.field("reasoning_tokens", usage.reasoning).end();
  writer.field("total_tokens", prompt + usage.output).end();
}

}  // namespace basin::wire
