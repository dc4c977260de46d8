// An upstream's answer, streamed or whole, as core::Events.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/dialect.h"
#include "core/event.h"
#include "wire/usage_tap.h"

namespace basin::wire {

class DialectReader;
class EventSink;

// One per stream. Whatever the bytes are, and in whatever pieces they come, the events of all calls together keep
// core::EventGrammar; the pieces make no difference. Memory: an SSE event, the calls held back (block_queue.h).
class EventReader {
 public:
  // REQUIRES: anthropic or openai_chat
  explicit EventReader(core::Dialect from);
  ~EventReader();
  EventReader(EventReader&&) noexcept;
  EventReader& operator=(EventReader&&) = delete;

  // Those that the next bytes complete. Bytes behind the answer's end are passed over.
  std::vector<core::Event> feed(std::string_view bytes);
  // The stream is over. Where the answer's own end was not seen this is a failure, closed_early.
  std::vector<core::Event> end();
  // The stream broke off. Nothing where the answer has ended.
  std::vector<core::Event> fail(const base::Error& error);

  // The answer's end, or a failure, was given.
  bool ended() const;
  const AnswerFacts& facts() const;

 private:
  std::unique_ptr<EventSink> sink_;
  std::unique_ptr<DialectReader> dialect_;
  SseReader sse_;
};

// A whole answer: what the fold of the same answer's stream is.
// Errors: bad_upstream for what is no answer of this dialect, with the server's own words where it is an error.
// REQUIRES: anthropic or openai_chat
base::Result<core::Reply> read_reply(core::Dialect from, std::string_view body);

}  // namespace basin::wire
