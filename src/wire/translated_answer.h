// The answer of a server that does not speak its client's dialect, translated through core::Event: the door to
// event_reader.h, event_writer.h and vendor_error.h.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "core/dialect.h"
#include "wire/event_reader.h"
#include "wire/event_writer.h"
#include "wire/usage_tap.h"
#include "wire/vendor_error.h"

namespace basin::wire {

// A stream. The client gets the same bytes in whatever pieces the upstream's come, each as soon as it can be told.
class AnswerTranslator {
 public:
  // REQUIRES: `from` is anthropic or openai_chat
  AnswerTranslator(core::Dialect from, const AnswerStyle& to);

  // The upstream's next bytes; appends what the client gets for them.
  void feed(std::string_view bytes, std::string& out);
  // The upstream's stream is over; before its answer's end this tells the client of a failure.
  void end(std::string& out);
  // It broke off.
  void fail(const base::Error& error, std::string& out);

  // The client's stream has its end: nothing more will come.
  bool ended() const { return reader_.ended(); }
  // As UsageTap tells them of the same stream.
  const AnswerFacts& facts() const { return reader_.facts(); }

 private:
  void say(std::vector<core::Event> events, std::string& out);

  EventReader reader_;
  std::unique_ptr<EventWriter> writer_;
  std::uint64_t estimated_input_;
  std::uint64_t answer_bytes_ = 0;
};

// A whole answer.
// Errors: bad_upstream for what is no answer of that dialect, or holds a call for an Anthropic client whose arguments
// are not a JSON object although the answer was not cut short.
base::Result<std::string> translate_reply(core::Dialect from, std::string_view body, const AnswerStyle& to,
                                          AnswerFacts& facts);
// The same as the stream that the client asked for, of a server that does not stream. Errors: as above.
base::Result<std::string> translate_reply_to_stream(core::Dialect from, std::string_view body, const AnswerStyle& to,
                                                    AnswerFacts& facts);

}  // namespace basin::wire
