// core::Events as a client's stream, and a core::Reply as its whole answer.
//
// What a dialect cannot say is left out: a thinking block without a signature for Anthropic's clients (they would send
// it back, and the model that has to check it refuses the conversation), what only its maker can read for everybody
// else's. Ids are made of the upstream's, times come from outside: the same answer is always the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/dialect.h"
#include "core/event.h"

namespace basin::wire {

// How the client wants its answer.
struct AnswerStyle {
  core::Dialect dialect = core::Dialect::anthropic;
  std::int64_t created_s = 0;  // Unix time, which OpenAI's dialects tell
  bool stream_usage = true;    // chat: the client asked for the usage at its stream's end
  // Tokens of the prompt, for servers that count nothing: then they are told, and the answer's are reckoned with four
  // bytes each. Clients that see no usage believe that a conversation costs and fills nothing. 0: nothing is made up.
  std::uint64_t estimated_input = 0;
  // Anthropic: thinking that no model has signed is a thinking block with an empty signature instead of nothing.
  bool unsigned_thinking = false;
  // OpenAI's dialects: the tools whose calls are told as free text, read out of their arguments by wire/free_text.h.
  std::vector<std::string> free_text_tools = {};

  // Whether it is one of those.
  bool takes_free_text(std::string_view tool) const;
};

// One per stream.
class EventWriter {
 public:
  virtual ~EventWriter() = default;
  // Appends what the client gets for this event. REQUIRES: the events keep core::EventGrammar, and their texts
  // kAnswerLimit (wire/event_sink.h): a Responses client is told the whole answer again at its end.
  virtual void write(const core::Event& event, std::string& out) = 0;
};
std::unique_ptr<EventWriter> event_writer(const AnswerStyle& style);

// A whole answer. REQUIRES: for Anthropic, that the arguments of every call are a JSON object; a call whose are not is
// left out.
std::string write_reply(const AnswerStyle& style, const core::Reply& reply);

}  // namespace basin::wire
