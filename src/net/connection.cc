#include "net/connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>
#include <vector>

#include "net/limits.h"
#include "net/peer_uid.h"

namespace basin::net {

using base::Code;

namespace {

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kLastChunk = "0\r\n\r\n";
constexpr std::string_view kLineEndAndLastChunk = "\r\n0\r\n\r\n";

// Memory of one read of a body of unknown length.
constexpr std::size_t kChunkedRead = 16u << 10;

// A line that ends in LF alone will never become a head that we accept.
bool has_bare_lf(std::string_view bytes) {
  for (std::size_t at = bytes.find('\n'); at != std::string_view::npos; at = bytes.find('\n', at + 1))
    if (at == 0 || bytes[at - 1] != '\r') return true;
  return false;
}

// What we say when a request cannot even be given to the service. The body reads as an error in every dialect here.
struct Refusal {
  int status;
  std::string_view type;
};

Refusal refusal_for(Code code) {
  switch (code) {
    case Code::too_large: return {431, "invalid_request_error"};
    case Code::unsupported: return {501, "invalid_request_error"};
    case Code::timeout: return {408, "timeout_error"};
    case Code::conflict: return {503, "overloaded_error"};
    default: return {400, "invalid_request_error"};
  }
}

std::string refusal_body(std::string_view type, std::string_view message) {
  std::string body = R"({"type":"error","error":{"type":")";
  body.append(type).append(R"(","message":")");
  for (char c : message) body.push_back(c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '\'' : c);
  return body.append(R"("}})").append("\n");
}

}  // namespace

ServerConnection::ServerConnection(Loop& loop, int fd, const ConnectionLimits& limits)
    : socket_(loop, fd), limits_(limits) {}

ServerConnection::~ServerConnection() = default;

std::optional<std::uint32_t> ServerConnection::peer_uid() {
  if (!std::exchange(uid_known_, true) && socket_.open()) uid_ = net::peer_uid(socket_.fd());
  return uid_;
}

// ---------------------------------------------------------------------------------------------------- request

// One receive into a buffer on the stack (a connection that waits holds none); head bytes are kept exactly.
struct ServerConnection::ReadHead {
  ServerConnection* connection;
  Moved::Kind* got;

  Wants operator()() {
    char buffer[kReadBytes];
    Moved moved = connection->socket_.receive(buffer, sizeof buffer);
    if (moved.kind == Moved::Kind::would_block) return moved.wants;
    *got = moved.kind;
    if (moved.kind == Moved::Kind::bytes) connection->take_head_bytes({buffer, moved.count});
    return Wants::nothing;
  }
};

// Appends to the head up to its end; what is behind it goes to rest_. Sets head_whole_.
void ServerConnection::take_head_bytes(std::string_view bytes) {
  if (head_bytes_.empty()) {
    // Empty lines before a request are skipped (RFC 9112 2.2).
    while (bytes.starts_with(kLineEnd)) bytes.remove_prefix(kLineEnd.size());
  }
  std::size_t before = head_bytes_.size();
  std::size_t length = before == 0 ? head_length(bytes) : 0;
  if (length > 0) {
    head_bytes_.assign(bytes.substr(0, length));
    rest_.assign(bytes.substr(length));
    head_whole_ = true;
    return;
  }
  head_bytes_.append(bytes);
  length = head_length(head_bytes_, before);
  if (length == 0) return;
  rest_.assign(head_bytes_, length);
  head_bytes_.resize(length);
  head_whole_ = true;
}

Task<base::Status> ServerConnection::read_head() {
  head_bytes_.clear();
  head_whole_ = false;
  if (!rest_.empty()) {
    std::string pipelined = std::exchange(rest_, {});
    take_head_bytes(pipelined);
  }
  if (head_bytes_.empty() && !socket_.readable()) forget_buffers();
  std::int64_t deadline_ms = 0;
  while (!head_whole_) {
    bool begun = !head_bytes_.empty();
    if (begun && has_bare_lf(head_bytes_)) co_return base::fail(Code::invalid, "header lines must end in CRLF");
    if (head_bytes_.size() >= kHeadBytes) co_return base::fail(Code::too_large, "the request head is too large");
    if (draining_ && !begun) co_return base::fail(Code::cancelled, "shutting down");
    std::int64_t now_ms = socket_.loop().now_ms();
    if (begun && deadline_ms == 0) deadline_ms = now_ms + limits_.header_timeout_ms;
    std::int64_t wait_ms = begun ? std::max<std::int64_t>(deadline_ms - now_ms, 1) : limits_.idle_timeout_ms;
    Moved::Kind got = Moved::Kind::failed;
    idle_ = !begun;
    base::Status status = co_await socket_.until(ReadHead{this, &got}, static_cast<std::uint32_t>(wait_ms));
    idle_ = false;
    if (!status.ok() && begun && status.error().code == Code::timeout)
      co_return base::fail(Code::timeout, "the request head did not arrive in time");
    if (!status.ok() || got != Moved::Kind::bytes) co_return base::fail(Code::cancelled, "no further request");
  }
  if (head_bytes_.size() > kHeadBytes) co_return base::fail(Code::too_large, "the request head is too large");
  base::Status parsed = parse_request_head(head_bytes_, head_);
  if (!parsed.ok()) co_return parsed;
  begin_exchange();
  co_return base::ok_status();
}

void ServerConnection::begin_exchange() {
  head_request_ = head_.method == "HEAD";
  state_ = State::idle;
  keep_alive_ = false;
  if (head_.chunked)
    decoder_ = BodyDecoder::chunks();
  else
    decoder_ = BodyDecoder::length(head_.content_length.value_or(0));
}

// An idle connection keeps nothing but itself. (Assigning an empty string or list would keep the memory.)
void ServerConnection::forget_buffers() {
  std::string().swap(head_bytes_);
  std::string().swap(rest_);
  std::string().swap(out_);
  std::vector<HeadField>().swap(head_.fields);
}

// Receives as much of the body as has come.
struct ServerConnection::ReadBody {
  ServerConnection* connection;
  Bytes* into;
  std::size_t limit;
  base::Status* outcome;
  std::size_t received = 0;  // since the last wait

  Wants operator()() {
    ServerConnection& c = *connection;
    while (!c.decoder_.done()) {
      std::size_t size = static_cast<std::size_t>(c.decoder_.left().value_or(kChunkedRead));
      char* room = into->room(size);
      Moved moved = c.socket_.receive(room, size);
      if (moved.kind == Moved::Kind::would_block) {
        progress();
        return moved.wants;
      }
      if (moved.kind != Moved::Kind::bytes)
        return fail(base::fail(Code::closed_early, "the client went away in the middle of its request"));
      received += moved.count;
      if (base::Status status = c.take_body(room, moved.count, *into, limit); !status.ok()) return fail(status.error());
    }
    return Wants::nothing;
  }

  Wants fail(base::Error error) {
    *outcome = std::move(error);
    return Wants::nothing;
  }
  // The timeout is for a gap, not for the whole: it begins again with every wait after bytes came.
  void progress() {
    if (std::exchange(received, 0) > 0) connection->socket_.extend_wait();
  }
};

// Decodes bytes that lie behind `into`'s end, in its memory.
base::Status ServerConnection::take_body(char* bytes, std::size_t size, Bytes& into, std::size_t limit) {
  BodyDecoder::Decoded decoded = decoder_.decode(bytes, size);
  if (decoder_.failed()) return base::fail(Code::invalid, "the request body's chunked coding is malformed");
  if (decoded.consumed < size) rest_.insert(0, bytes + decoded.consumed, size - decoded.consumed);
  if (into.size() + decoded.produced > limit) return base::fail(Code::too_large, "the request body is too large");
  into.grow(decoded.produced);
  return base::ok_status();
}

Task<base::Status> ServerConnection::read_body(Bytes& into, std::size_t limit) {
  if (decoder_.done()) co_return base::ok_status();
  if (auto length = decoder_.left(); length && (*length > limit || into.size() + *length > limit))
    co_return base::fail(Code::too_large, "the request body is too large");
  if (head_.expect_continue && rest_.empty() && head_.minor_version >= 1) {
    std::array<std::string_view, 1> pieces{kContinue};
    Gather gather(pieces);
    base::Status sent = co_await socket_.until(SendStep{&socket_, &gather}, kWriteStallMs);
    if (!sent.ok()) co_return sent;
  }
  if (!rest_.empty()) {
    std::string begun = std::exchange(rest_, {});
    char* room = into.room(std::max<std::size_t>(begun.size(), static_cast<std::size_t>(decoder_.left().value_or(0))));
    std::memcpy(room, begun.data(), begun.size());
    base::Status taken = take_body(room, begun.size(), into, limit);
    if (!taken.ok()) co_return taken;
  }
  base::Status outcome = base::ok_status();
  base::Status status = co_await socket_.until(ReadBody{this, &into, limit, &outcome}, limits_.body_timeout_ms);
  if (!status.ok() && status.error().code == Code::timeout)
    co_return base::fail(Code::timeout, "the request body stopped arriving");
  co_return status.ok() ? outcome : status;
}

// ----------------------------------------------------------------------------------------------------- answer

HeadWriter ServerConnection::start(int status, Framing framing, std::string_view reason) {
  assert(state_ == State::idle);
  state_ = State::head;
  framing_ = framing;
  body_left_ = framing.bytes;
  keep_alive_ = head_.keep_alive && decoder_.done() && !draining_;
  if (framing.kind == Framing::Kind::chunked && head_.minor_version == 0) {
    framing_ = Framing::none();
    endless_ = true;
    keep_alive_ = false;
  }
  out_.clear();
  HeadWriter writer(out_);
  writer.response(status, reason);
  return writer;
}

void ServerConnection::end_head() {
  HeadWriter writer(out_);
  if (framing_.kind == Framing::Kind::length) writer.field("Content-Length", framing_.bytes);
  if (framing_.kind == Framing::Kind::chunked) writer.field("Transfer-Encoding", "chunked");
  if (!keep_alive_)
    writer.field("Connection", "close");
  else if (head_.minor_version == 0)
    writer.field("Connection", "keep-alive");
  writer.end();
}

ServerConnection::Write::Write(ServerConnection& connection, std::string_view bytes, bool last)
    : connection_(connection),
      bytes_(bytes),
      last_(last),
      gather_(pieces_),
      attempt_(connection.socket_, SendStep{&connection.socket_, &gather_}, kWriteStallMs) {}

bool ServerConnection::Write::await_ready() {
  ServerConnection& c = connection_;
  assert(c.state_ == State::head || c.state_ == State::body);
  if (c.state_ == State::head) {
    c.end_head();
    pieces_[0] = c.out_;
  }
  bool carries = !c.head_request_ && (c.framing_.kind != Framing::Kind::none || c.endless_);
  if (carries && c.framing_.kind == Framing::Kind::chunked)
    add_chunk();
  else if (carries)
    pieces_[2] = bytes_;
  if (carries && c.framing_.kind == Framing::Kind::length) {
    assert(bytes_.size() <= c.body_left_);  // a message longer than its length is a smuggled one
    c.body_left_ -= bytes_.size();
  }
  return attempt_.await_ready();
}

void ServerConnection::Write::add_chunk() {
  if (!bytes_.empty()) {
    char* begin = size_line_.data();
    char* end = std::to_chars(begin, begin + size_line_.size() - 2, bytes_.size(), 16).ptr;
    *end++ = '\r';
    *end++ = '\n';
    pieces_[1] = std::string_view(begin, static_cast<std::size_t>(end - begin));
    pieces_[2] = bytes_;
    pieces_[3] = last_ ? kLineEndAndLastChunk : kLineEnd;
  } else if (last_) {
    pieces_[3] = kLastChunk;
  }
}

base::Status ServerConnection::Write::await_resume() {
  ServerConnection& c = connection_;
  base::Status status = attempt_.await_resume();
  if (status.ok() && gather_.failed()) status = base::fail(Code::closed_early, "the client went away");
  if (!status.ok()) {
    c.socket_.close(true);  // a part may have left: nothing more can be said on this connection
    return status;
  }
  c.out_.clear();
  bool whole = c.framing_.kind != Framing::Kind::length || c.body_left_ == 0 || c.head_request_;
  c.state_ = last_ && whole ? State::finished : State::body;
  return status;
}

ServerConnection::Write ServerConnection::write(std::string_view bytes) { return Write(*this, bytes, false); }
ServerConnection::Write ServerConnection::flush() { return Write(*this, {}, false); }
ServerConnection::Write ServerConnection::finish(std::string_view last) { return Write(*this, last, true); }

// ------------------------------------------------------------------------------------------------ between them

bool ServerConnection::reusable() const {
  return state_ == State::finished && keep_alive_ && decoder_.done() && !draining_ && socket_.open();
}

void ServerConnection::end_exchange() {
  socket_.on_hang_up(nullptr);
  if (!finished()) socket_.close(true);
}

void ServerConnection::drain() {
  draining_ = true;
  if (idle_) socket_.cancel();
}

Task<void> ServerConnection::refuse(base::Error why) {
  Refusal refusal = refusal_for(why.code);
  std::string body = refusal_body(refusal.type, why.message);
  head_request_ = false;
  state_ = State::idle;
  decoder_ = BodyDecoder::until_close();  // whatever follows is not understood
  start(refusal.status, Framing::length(body.size())).field("Content-Type", "application/json");
  base::Status sent = co_await finish(body);
  if (sent.ok()) co_await linger();
}

// Receives and drops.
struct ServerConnection::Drop {
  Socket* socket;
  std::size_t left = kLingerBytes;

  Wants operator()() {
    char buffer[kReadBytes];
    while (left > 0) {
      Moved moved = socket->receive(buffer, sizeof buffer);
      if (moved.kind == Moved::Kind::would_block) return moved.wants;
      if (moved.kind != Moved::Kind::bytes) break;
      left -= std::min(left, moved.count);
    }
    return Wants::nothing;
  }
};

Task<void> ServerConnection::linger() {
  if (!socket_.open() || (decoder_.done() && rest_.empty())) co_return;
  ::shutdown(socket_.fd(), SHUT_WR);
  base::Status status = co_await socket_.until(Drop{&socket_}, kLingerMs);
  (void)status;  // gone, or out of time: closed either way
}

}  // namespace basin::net
