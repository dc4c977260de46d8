// An answer as every dialect can say it: a sequence of events, and the grammar that every such sequence keeps.
//
//   answer := begin block* (finish | failure) | ... failure        a failure may stand after any event, and ends all
//   block  := open delta* signature? close                        blocks follow one another, never nested
//
// Where a server's stream becomes a client's in another dialect, these events lie between the two: one reader per
// dialect makes them (wire/event_reader.h), one writer per dialect says them (wire/event_writer.h), and an answer that
// is not streamed is the fold of the same events (Reply). So there is one translation, and it is tested once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/money.h"

namespace basin::core {

enum class BlockKind : std::uint8_t {
  text,
  thinking,           // what a model wrote to itself; a signature may stand at its end
  redacted_thinking,  // thinking that only its maker can read: one delta, opaque
  tool_use,           // a call: id and name when it opens, the arguments' JSON in pieces
  refusal,            // why it will not answer
};
std::string_view name_of(BlockKind kind);

enum class StopReason : std::uint8_t {
  end_turn,
  max_tokens,     // the answer is as long as was allowed
  stop_sequence,  // Event::text says which
  tool_use,
  refusal,           // the model would not, or a filter stood before it
  context_exceeded,  // prompt and answer have filled the model's context
  pause_turn,        // a server-side loop paused; the client may send the answer back to go on
};
std::string_view name_of(StopReason reason);

struct Event {
  enum class Kind : std::uint8_t { begin, open, delta, signature, close, finish, failure };
  Kind kind = Kind::begin;
  BlockKind block = BlockKind::text;  // open, delta, signature, close: of which block
  std::string id;                     // begin: the answer's; open: the tool call's
  std::string name;  // begin: the model that answers; open: the tool's; failure: what the vendor calls its kind, one of
                     // wire/vendor_error.h's words, empty where the failure is not the vendor's
  std::string text;  // delta: the piece; signature; finish: the stop sequence; failure: why
  StopReason stop = StopReason::end_turn;      // finish
  Usage usage;                                 // begin: what is known of the prompt; finish: all of it
  base::Code code = base::Code::bad_upstream;  // failure
};

// The grammar at the head of this file, as a machine that takes one event after another.
class EventGrammar {
 public:
  // Errors: bad_upstream, naming what came and what could have come. The machine then stays as it was.
  base::Status take(const Event& event);
  // finish or failure was seen: nothing may follow.
  bool ended() const { return state_ == State::ended; }

 private:
  enum class State : std::uint8_t { before, between, inside, signed_, ended };
  State state_ = State::before;
  BlockKind block_ = BlockKind::text;
};

// A whole block of an answer.
struct ReplyBlock {
  BlockKind kind = BlockKind::text;
  std::string id, name;   // tool_use
  std::string text;       // text, thinking, opaque data, or the arguments' JSON ("{}" where there were none)
  std::string signature;  // thinking
};

// A whole answer.
struct Reply {
  std::string id;
  std::string model;
  std::vector<ReplyBlock> blocks;
  StopReason stop = StopReason::end_turn;
  std::string stop_sequence;
  Usage usage;
};

// Adds an event to what is there. REQUIRES: the events keep the grammar; failures are not folded.
void fold(Reply& reply, const Event& event);
// The events whose fold is this reply.
std::vector<Event> events_of(const Reply& reply);

}  // namespace basin::core
