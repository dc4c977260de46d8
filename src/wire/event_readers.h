// The readers behind event_reader.h, one per dialect. (For this room.)
#pragma once

#include <memory>

#include "base/json.h"
#include "wire/event_sink.h"
#include "wire/sse.h"

namespace basin::wire {

// Puts what one answer holds into a sink. Nothing is called after the sink has ended.
class DialectReader {
 public:
  virtual ~DialectReader() = default;
  // One event of a stream.
  virtual void take(const SseEvent& event) = 0;
  // The stream is over: finishes, where the answer's own end was seen.
  virtual void stream_over() = 0;
  // A whole answer that is not a stream.
  virtual void read(base::json::Value root) = 0;
};

// Anthropic Messages. The sink must outlive the reader.
std::unique_ptr<DialectReader> anthropic_event_reader(EventSink& sink);
// Chat completions. The sink must outlive the reader.
std::unique_ptr<DialectReader> chat_event_reader(EventSink& sink);

}  // namespace basin::wire
