#include "net/dial.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "net/limits.h"

namespace basin::net {

using base::Code;

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

std::uint32_t left_ms(std::int64_t deadline_ms, std::int64_t now_ms) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(deadline_ms - now_ms, 1));
}

}  // namespace

Task<base::Result<std::unique_ptr<UpstreamConnection>>> Dial::connect(std::uint32_t timeout_ms) {
  std::int64_t deadline_ms = pool_.loop.now_ms() + timeout_ms;
  auto addresses = co_await pool_.resolver.resolve(origin_.host, origin_.port, timeout_ms, interrupt_);
  if (cancelled_) co_return base::fail(Code::cancelled, "cancelled");
  if (!addresses.ok()) co_return addresses.error();
  interrupt_.reset();
  base::Status status = base::ok_status();
  for (std::size_t i = 0; i < addresses->size(); ++i) {
    std::uint32_t wait_ms = left_ms(deadline_ms, pool_.loop.now_ms());
    if (i + 1 < addresses->size()) wait_ms = std::min(wait_ms, kNextAddressMs);
    status = co_await connect_to((*addresses)[i], wait_ms);
    if (status.ok() || cancelled_ || pool_.loop.now_ms() >= deadline_ms) break;
  }
  if (status.ok() && origin_.tls) status = co_await secure(left_ms(deadline_ms, pool_.loop.now_ms()));
  auto connection = std::move(connection_);
  if (cancelled_) co_return base::fail(Code::cancelled, "cancelled");
  if (!status.ok()) co_return status.error();
  ++pool_.counts.opened;
  co_return connection;
}

Task<base::Status> Dial::connect_to(const Address& address, std::uint32_t timeout_ms) {
  connection_.reset();
  std::string where = origin_.authority();
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
  connection_ = std::make_unique<UpstreamConnection>(pool_, pool_.home_of(origin_), fd);
  error = 0;
  Socket& socket = connection_->socket();
  base::Status status = co_await socket.until(ConnectStep{&socket, &error}, timeout_ms);
  if (status.ok() && error == 0) co_return status;
  if (!status.ok() && status.error().code == Code::cancelled) co_return status;
  std::string why = status.ok() ? std::strerror(error) : "no answer in time";
  Code code = status.ok() ? Code::unreachable : Code::timeout;
  co_return base::fail(code, "cannot reach " + where + ": " + why);
}

Task<base::Status> Dial::secure(std::uint32_t timeout_ms) {
  std::string where = "TLS with " + origin_.authority();
  if (!pool_.tls) co_return base::fail(Code::configuration, where + " is not set up here");
  base::Status begun = connection_->secure(*pool_.tls);
  if (!begun.ok()) co_return begun;
  auto outcome = Moved::Kind::failed;
  base::Status status = co_await connection_->socket().until(HandshakeStep{connection_.get(), &outcome}, timeout_ms);
  if (!status.ok()) co_return base::fail(status.error().code, where + ": " + status.error().message);
  if (outcome != Moved::Kind::bytes)
    co_return base::fail(Code::unreachable, where + " failed: " + connection_->tls_failure());
  co_return status;
}

void Dial::cancel() {
  cancelled_ = true;
  interrupt_.set();
  if (connection_) connection_->socket().close();
}

}  // namespace basin::net
