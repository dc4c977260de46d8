// Anthropic: message_start carries the first usage, message_delta cumulative figures that replace it field by field
// (adding them up would count the prompt twice), message_stop ends the stream.
// Chat: a chunk with finish_reason ends the answer, one without choices carries the usage, [DONE] ends the stream; each
// chunk may carry "usage": null, which is why the filter looks behind the colon.
// Responses: response.completed, .incomplete and .failed end the stream and carry everything.
#include "wire/usage_tap.h"

#include "wire/fields.h"
#include "wire/glance.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

void read_count(Value value, std::uint64_t& count) {
  if (const auto number = value.unsigned_integer()) count = *number;
}

std::uint64_t minus(std::uint64_t whole, std::uint64_t part) { return whole > part ? whole - part : 0; }

std::string text_of(Value value) { return value.string().value_or(std::string()); }

}  // namespace

void read_anthropic_usage(Value object, core::Usage& usage) {
  if (!object.is(Kind::object)) return;
  constexpr Names<6> kNames = {"input_tokens",   "cache_read_input_tokens", "cache_creation_input_tokens",
                               "cache_creation", "output_tokens",           "output_tokens_details"};
  const auto [input, cache_read, cache_write, by_age, output, details] = collect(object, kNames);
  usage.known = true;
  read_count(input, usage.input);
  read_count(cache_read, usage.cache_read);
  read_count(output, usage.output);
  constexpr Names<1> kDetails = {"thinking_tokens"};
  read_count(collect(details, kDetails)[0], usage.reasoning);
  if (cache_write.present()) {
    std::uint64_t written = 0;
    read_count(cache_write, written);
    constexpr Names<1> kByAge = {"ephemeral_1h_input_tokens"};
    usage.cache_write_1h = 0;
    read_count(collect(by_age, kByAge)[0], usage.cache_write_1h);
    usage.cache_write_5m = minus(written, usage.cache_write_1h);
  }
}

void read_openai_usage(Value object, core::Usage& usage) {
  if (!object.is(Kind::object)) return;
  // chat's names, then those of responses
  constexpr Names<8> kNames = {
      "prompt_tokens", "prompt_tokens_details", "completion_tokens", "completion_tokens_details",
      "input_tokens",  "input_tokens_details",  "output_tokens",     "output_tokens_details"};
  const auto found = collect(object, kNames);
  const auto either = [&](std::size_t i) { return found[i].present() ? found[i] : found[i + 4]; };
  constexpr Names<2> kInput = {"cached_tokens", "cache_write_tokens"};
  constexpr Names<1> kOutput = {"reasoning_tokens"};
  const auto [cached, written] = collect(either(1), kInput);
  usage.known = true;
  std::uint64_t whole = 0;
  read_count(either(0), whole);
  read_count(cached, usage.cache_read);
  read_count(written, usage.cache_write_5m);
  usage.input = minus(whole, usage.cache_read + usage.cache_write_5m);
  read_count(either(2), usage.output);
  read_count(collect(either(3), kOutput)[0], usage.reasoning);
}

void UsageTap::feed(std::string_view bytes) {
  while (reader_.next(bytes)) {
    const SseEvent event = reader_.event();
    thinking_.event(event);
    switch (dialect_) {
      case core::Dialect::anthropic: anthropic_event(event); break;
      case core::Dialect::openai_chat: chat_event(event); break;
      case core::Dialect::openai_responses: responses_event(event); break;
    }
  }
}

void UsageTap::read_body(std::string_view body) {
  Document document;
  if (!document.parse(body)) return;
  const Value root = document.root();
  facts_.ended = true;
  if (root.member("error").is(Kind::object)) facts_.failed = true;
  switch (dialect_) {
    case core::Dialect::anthropic: anthropic_message(root); break;
    case core::Dialect::openai_chat: chat_answer(root); break;
    case core::Dialect::openai_responses: response(root); break;
  }
}

void UsageTap::identify(Value object) {
  constexpr Names<2> kNames = {"id", "model"};
  const auto [id, model] = collect(object, kNames);
  if (facts_.id.empty()) facts_.id = text_of(id);
  if (facts_.model.empty()) facts_.model = text_of(model);
}

void UsageTap::anthropic_event(const SseEvent& event) {
  const bool named = !event.name.empty();
  if (named && event.name != "message_start" && event.name != "message_delta" && event.name != "message_stop" &&
      event.name != "error") {
    return;
  }
  // some servers do not name their events; what they are then stands in the data
  if (!named && !holds(event.data, "\"usage\"") && !holds(event.data, "\"message_stop\"") &&
      !holds(event.data, "\"error\""))
    return;
  Document document;
  if (!document.parse(event.data)) return;
  constexpr Names<4> kNames = {"type", "message", "delta", "usage"};
  const auto [type, message, delta, usage] = collect(document.root(), kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "message_start") anthropic_message(message);
  if (kind == "message_delta") {
    constexpr Names<1> kDelta = {"stop_reason"};
    if (const Value reason = collect(delta, kDelta)[0]; reason.present()) facts_.stop_reason = text_of(reason);
    read_anthropic_usage(usage, facts_.usage);
  }
  if (kind == "message_stop") facts_.ended = true;
  // llama-server's errors have a type of their own under that name.
  if (kind == "error" || event.name == "error") facts_.ended = facts_.failed = true;
}

void UsageTap::anthropic_message(Value message) {
  identify(message);
  thinking_.answer(message);
  constexpr Names<2> kNames = {"usage", "stop_reason"};
  const auto [usage, stop_reason] = collect(message, kNames);
  read_anthropic_usage(usage, facts_.usage);
  if (stop_reason.present()) facts_.stop_reason = text_of(stop_reason);
}

void UsageTap::chat_event(const SseEvent& event) {
  if (event.data == "[DONE]") {
    facts_.ended = true;
    return;
  }
  const bool first = facts_.id.empty();
  if (!first && !holds(event.data, "\"usage\"") && !holds(event.data, "\"finish_reason\"") &&
      !holds(event.data, "\"error\""))
    return;
  Document document;
  if (document.parse(event.data)) chat_answer(document.root());
}

void UsageTap::chat_answer(Value root) {
  identify(root);
  constexpr Names<3> kNames = {"choices", "usage", "error"};
  const auto [choices, usage, error] = collect(root, kNames);
  read_openai_usage(usage, facts_.usage);
  if (error.present()) facts_.ended = facts_.failed = true;
  for (Elements elements(choices); elements.next();) {
    constexpr Names<1> kChoice = {"finish_reason"};
    const Value reason = collect(elements.value(), kChoice)[0];
    if (!reason.is(Kind::string)) continue;
    facts_.stop_reason = text_of(reason);
    facts_.ended = true;
  }
}

void UsageTap::responses_event(const SseEvent& event) {
  constexpr std::string_view kEnds[] = {"response.completed", "response.incomplete", "response.failed"};
  std::string_view kind = event.name;
  Document document;
  if (kind.empty()) {
    if (!holds(event.data, "\"response\"") && !holds(event.data, "\"error\"")) return;
    if (!document.parse(event.data)) return;
    kind = document.root().member("type").raw_string();
  }
  const bool is_end = kind == kEnds[0] || kind == kEnds[1] || kind == kEnds[2];
  if (is_end || kind == "error") facts_.ended = true;
  if (kind == kEnds[2] || kind == "error") facts_.failed = true;
  if (!is_end && kind != "response.created") return;
  if (!document.root().present() && !document.parse(event.data)) return;
  response(document.root().member("response"));
}

void UsageTap::response(Value value) {
  identify(value);
  thinking_.answer(value);
  constexpr Names<3> kNames = {"usage", "status", "incomplete_details"};
  const auto [usage, status, incomplete] = collect(value, kNames);
  read_openai_usage(usage, facts_.usage);
  constexpr Names<1> kReason = {"reason"};
  const Value reason = collect(incomplete, kReason)[0];
  facts_.stop_reason = text_of(reason.present() ? reason : status);
  if (facts_.stop_reason == "failed") facts_.failed = true;
}

}  // namespace basin::wire
