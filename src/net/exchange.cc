// One request out, one answer in. What takes thought:
//
// Stale connections. A kept-alive connection may be closed by the server while our request is on its way. That shows as
// a failed write or an end before the first byte of an answer, soon after sending; then, and only then, the request is
// sent once more, on a fresh connection. Later failures may have cost the server work (and the user money): no retry.
//
// Early answers. A server may refuse (401, 413, 429) before it has read a large body, and read no further. A writer
// that only waits to go on writing would wait for ever, so while the socket is full its readability wakes the writer,
// too; if there is an answer the sending ends and the connection is not used again.
//
// Memory. A piece of the answer lives in a buffer lent by the pool; when there is nothing to hand on, the buffer goes
// back. So a stream that waits for its next event holds none.
#include "net/exchange.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "net/body_decoder.h"
#include "net/upstream_connection.h"

namespace basin::net {

using base::Code;

struct UpstreamExchange::State {
  State(PoolState& p, Origin o, Patience pt) : pool(p), origin(std::move(o)), patience(pt), interrupt(p.loop) {}
  ~State() { release_buffer(); }

  Task<base::Status> begin();
  Task<base::Status> begin_fresh();
  Task<base::Status> connect();
  Task<base::Status> connect_to(const Address& address, std::uint32_t timeout_ms);
  Task<base::Status> secure(std::uint32_t timeout_ms);
  Task<base::Status> transmit();

  Wants read_head();
  Wants head_ended(base::Error why) {
    head_outcome = std::move(why);
    return Wants::nothing;
  }
  bool take_head_bytes();
  void begin_body();
  Wants read_body();
  bool decode_piece();

  bool may_retry() const { return reused && !answered && !cancelled && pool.loop.now_ms() - sent_ms <= kStaleWithinMs; }
  base::Error gone() const {
    return base::fail(Code::closed_early, origin.authority() + " closed the connection before its answer was whole");
  }
  static base::Error was_cancelled() { return base::fail(Code::cancelled, "cancelled"); }
  void release_buffer();
  void settle();

  PoolState& pool;
  Origin origin;
  Patience patience;
  std::unique_ptr<UpstreamConnection> connection;
  Event interrupt;  // ends a wait for a name
  bool cancelled = false;
  bool reused = false;
  std::int64_t sent_ms = 0;

  std::vector<std::string_view> request;  // head and body
  bool early = false;                     // not all of it was sent
  bool sent = false;

  std::unique_ptr<char[]> buffer;  // kReadBytes, while it holds something
  std::size_t begin_at = 0;        // what is not handed on yet
  std::size_t end_at = 0;
  std::string head_bytes;
  ResponseHead head;
  bool answered = false;  // a byte of the answer came
  bool head_read = false;
  unsigned interim = 0;
  base::Status head_outcome = base::ok_status();
  BodyDecoder decoder = BodyDecoder::nothing();
  base::Result<BodyPiece> piece = BodyPiece{};
};

namespace {

// connect() has been called; the first writability tells how it went.
struct ConnectStep {
  Socket* socket;
  int* error;
  Wants operator()() {
    if (!socket->writable()) return Wants::writable;
    socklen_t size = sizeof *error;
    if (::getsockopt(socket->fd(), SOL_SOCKET, SO_ERROR, error, &size) != 0) *error = errno;
    return Wants::nothing;
  }
};

struct HandshakeStep {
  UpstreamConnection* connection;
  Moved::Kind* outcome;
  Wants operator()() {
    Moved moved = connection->handshake();
    *outcome = moved.kind;
    return moved.kind == Moved::Kind::would_block ? moved.wants : Wants::nothing;
  }
};

struct TransmitStep {
  UpstreamConnection* connection;
  Gather* gather;
  bool* early;
  Wants operator()() {
    Wants wants = gather->step([this](const iovec* pieces, std::size_t count) {
      Moved moved = connection->send(pieces, count);
      if (moved.kind == Moved::Kind::bytes) connection->socket().extend_wait();
      return moved;
    });
    if (wants != Wants::writable) return wants;
    *early = connection->answers_early();
    return *early ? Wants::nothing : Wants::either;
  }
};

std::uint32_t left_ms(std::int64_t deadline_ms, std::int64_t now_ms) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(deadline_ms - now_ms, 1));
}

}  // namespace

// --------------------------------------------------------------------------------------------------- connecting

Task<base::Status> UpstreamExchange::State::connect() {
  std::int64_t deadline_ms = pool.loop.now_ms() + patience.connect_timeout_ms;
  interrupt.reset();
  auto addresses = co_await pool.resolver.resolve(origin.host, origin.port, patience.connect_timeout_ms, interrupt);
  if (cancelled) co_return was_cancelled();
  if (!addresses.ok()) co_return addresses.error();
  base::Status status = was_cancelled();
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    std::uint32_t wait_ms = left_ms(deadline_ms, pool.loop.now_ms());
    if (i + 1 < addresses->size()) wait_ms = std::min(wait_ms, kNextAddressMs);
    status = co_await connect_to((*addresses)[i], wait_ms);
    if (status.ok() || cancelled || pool.loop.now_ms() >= deadline_ms) break;
  }
  if (cancelled) co_return was_cancelled();
  if (status.ok() && origin.tls) status = co_await secure(left_ms(deadline_ms, pool.loop.now_ms()));
  if (!status.ok())
    connection.reset();
  else
    ++pool.counts.opened;
  co_return status;
}

Task<base::Status> UpstreamExchange::State::connect_to(const Address& address, std::uint32_t timeout_ms) {
  connection.reset();
  std::string where = origin.authority();
  int fd = ::socket(address.storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) co_return base::fail(Code::unreachable, where + ": " + std::strerror(errno));
  int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  ::setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  int error = ::connect(fd, address.get(), address.size) == 0 ? 0 : errno;
  if (error != 0 && error != EINPROGRESS) {
    ::close(fd);
    co_return base::fail(Code::unreachable, "cannot reach " + where + ": " + std::strerror(error));
  }
  connection = std::make_unique<UpstreamConnection>(pool, pool.home_of(origin), fd);
  error = 0;
  base::Status status = co_await connection->socket().until(ConnectStep{&connection->socket(), &error}, timeout_ms);
  if (status.ok() && error == 0) co_return status;
  if (!status.ok() && status.error().code == Code::cancelled) co_return status;
  std::string why = status.ok() ? std::strerror(error) : "no answer in time";
  Code code = status.ok() ? Code::unreachable : Code::timeout;
  co_return base::fail(code, "cannot reach " + where + ": " + why);
}

Task<base::Status> UpstreamExchange::State::secure(std::uint32_t timeout_ms) {
  if (!pool.tls) co_return base::fail(Code::configuration, "https is not set up here: " + origin.authority());
  base::Status begun = connection->secure(*pool.tls);
  if (!begun.ok()) co_return begun;
  auto outcome = Moved::Kind::failed;
  base::Status status = co_await connection->socket().until(HandshakeStep{connection.get(), &outcome}, timeout_ms);
  if (status.ok() && outcome == Moved::Kind::bytes) co_return status;
  if (!status.ok())
    co_return base::fail(status.error().code, "TLS with " + origin.authority() + ": " + status.error().message);
  co_return base::fail(Code::unreachable, "TLS with " + origin.authority() + " failed: " + connection->tls_failure());
}

// ------------------------------------------------------------------------------------------------------ sending

Task<base::Status> UpstreamExchange::State::begin() {
  if (cancelled) co_return was_cancelled();
  sent_ms = pool.loop.now_ms();
  connection = pool.take(pool.home_of(origin));
  if (connection) {
    reused = true;
    ++pool.counts.reused;
    base::Status status = co_await transmit();
    if (status.ok() || !may_retry() || status.error().code != Code::closed_early) co_return status;
    ++pool.counts.retried;
  }
  co_return co_await begin_fresh();
}

Task<base::Status> UpstreamExchange::State::begin_fresh() {
  reused = false;
  base::Status connected = co_await connect();
  if (!connected.ok()) co_return connected;
  sent_ms = pool.loop.now_ms();
  co_return co_await transmit();
}

Task<base::Status> UpstreamExchange::State::transmit() {
  Gather gather(request);
  early = false;
  base::Status status =
      co_await connection->socket().until(TransmitStep{connection.get(), &gather, &early}, patience.send_stall_ms);
  if (!status.ok()) co_return status;
  sent = true;
  if (!gather.failed()) co_return status;
  if (reused) co_return gone();
  early = true;  // a server that closes may have said why before
  co_return status;
}

// ------------------------------------------------------------------------------------------------------- head

// Moves the head out of the buffer, as far as it has come; true when it is whole.
bool UpstreamExchange::State::take_head_bytes() {
  std::string_view bytes(buffer.get() + begin_at, end_at - begin_at);
  std::size_t before = head_bytes.size();
  if (std::size_t length = before == 0 ? head_length(bytes) : 0; length > 0) {
    head_bytes.assign(bytes.substr(0, length));
    begin_at += length;
    return true;
  }
  head_bytes.append(bytes);
  std::size_t length = head_length(head_bytes, before);
  begin_at = length == 0 ? end_at : end_at - (head_bytes.size() - length);
  if (length > 0) head_bytes.resize(length);
  return length > 0;
}

Wants UpstreamExchange::State::read_head() {
  for (;;) {
    if (begin_at == end_at) {
      if (!buffer) buffer = pool.take_buffer();
      Moved moved = connection->receive(buffer.get(), kReadBytes);
      if (moved.kind == Moved::Kind::would_block) {
        release_buffer();
        return moved.wants;
      }
      if (moved.kind != Moved::Kind::bytes) return head_ended(gone());
      answered = true;
      begin_at = 0;
      end_at = moved.count;
    }
    bool whole = take_head_bytes();
    if (head_bytes.size() > kHeadBytes || (!whole && head_bytes.size() == kHeadBytes))
      return head_ended(base::fail(Code::bad_upstream, "the head of the upstream's answer is too large"));
    if (!whole) continue;
    if (base::Status parsed = parse_response_head(head_bytes, head); !parsed.ok()) return head_ended(parsed.error());
    if (head.status / 100 != 1) {
      head_outcome = base::ok_status();
      return Wants::nothing;
    }
    if (head.status == 101 || ++interim > kInterimAnswers)
      return head_ended(base::fail(Code::bad_upstream, "the upstream's answer: an unexpected interim status"));
    head_bytes.clear();
  }
}

void UpstreamExchange::State::begin_body() {
  head_read = true;
  bool head_request = request.front().starts_with("HEAD ");
  if (head_request || head.status == 204 || head.status == 304)
    decoder = BodyDecoder::nothing();
  else if (head.chunked)
    decoder = BodyDecoder::chunks();
  else if (head.content_length)
    decoder = BodyDecoder::length(*head.content_length);
  else {
    decoder = BodyDecoder::until_close();
    head.keep_alive = false;
  }
  if (decoder.done()) settle();
}

// When the answer is whole the connection can serve another exchange, while the last piece is still on its way to the
// client; when it failed the connection is closed. Not called from a step, which runs inside the connection's socket.
void UpstreamExchange::State::settle() {
  if (!connection) return;
  if (decoder.done() && head.keep_alive && !early && begin_at == end_at) pool.give_back(std::move(connection));
  connection.reset();
}

// ------------------------------------------------------------------------------------------------------- body

// Hands on what the buffer holds; false when that gives neither bytes nor an end.
bool UpstreamExchange::State::decode_piece() {
  char* bytes = buffer.get() + begin_at;
  BodyDecoder::Decoded decoded = decoder.decode(bytes, end_at - begin_at);
  begin_at += decoded.consumed;
  if (decoder.failed()) {
    piece = base::fail(Code::bad_upstream, "the upstream's chunked coding is malformed");
    return true;
  }
  piece = BodyPiece{{bytes, decoded.produced}, decoder.done()};
  return decoder.done() || decoded.produced > 0;
}

Wants UpstreamExchange::State::read_body() {
  for (;;) {
    if (begin_at < end_at && decode_piece()) return Wants::nothing;
    if (!buffer) buffer = pool.take_buffer();
    begin_at = end_at = 0;
    Moved moved = connection->receive(buffer.get(), kReadBytes);
    if (moved.kind == Moved::Kind::would_block) {
      release_buffer();
      return moved.wants;
    }
    if (moved.kind == Moved::Kind::bytes) {
      end_at = moved.count;
      continue;
    }
    bool well = moved.kind == Moved::Kind::ended && decoder.close();
    if (well)
      piece = BodyPiece{{}, true};
    else
      piece = gone();
    head.keep_alive = false;
    return Wants::nothing;
  }
}

void UpstreamExchange::State::release_buffer() {
  pool.give_buffer(std::move(buffer));
  begin_at = end_at = 0;
}

// ---------------------------------------------------------------------------------------------- public functions

UpstreamExchange::UpstreamExchange(UpstreamPool& pool, Origin origin, Patience patience)
    : state_(std::make_unique<State>(*pool.state_, std::move(origin), patience)) {}
UpstreamExchange::~UpstreamExchange() = default;

Task<base::Status> UpstreamExchange::send(std::string_view head, std::span<const std::string_view> body) {
  State& s = *state_;
  assert(!s.sent && s.request.empty());
  s.request.reserve(body.size() + 1);
  s.request.push_back(head);
  s.request.insert(s.request.end(), body.begin(), body.end());
  return s.begin();
}

Task<base::Status> UpstreamExchange::read_head(std::uint32_t timeout_ms) {
  struct Step {
    State* state;
    Wants operator()() { return state->read_head(); }
  };
  State& s = *state_;
  for (;;) {
    if (s.cancelled) co_return State::was_cancelled();
    assert(s.connection && !s.head_read);
    base::Status status = co_await s.connection->socket().until(Step{&s}, timeout_ms);
    if (!status.ok()) co_return status;
    if (s.head_outcome.ok()) break;
    if (s.head_outcome.error().code != Code::closed_early || !s.may_retry()) co_return s.head_outcome;
    ++s.pool.counts.retried;
    base::Status again = co_await s.begin_fresh();
    if (!again.ok()) co_return again;
  }
  s.begin_body();
  co_return base::ok_status();
}

const ResponseHead& UpstreamExchange::head() const { return state_->head; }

bool UpstreamExchange::body_waiting() const {
  const State& s = *state_;
  return s.begin_at < s.end_at || s.decoder.done() || (s.connection && s.connection->socket().readable());
}

bool UpstreamExchange::reused_connection() const { return state_->reused; }

void UpstreamExchange::cancel() {
  State& s = *state_;
  s.cancelled = true;
  s.interrupt.set();
  if (s.connection) s.connection->socket().close();
}

UpstreamExchange::ReadBody UpstreamExchange::read_body(std::uint32_t timeout_ms) {
  return ReadBody(*state_, timeout_ms);
}

UpstreamExchange::ReadBody::ReadBody(State& state, std::uint32_t timeout_ms) : state_(state), timeout_ms_(timeout_ms) {}
UpstreamExchange::ReadBody::~ReadBody() = default;

Wants UpstreamExchange::ReadBody::Step::operator()() { return state->read_body(); }

bool UpstreamExchange::ReadBody::await_ready() {
  State& s = state_;
  if (s.cancelled) {
    s.piece = State::was_cancelled();
    return true;
  }
  assert(s.head_read);
  if (!s.piece.ok()) return true;  // it failed before, and stays so
  if (s.decoder.done()) {
    s.piece = BodyPiece{{}, true};
    return true;
  }
  attempt_.emplace(s.connection->socket(), Step{&s}, timeout_ms_);
  return attempt_->await_ready();
}

void UpstreamExchange::ReadBody::await_suspend(std::coroutine_handle<> waiter) { attempt_->await_suspend(waiter); }

base::Result<BodyPiece> UpstreamExchange::ReadBody::await_resume() {
  if (attempt_) {
    base::Status status = attempt_->await_resume();
    if (!status.ok()) return status.error();
    if (state_.decoder.done() || !state_.piece.ok()) state_.settle();
  }
  return state_.piece;
}

}  // namespace basin::net
