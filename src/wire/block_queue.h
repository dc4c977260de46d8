// Chat completions stream an answer's parts side by side: text, reasoning, and calls each under an index of its own, in
// whatever order the server likes. Events allow one block at a time. So the block that is open goes on until it may end
// (text at any time, a call when its arguments are whole), and what comes for others meanwhile is held back and said
// after it, in the order in which it began. Servers that send one call after another, as nearly all do, never meet
// this.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "wire/event_sink.h"

namespace basin::wire {

// Calls of one answer. Clients run a few dozen at once.
inline constexpr std::size_t kCallsLimit = 256;
// Bytes held back. An argument may be a whole source file; a megabyte of them at once is nobody's.
inline constexpr std::size_t kHeldLimit = std::size_t{1} << 20U;

// Follows JSON in pieces until its outermost object or array is closed.
class JsonEnd {
 public:
  void take(std::string_view piece);
  bool reached() const { return started_ && depth_ == 0; }

 private:
  std::size_t depth_ = 0;
  bool started_ = false;
  bool in_string_ = false;
  bool escaped_ = false;
};

// One entry of `tool_calls`; what it does not hold is empty.
struct CallPiece {
  std::optional<std::uint64_t> index;
  std::string id, name, arguments;
};

// One per answer; the sink must outlive it. What breaks a limit, or can be said in no order, fails the sink.
class BlockQueue {
 public:
  explicit BlockQueue(EventSink& sink) : sink_(sink) {}

  // A piece of text, thinking or refusal.
  void say(core::BlockKind kind, std::string_view text);
  // A piece of a call. An id or a name that is repeated changes nothing; servers that have no index, or the same for
  // all calls, tell them apart by their ids. A call without an id gets one made of the answer's.
  void call(const CallPiece& piece);
  // Every piece is there: says what is held and closes.
  void settle();

 private:
  struct Call {
    std::optional<std::uint64_t> index;
    std::string id, name;
    JsonEnd end;
    enum class State : std::uint8_t { held, open, said } state = State::held;
  };
  struct Held {
    core::BlockKind kind;
    std::size_t call;  // tool_use: which
    std::string text;
  };

  std::optional<std::size_t> find(const CallPiece& piece) const;
  bool may_close() const;
  bool hold(std::string& held, std::string_view text);
  void start(const Held& held);
  void advance();

  EventSink& sink_;
  std::vector<Call> calls_;
  std::optional<std::size_t> open_call_;
  std::deque<Held> held_;
  std::size_t held_bytes_ = 0;
};

}  // namespace basin::wire
