#include "connection.h"

#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cerrno>

namespace basin::bench {

void Connection::send(const Request& request, std::uint64_t serial, std::uint64_t started_ns) {
  for (std::size_t i = Request::kSerialDigits; i-- > 0; serial /= 10) serial_[i] = static_cast<char>('0' + serial % 10);
  request_ = &request;
  sent_ = 0;
  started_ns_ = started_ns;
  answer_.reset();
  write_rest();  // a failure shows as an event too
}

// True while the socket took what it was given; sends the four pieces from where it stopped.
bool Connection::write_rest() {
  const std::array<std::string_view, 4> pieces = {request_->head, request_->before,
                                                  std::string_view(serial_, sizeof serial_), request_->after};
  std::size_t total = 0;
  for (const std::string_view piece : pieces) total += piece.size();
  while (sent_ < total) {
    std::array<iovec, 4> rest{};
    std::size_t count = 0, skip = sent_;
    for (const std::string_view piece : pieces) {
      if (skip < piece.size()) {
        rest[count].iov_base = const_cast<char*>(piece.data() + skip);
        rest[count++].iov_len = piece.size() - skip;
      }
      skip = skip < piece.size() ? 0 : skip - piece.size();
    }
    msghdr message{};
    message.msg_iov = rest.data();
    message.msg_iovlen = count;
    const ssize_t written = sendmsg(socket_.get(), &message, MSG_NOSIGNAL);
    if (written < 0) {
      const bool full = errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOTCONN;
      if (full && !waits_to_write_) poller_.change(socket_.get(), token_, EPOLLIN | EPOLLOUT);
      waits_to_write_ = waits_to_write_ || full;
      return full;
    }
    sent_ += static_cast<std::size_t>(written);
  }
  if (waits_to_write_) poller_.change(socket_.get(), token_, EPOLLIN);
  waits_to_write_ = false;
  return true;
}

Connection::Progress Connection::drive(std::uint32_t events, std::string* body) {
  if (idle()) {
    if (events & (EPOLLHUP | EPOLLERR | EPOLLIN)) {  // the server closed a connection nobody used
      fail();
      return Progress::none;
    }
    poller_.change(socket_.get(), token_, EPOLLIN);
    waits_to_write_ = false;
    return Progress::none;
  }
  if ((events & EPOLLOUT) && !write_rest()) return fail();
  if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) return read_some(body);
  return Progress::none;
}

Connection::Progress Connection::read_some(std::string* body) {
  std::array<char, 64 * 1024> input;
  const ssize_t count = recv(socket_.get(), input.data(), input.size(), 0);
  if (count < 0) return errno == EAGAIN ? Progress::none : fail();
  if (count == 0) return fail();  // every server here keeps its connections
  std::string_view data(input.data(), static_cast<std::size_t>(count));
  while (!data.empty() && !answer_.done() && !answer_.bad()) data.remove_prefix(answer_.feed(data, body));
  if (answer_.bad() || !data.empty()) return fail();
  if (!answer_.done()) return Progress::some;
  if (answer_.status() != 200) return fail();
  request_ = nullptr;
  return Progress::finished;
}

Connection::Progress Connection::fail() {
  request_ = nullptr;
  socket_ = connect_to(port_);
  poller_.add(socket_.get(), token_, EPOLLIN | EPOLLOUT);
  waits_to_write_ = true;
  return Progress::failed;
}

}  // namespace basin::bench
