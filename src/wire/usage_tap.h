// What an answer cost, how it ended and which thinking it holds, read off its bytes as they pass. Only events that can
// tell something are parsed; the thousands of deltas between them are looked at no further than their name.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "core/dialect.h"
#include "core/money.h"
#include "wire/sse.h"
#include "wire/thinking_tap.h"

namespace basin::wire {

// How an answer ended, in whichever dialect. Texts are the server's own.
struct AnswerFacts {
  core::Usage usage;
  std::string id;
  std::string model;
  std::string stop_reason;  // stop_reason, finish_reason, or the status of a response
  bool ended = false;       // the answer's own end was seen, a failure it told of included
  bool failed = false;      // the server said so, in the stream or as a failed response
};

// One per answer.
class UsageTap {
 public:
  explicit UsageTap(core::Dialect dialect) : dialect_(dialect), thinking_(dialect) {}

  // The next bytes of a stream.
  void feed(std::string_view bytes);
  // A whole answer that is not a stream. Text that is not JSON tells nothing.
  void read_body(std::string_view body);

  const AnswerFacts& facts() const { return facts_; }
  // The thinking that the answer held so far: see ThinkingTap::noted().
  const std::vector<std::uint64_t>& thinking() const { return thinking_.noted(); }
  // See SseReader.
  bool between_events() const { return reader_.between_events(); }

 private:
  void anthropic_event(const SseEvent& event);
  void chat_event(const SseEvent& event);
  void responses_event(const SseEvent& event);
  void anthropic_message(base::json::Value message);
  void chat_answer(base::json::Value root);
  void response(base::json::Value response);
  void identify(base::json::Value object);

  core::Dialect dialect_;
  SseReader reader_;
  AnswerFacts facts_;
  ThinkingTap thinking_;
};

// The token classes of one usage object; fields that it does not hold keep what `usage` had. Anthropic counts input
// without cache, OpenAI with it: the difference is made here.
void read_anthropic_usage(base::json::Value object, core::Usage& usage);
void read_openai_usage(base::json::Value object, core::Usage& usage);

}  // namespace basin::wire
