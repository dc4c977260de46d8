// ServerConnection: the server's side of one client connection, HTTP/1.0 and 1.1.
//
// The Server reads heads and calls Service::exchange once per request; the exchange reads the body, writes an answer
// and returns. Nothing is buffered that the kernel has not taken: a write completes when the bytes are the kernel's, so
// a slow client slows the exchange, and through it the upstream. The head waits for the first bytes of the body, so
// that a small answer leaves in one system call.
//
// Hang-up. While an exchange runs, a FIN or reset from the client fires on_hang_up() at once, without a read being
// posted. A half-close counts as a hang-up, as in nginx: clients of this kind (SDKs, browsers, curl) keep their side
// open until they have their answer, and an answer that nobody reads costs money.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "net/body_decoder.h"
#include "net/bytes.h"
#include "net/head.h"
#include "net/socket.h"
#include "net/task.h"

namespace basin::net {

// How the end of a body is told.
struct Framing {
  enum class Kind : std::uint8_t { none, length, chunked };
  Kind kind = Kind::none;
  std::uint64_t bytes = 0;
  static Framing none() { return {}; }  // 204, 304: no body, no length
  static Framing length(std::uint64_t n) { return {Kind::length, n}; }
  static Framing chunked() { return {Kind::chunked, 0}; }  // for an HTTP/1.0 client: until close
};

// Timeouts of one connection; see ServeOptions.
struct ConnectionLimits {
  std::uint32_t header_timeout_ms = 30'000;
  std::uint32_t body_timeout_ms = 60'000;
  std::uint32_t idle_timeout_ms = 300'000;
};

// One connection, one request at a time; lives on its loop's thread.
class ServerConnection {
 public:
  class Write;

  // Takes the descriptor. Made by the Server (and by tests).
  ServerConnection(Loop& loop, int fd, const ConnectionLimits& limits);
  ~ServerConnection();

  // The loop that the connection lives on.
  Loop& loop() const { return socket_.loop(); }

  // --- request ---
  const RequestHead& head() const { return head_; }
  // Reads the body to its end, appending to `into`; answers an Expect: 100-continue first. Call at most once.
  // Errors: too_large (before reading where the length is told), invalid (bad chunks), timeout, closed_early,
  // cancelled.
  Task<base::Status> read_body(Bytes& into, std::size_t limit);
  // Fires once, when the client goes away during this exchange; at once if it has gone. Forgotten when the exchange
  // ends.
  void on_hang_up(std::function<void()> callback) { socket_.on_hang_up(std::move(callback)); }
  bool hung_up() const { return socket_.hung_up(); }
  // The user at the other end of a connection from this machine (see peer_uid.h), looked up once per connection.
  std::optional<std::uint32_t> peer_uid();

  // --- answer: start, fields, then write or flush any number of times, then finish ---
  // Begins the head; add fields to what is returned, but neither Content-Length, Transfer-Encoding nor Connection, and
  // do not end() it. Nothing is sent yet.
  HeadWriter start(int status, Framing framing, std::string_view reason = {});
  // co_await: Status. Sends the head, if it has not left, and these bytes. They must stay until the await is over.
  Write write(std::string_view bytes);
  // Sends the head now, to show the client that there is an answer.
  Write flush();
  // Sends what is left, `last` bytes included, and the body's end.
  Write finish(std::string_view last = {});
  // Makes this exchange the connection's last. Call before start(): the client is told.
  void close_after() { draining_ = true; }
  bool started() const { return state_ != State::idle; }
  bool finished() const { return state_ == State::finished; }

 private:
  friend class Server;
  friend class ConnectionTest;
  enum class State : std::uint8_t { idle, head, body, finished };
  struct ReadHead;
  struct ReadBody;
  struct Drop;

  // The next request's head. Errors: cancelled (nothing came: closed, idle too long, stopping; just close), else what
  // parse_request_head or the clock says, to be answered before closing.
  Task<base::Status> read_head();
  void take_head_bytes(std::string_view bytes);
  base::Status take_body(char* bytes, std::size_t size, Bytes& into, std::size_t limit);
  void begin_exchange();
  // Forgets the callback; an answer that is not finished is cut with a reset.
  void end_exchange();
  // After an exchange: true when the connection can serve another.
  bool reusable() const;
  // The server stops: an idle connection ends now, another after its exchange.
  void drain();
  void forget_buffers();
  // Answers what is no request for a service: a malformed head, a late one, one connection too many; then lingers.
  Task<void> refuse(base::Error why);
  // Ends the writing side and drops what still comes, for a while (see kLingerMs).
  Task<void> linger();
  void end_head();

  Socket socket_;
  ConnectionLimits limits_;
  RequestHead head_;
  std::string head_bytes_;                        // what head_ points into
  std::string rest_;                              // received behind the head (or the body), not yet consumed
  BodyDecoder decoder_ = BodyDecoder::nothing();  // of the request's body
  std::string out_;                               // the answer's head until it leaves
  Framing framing_;                               // of the answer
  std::uint64_t body_left_ = 0;                   // of an answer framed by length
  State state_ = State::idle;
  bool head_whole_ = false;
  bool head_request_ = false;  // HEAD: the answer carries no body
  bool endless_ = false;       // the answer's body ends with the connection (HTTP/1.0)
  bool keep_alive_ = false;
  bool idle_ = false;      // waits for a request's first byte
  bool draining_ = false;  // the server stops: this exchange is the last
  bool uid_known_ = false;
  std::optional<std::uint32_t> uid_;
};

// A gathered write: head, chunk size, bytes, chunk end.
class ServerConnection::Write {
 public:
  Write(ServerConnection& connection, std::string_view bytes, bool last);
  Write(const Write&) = delete;
  bool await_ready();
  void await_suspend(std::coroutine_handle<> waiter) { attempt_.await_suspend(waiter); }
  base::Status await_resume();

 private:
  void add_chunk();

  ServerConnection& connection_;
  std::string_view bytes_;
  bool last_;
  std::array<std::string_view, 4> pieces_;
  std::array<char, 20> size_line_;
  Gather gather_;
  Socket::Attempt<SendStep> attempt_;
};

}  // namespace basin::net
