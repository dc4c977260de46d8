#include "net/socket.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cassert>
#include <cerrno>

namespace basin::net {

using base::Code;

namespace {

constexpr std::uint32_t kGone = EPOLLRDHUP | EPOLLHUP | EPOLLERR;

base::Error why_not_done(Code code) {
  if (code == Code::timeout) return base::fail(code, "the other side did not go on in time");
  return base::fail(code, "cancelled");
}

}  // namespace

Socket::Socket(Loop& loop, int fd, bool connecting) : loop_(loop), fd_(fd), writable_(!connecting) {
  if (loop_.watch(fd_, *this).ok()) return;
  ::close(fd_);
  fd_ = -1;
  hung_up_ = true;
}

Moved Socket::receive(char* into, std::size_t size) {
  if (fd_ < 0) return {};
  if (!readable_) return {Moved::Kind::would_block, 0, Wants::readable};
  for (;;) {
    ssize_t n = ::recv(fd_, into, size, 0);
    if (n > 0) {
      // A short read has emptied the socket, as the next arrival is a new edge; not so when a FIN waits behind it.
      if (static_cast<std::size_t>(n) < size && !hung_up_) readable_ = false;
      return {Moved::Kind::bytes, static_cast<std::size_t>(n)};
    }
    if (n == 0) return {Moved::Kind::ended};
    if (errno == EINTR) continue;
    if (errno != EAGAIN && errno != EWOULDBLOCK) return {};
    readable_ = false;
    return {Moved::Kind::would_block, 0, Wants::readable};
  }
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
    return {Moved::Kind::would_block, 0, Wants::writable};
  }
}

void Socket::on_hang_up(std::function<void()> callback) {
  hang_up_callback_ = nullptr;
  if (hung_up_ && callback)
    callback();
  else
    hang_up_callback_ = std::move(callback);
}

void Socket::cancel() {
  if (reader_) finish(*std::exchange(reader_, nullptr), Code::cancelled, false);
  if (writer_) finish(*std::exchange(writer_, nullptr), Code::cancelled, false);
}

void Socket::close(bool abort) {
  if (fd_ < 0) return;
  cancel();
  hang_up_callback_ = nullptr;
  loop_.unwatch(fd_, *this);
  if (abort) {
    linger reset{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }
  ::close(fd_);
  fd_ = -1;
}

void Socket::on_events(std::uint32_t events) {
  bool gone = (events & kGone) != 0;
  bool first_time = gone && !hung_up_;
  if (gone) hung_up_ = true;
  if (gone || (events & EPOLLIN) != 0) {
    readable_ = true;
    advance(reader_);
    if (writer_ && writer_->wants_ == Wants::either) advance(writer_);
  }
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) {
    writable_ = true;
    advance(writer_);
  }
  if (!first_time || !hang_up_callback_) return;
  auto callback = std::exchange(hang_up_callback_, nullptr);
  callback();  // last: it may close this socket
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
