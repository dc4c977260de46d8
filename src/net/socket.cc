#include "net/socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

#include "net/limits.h"

namespace basin::net {

using base::Code;

namespace {

base::Error why_not_done(Code code) {
  if (code == Code::timeout) return base::fail(code, "the other side did not go on in time");
  return base::fail(code, "cancelled");
}

}  // namespace

Socket::Socket(Loop& loop, int fd, bool connecting)
    : loop_(loop),
      fd_(fd),
      readiness_(loop, fd, *this),
      writable_(!connecting),
      look_again_(&Socket::on_look_again, this) {
  if (!readiness_.registered()) {
    ::close(fd_);
    fd_ = -1;
    hung_up_ = true;
    return;
  }
  loop_.link(*this);
  if (connecting)
    readiness_.want_write();
  else
    readiness_.want_read();
}

Moved Socket::receive(char* into, std::size_t size) {
  if (fd_ < 0) return {};
  if (!readable_) return {Moved::Kind::would_block, 0, Wants::readable};
  for (;;) {
    ssize_t n = ::recv(fd_, into, size, 0);
    if (n > 0) {
      if (static_cast<std::size_t>(n) < size) read_empty();
      return {Moved::Kind::bytes, static_cast<std::size_t>(n)};
    }
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      read_empty();
      return {Moved::Kind::would_block, 0, Wants::readable};
    }
    hung_up_ = true;
    return {n == 0 ? Moved::Kind::ended : Moved::Kind::failed};
  }
}

// Nothing is left to read for now: wait for more, or for the end.
void Socket::read_empty() {
  readable_ = false;
  readiness_.want_read();
}

Moved Socket::send(const iovec* pieces, std::size_t count) {
  if (fd_ < 0) return {};
  if (!writable_) return {Moved::Kind::would_block, 0, Wants::writable};
  msghdr message{};
  message.msg_iov = const_cast<iovec*>(pieces);
  message.msg_iovlen = count;
  for (;;) {
    ssize_t n = ::sendmsg(fd_, &message, MSG_NOSIGNAL);
    if (n >= 0) return {Moved::Kind::bytes, static_cast<std::size_t>(n)};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {};
    writable_ = false;
    readiness_.want_write();
    return {Moved::Kind::would_block, 0, Wants::writable};
  }
}

void Socket::on_hang_up(std::function<void()> callback) {
  hang_up_callback_ = nullptr;
  if (hung_up_ && callback) return callback();
  hang_up_callback_ = std::move(callback);
  if (hang_up_callback_ && readable_) look_for_hang_up();
}

void Socket::cancel() {
  if (reader_) finish(*std::exchange(reader_, nullptr), Code::cancelled, false);
  if (writer_) finish(*std::exchange(writer_, nullptr), Code::cancelled, false);
}

void Socket::close(bool abort) {
  if (fd_ < 0) return;
  cancel();
  hang_up_callback_ = nullptr;
  loop_.timers().disarm(look_again_);
  readiness_.forget();
  unlink();
  if (abort) {
    linger reset{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  ::close(fd_);
  fd_ = -1;
}

void Socket::on_ready(Ready what) {
  if (what == Ready::write) {
    // The first time is the end of connecting; from now on the other side can hang up.
    if (!std::exchange(writable_, true) && !readable_) readiness_.want_read();
    return advance(writer_);
  }
  readable_ = true;
  const bool nobody_reads = !reader_;
  advance(reader_);
  if (writer_ && writer_->wants_ == Wants::either) advance(writer_);
  if (nobody_reads) look_for_hang_up();  // last: it may close this socket
}

void Socket::on_look_again(void* self) { static_cast<Socket*>(self)->look_for_hang_up(); }

void Socket::look_for_hang_up() {
  if (fd_ < 0 || !readable_ || reader_) return;  // who reads will see for himself
  pollfd look{fd_, POLLRDHUP, 0};
  if (::poll(&look, 1, 0) <= 0) {
    if (hang_up_callback_) loop_.timers().arm(look_again_, loop_.now_ms() + kHangUpLookMs);
    return;
  }
  hung_up_ = true;
  if (!hang_up_callback_) return;
  auto callback = std::exchange(hang_up_callback_, nullptr);
  callback();
}

void Socket::advance(Pending*& slot) {
  if (!slot) return;
  Pending& pending = *std::exchange(slot, nullptr);
  extended_ = false;
  Wants wants = pending.advance();
  if (wants == Wants::nothing) return finish(pending, Code::internal, true);
  place(pending, wants);
  if (extended_ && pending.timeout_ms_ > 0) loop_.timers().arm(pending.timer_, loop_.now_ms() + pending.timeout_ms_);
}

void Socket::place(Pending& pending, Wants wants) {
  pending.wants_ = wants;
  Pending*& slot = wants == Wants::readable ? reader_ : writer_;
  assert(!slot);  // one reader and one writer at a time
  slot = &pending;
}

void Socket::wait(Pending& pending, Wants wants) {
  assert(wants != Wants::nothing);
  pending.waiting_ = true;
  if (fd_ < 0 || loop_.stopping()) return finish(pending, Code::cancelled, false);
  place(pending, wants);
  if (pending.timeout_ms_ > 0) loop_.timers().arm(pending.timer_, loop_.now_ms() + pending.timeout_ms_);
}

void Socket::finish(Pending& pending, Code why, bool done) {
  assert(pending.waiting_);
  pending.waiting_ = false;
  pending.done_ = done;
  pending.why_ = why;
  loop_.timers().disarm(pending.timer_);
  loop_.resume_soon(pending.waiter_);
}

Socket::Pending::Pending(Socket& socket, std::uint32_t timeout_ms)
    : socket_(socket), timeout_ms_(timeout_ms), timer_(&Pending::on_timeout, this) {}

void Socket::Pending::suspend(std::coroutine_handle<> waiter, Wants wants) {
  waiter_ = waiter;
  socket_.wait(*this, wants);
}

base::Status Socket::Pending::status() const {
  if (done_) return base::ok_status();
  return why_not_done(why_);
}

void Socket::Pending::on_timeout(void* self) {
  auto& pending = *static_cast<Pending*>(self);
  Socket& socket = pending.socket_;
  if (socket.reader_ == &pending) socket.reader_ = nullptr;
  if (socket.writer_ == &pending) socket.writer_ = nullptr;
  socket.finish(pending, Code::timeout, false);
}

std::size_t Gather::fill(iovec* batch) const {
  std::size_t count = 0;
  std::size_t offset = offset_;
  for (std::size_t i = index_; i < pieces_.size() && count < kBatch; ++i, offset = 0) {
    std::string_view piece = pieces_[i].substr(offset);
    if (piece.empty()) continue;
    batch[count++] = {const_cast<char*>(piece.data()), piece.size()};
  }
  return count;
}

void Gather::skip(std::size_t bytes) {
  while (bytes > 0) {
    std::size_t left = pieces_[index_].size() - offset_;
    if (bytes < left) {
      offset_ += bytes;
      return;
    }
    bytes -= left;
    ++index_;
    offset_ = 0;
  }
}

Wants SendStep::operator()() {
  return gather->step([this](const iovec* pieces, std::size_t count) {
    Moved moved = socket->send(pieces, count);
    if (moved.kind == Moved::Kind::bytes) socket->extend_wait();
    return moved;
  });
}

}  // namespace basin::net
