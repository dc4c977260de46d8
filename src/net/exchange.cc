// One request out, one answer in. What takes thought:
//
// Stale connections. A kept-alive connection may be closed by the server while our request is on its way. That shows as
// a failed write or an end before the first byte of an answer, soon after sending; then, and only then, the request is
// sent once more, on a fresh connection. Later failures may have cost the server work (and the user money): no retry.
//
// Early answers. A server may refuse (401, 413, 429) before it has read a large body, and read no further. A writer
// that only waits to go on writing would wait for ever, so while the socket is full its readability wakes the writer,
// too; if there is an answer the sending ends and the connection is not used again.
#include "net/exchange.h"

#include <cassert>
#include <string>
#include <utility>
#include <vector>

#include "net/answer_reader.h"
#include "net/dial.h"
#include "net/limits.h"

namespace basin::net {

using base::Code;

namespace {

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

struct HeadStep {
  AnswerReader* reader;
  UpstreamConnection* connection;
  Wants operator()() { return reader->read_head(*connection); }
};

base::Error was_cancelled() { return base::fail(Code::cancelled, "cancelled"); }

}  // namespace

struct UpstreamExchange::State {
  State(PoolState& p, Origin o, Patience pt)
      : pool(p), origin(std::move(o)), patience(pt), dial(pool, origin), reader(pool) {}

  Task<base::Status> begin();
  Task<base::Status> begin_fresh();
  Task<base::Status> transmit();
  bool may_retry() const {
    return reused && !reader.answered() && !cancelled && pool.loop.now_ms() - sent_ms <= kStaleWithinMs;
  }
  void settle();

  PoolState& pool;
  Origin origin;
  Patience patience;
  Dial dial;
  std::unique_ptr<UpstreamConnection> connection;
  bool reused = false;
  bool cancelled = false;

  std::vector<std::string_view> request;  // head and body
  std::int64_t sent_ms = 0;
  bool early = false;  // not all of it was sent

  AnswerReader reader;
  bool head_read = false;
};

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
  connection.reset();
  auto connected = co_await dial.connect(patience.connect_timeout_ms);
  if (!connected.ok()) co_return connected.error();
  connection = std::move(*connected);
  sent_ms = pool.loop.now_ms();
  co_return co_await transmit();
}

Task<base::Status> UpstreamExchange::State::transmit() {
  Gather gather(request);
  early = false;
  TransmitStep step{connection.get(), &gather, &early};
  base::Status status = co_await connection->socket().until(step, patience.send_stall_ms);
  if (!status.ok() || !gather.failed()) co_return status;
  if (cancelled) co_return was_cancelled();
  if (reused) co_return base::fail(Code::closed_early, origin.authority() + " closed the connection");
  early = true;  // a server that closes may have said why before
  co_return status;
}

// When the answer is whole the connection can serve another exchange, while the last piece is still on its way to the
// client; when it failed the connection is closed. Not called from a step, which runs inside the connection's socket.
void UpstreamExchange::State::settle() {
  if (!connection || (!reader.body_done() && reader.piece().ok())) return;
  if (reader.piece().ok() && reader.left_clean() && !early) pool.give_back(std::move(connection));
  connection.reset();
}

UpstreamExchange::UpstreamExchange(UpstreamPool& pool, Origin origin, Patience patience)
    : state_(std::make_unique<State>(*pool.state_, std::move(origin), patience)) {}
UpstreamExchange::~UpstreamExchange() = default;

Task<base::Status> UpstreamExchange::send(std::string_view head, std::span<const std::string_view> body) {
  State& s = *state_;
  assert(s.request.empty());
  s.request.reserve(body.size() + 1);
  s.request.push_back(head);
  s.request.insert(s.request.end(), body.begin(), body.end());
  return s.begin();
}

Task<base::Status> UpstreamExchange::read_head(std::uint32_t timeout_ms) {
  State& s = *state_;
  for (;;) {
    if (s.cancelled) co_return was_cancelled();
    assert(s.connection && !s.head_read);
    HeadStep step{&s.reader, s.connection.get()};
    base::Status status = co_await s.connection->socket().until(step, timeout_ms);
    if (s.cancelled) co_return was_cancelled();
    if (!status.ok()) co_return status;
    const base::Status& head = s.reader.head_status();
    if (head.ok()) break;
    if (head.error().code != Code::closed_early || !s.may_retry()) co_return head;
    ++s.pool.counts.retried;
    base::Status again = co_await s.begin_fresh();
    if (!again.ok()) co_return again;
  }
  s.head_read = true;
  s.reader.begin_body(s.request.front().starts_with("HEAD "));
  s.settle();
  co_return base::ok_status();
}

const ResponseHead& UpstreamExchange::head() const { return state_->reader.head(); }

bool UpstreamExchange::body_waiting() const {
  const State& s = *state_;
  return s.reader.holds_bytes() || s.reader.body_done() || (s.connection && s.connection->socket().readable());
}

bool UpstreamExchange::reused_connection() const { return state_->reused; }

void UpstreamExchange::cancel() {
  State& s = *state_;
  s.cancelled = true;
  s.dial.cancel();
  if (s.connection) s.connection->socket().close();
}

UpstreamExchange::ReadBody UpstreamExchange::read_body(std::uint32_t timeout_ms) {
  return ReadBody(*state_, timeout_ms);
}

UpstreamExchange::ReadBody::ReadBody(State& state, std::uint32_t timeout_ms) : state_(state), timeout_ms_(timeout_ms) {}
UpstreamExchange::ReadBody::~ReadBody() = default;

Wants UpstreamExchange::ReadBody::Step::operator()() { return state->reader.read_body(*state->connection); }

bool UpstreamExchange::ReadBody::await_ready() {
  State& s = state_;
  assert(s.head_read || s.cancelled);
  if (s.cancelled || !s.connection) return true;  // without a connection the answer is over, well or not
  attempt_.emplace(s.connection->socket(), Step{&s}, timeout_ms_);
  return attempt_->await_ready();
}

void UpstreamExchange::ReadBody::await_suspend(std::coroutine_handle<> waiter) { attempt_->await_suspend(waiter); }

base::Result<BodyPiece> UpstreamExchange::ReadBody::await_resume() {
  State& s = state_;
  if (s.cancelled) return was_cancelled();
  if (!attempt_) {
    if (s.reader.piece().ok()) return BodyPiece{{}, true};
    return s.reader.piece();
  }
  base::Status status = attempt_->await_resume();
  if (!status.ok()) return status.error();
  s.settle();
  return s.reader.piece();
}

}  // namespace basin::net
