#include "wire/event_reader.h"

#include <cassert>

#include "base/json.h"
#include "wire/event_readers.h"
#include "wire/event_sink.h"

namespace basin::wire {
namespace {

std::unique_ptr<DialectReader> reader_of(core::Dialect from, EventSink& sink) {
  assert(from != core::Dialect::openai_responses);
  return from == core::Dialect::anthropic ? anthropic_event_reader(sink) : chat_event_reader(sink);
}

}  // namespace

EventReader::EventReader(core::Dialect from)
    : sink_(std::make_unique<EventSink>()), dialect_(reader_of(from, *sink_)) {}
EventReader::~EventReader() = default;
EventReader::EventReader(EventReader&&) noexcept = default;

std::vector<core::Event> EventReader::feed(std::string_view bytes) {
  while (!sink_->ended() && sse_.next(bytes)) {
    const SseEvent event = sse_.event();
    if (event.truncated) {
      sink_->fail(base::Code::bad_upstream, "an event of the answer's stream is longer than 2 MiB");
    } else {
      dialect_->take(event);
    }
  }
  return sink_->take();
}

std::vector<core::Event> EventReader::end() {
  if (!sink_->ended()) dialect_->stream_over();
  return fail({base::Code::closed_early, "the model's server ended the stream before its answer's end"});
}

std::vector<core::Event> EventReader::fail(const base::Error& error) {
  sink_->fail(error.code, error.message);
  return sink_->take();
}

bool EventReader::ended() const { return sink_->ended(); }
const AnswerFacts& EventReader::facts() const { return sink_->facts(); }

base::Result<core::Reply> read_reply(core::Dialect from, std::string_view body) {
  base::json::Document document;
  if (const base::Status parsed = document.parse(body); !parsed.ok()) {
    return base::fail(base::Code::bad_upstream, "the answer is not JSON: " + parsed.error().message);
  }
  EventSink sink;
  reader_of(from, sink)->read(document.root());
  sink.fail(base::Code::bad_upstream, "the answer holds no message");
  core::Reply reply;
  for (const core::Event& event : sink.take()) {
    if (event.kind == core::Event::Kind::failure) return base::fail(event.code, event.text);
    core::fold(reply, event);
  }
  return reply;
}

}  // namespace basin::wire
