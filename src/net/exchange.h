// UpstreamExchange: one request to an upstream and its answer, on a pooled connection.
//
//   UpstreamExchange exchange(pool, origin);
//   co_await exchange.send(head, {before, replacement, after});   // the caller's bytes, gathered, not copied
//   co_await exchange.read_head(600'000);                         // exchange.head() from now on
//   for (;;) { auto piece = co_await exchange.read_body(60'000); ...; if (piece->last) break; }
//
// The answer's body comes as it arrives, with its transfer coding taken off, and never more than one read ahead: who
// does not ask for the next piece slows the upstream.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include "base/result.h"
#include "net/head.h"
#include "net/origin.h"
#include "net/pool.h"
#include "net/socket.h"
#include "net/task.h"

namespace basin::net {

class UpstreamConnection;

struct Patience {
  std::uint32_t connect_timeout_ms = 10'000;  // name, connection and TLS together
  std::uint32_t send_stall_ms = 60'000;       // the upstream takes no byte of the request for this long
};

// A part of the answer's body, valid until the next call. `last`: the body ended, well, with these bytes (maybe none).
struct BodyPiece {
  std::string_view bytes;
  bool last = false;
};

// One request and its answer; not to be used again for another.
class UpstreamExchange {
 public:
  class ReadBody;

  // Does nothing yet.
  UpstreamExchange(UpstreamPool& pool, Origin origin, Patience patience = {});
  // Gives the connection back when the answer was read to its end, else closes it at once.
  ~UpstreamExchange();
  UpstreamExchange(const UpstreamExchange&) = delete;
  UpstreamExchange& operator=(const UpstreamExchange&) = delete;

  // Connects or takes an idle connection, and sends. `head` is a whole request head (HeadWriter) whose Content-Length
  // is the pieces' sum. Head and pieces must stay as they are until read_head() is ok: a stale connection's request is
  // sent once more. A server that answers before it has read everything ends the sending early, which is no error.
  // Errors: unreachable, timeout, closed_early, cancelled.
  Task<base::Status> send(std::string_view head, std::span<const std::string_view> body);

  // Waits for the answer's head, over interim (1xx) ones. Code::timeout: nothing is lost, it may be called again.
  // Errors: timeout, closed_early (also: before any byte), bad_upstream, cancelled.
  Task<base::Status> read_head(std::uint32_t timeout_ms);
  // REQUIRES: read_head() was ok. Valid as long as the exchange.
  const ResponseHead& head() const;

  // co_await: Result<BodyPiece>. Code::timeout: nothing is lost, it may be called again.
  // Errors: timeout, closed_early (length or chunks cut short), bad_upstream (bad chunks), cancelled.
  ReadBody read_body(std::uint32_t timeout_ms);
  // Whether read_body() may give something without waiting.
  bool body_waiting() const;

  // Closes the upstream's socket now; whatever waits ends with Code::cancelled, and so does every later call. May be
  // called from a hang-up callback, at any time, any number of times.
  void cancel();
  bool reused_connection() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// What read_body() gives; co_await it at once.
class UpstreamExchange::ReadBody {
 public:
  ReadBody(State& state, std::uint32_t timeout_ms);
  ~ReadBody();
  ReadBody(const ReadBody&) = delete;
  // As every awaitable: ready without waiting, how to wait, what came of it.
  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiter);
  base::Result<BodyPiece> await_resume();

 private:
  struct Step {
    State* state;
    Wants operator()();
  };
  State& state_;
  std::optional<Socket::Attempt<Step>> attempt_;
  std::uint32_t timeout_ms_;
};

}  // namespace basin::net
