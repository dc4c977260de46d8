#include "net/pool.h"

#include <sys/socket.h>

#include <algorithm>
#include <string_view>

#include "net/upstream_connection.h"

namespace basin::net {

using base::Code;

UpstreamConnection::UpstreamConnection(PoolState& pool, UpstreamHome& home, int fd)
    : home_(home),
      socket_(pool.loop, fd, true),
      idle_timer_(
          [](void* self) {
            auto& connection = *static_cast<UpstreamConnection*>(self);
            connection.pool_.drop(connection);
          },
          this),
      pool_(pool) {}

base::Status UpstreamConnection::secure(const TlsClient& client) {
  auto stream = TlsStream::open(client, socket_, home_.origin.host, home_.session);
  if (!stream.ok()) return stream.error();
  tls_ = std::move(*stream);
  return base::ok_status();
}

Moved UpstreamConnection::peek(char* into, std::size_t size) {
  if (tls_) return tls_->peek(into, size);
  ssize_t n = ::recv(socket_.fd(), into, size, MSG_PEEK);
  if (n > 0) return {Moved::Kind::bytes, static_cast<std::size_t>(n)};
  if (n == 0) return {Moved::Kind::ended};
  if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) return {Moved::Kind::would_block, 0, Wants::readable};
  return {};
}

bool UpstreamConnection::answers_early() {
  if (!socket_.readable()) return false;
  constexpr std::string_view kInterim = "HTTP/1.1 1";
  char begin[kInterim.size()];
  Moved moved = peek(begin, sizeof begin);
  if (moved.kind == Moved::Kind::would_block) return false;
  return !kInterim.starts_with(std::string_view(begin, moved.count)) || moved.kind != Moved::Kind::bytes;
}

bool UpstreamConnection::stale() {
  if (!socket_.open() || socket_.hung_up()) return true;
  if (!socket_.readable()) return false;
  char byte;
  return peek(&byte, 1).kind != Moved::Kind::would_block;  // TLS: a session ticket is no news
}

UpstreamHome& PoolState::home_of(const Origin& origin) {
  for (auto& home : homes)
    if (home->origin == origin) return *home;
  homes.push_back(std::make_unique<UpstreamHome>());
  homes.back()->origin = origin;
  return *homes.back();
}

std::unique_ptr<UpstreamConnection> PoolState::take(UpstreamHome& home) {
  while (!home.idle.empty()) {
    auto connection = std::move(home.idle.back());
    home.idle.pop_back();
    --counts.idle;
    connection->socket_.on_hang_up(nullptr);
    loop.timers().disarm(connection->idle_timer_);
    if (!connection->stale()) return connection;
  }
  return nullptr;
}

void PoolState::give_back(std::unique_ptr<UpstreamConnection> connection) {
  UpstreamConnection& idle = *connection;
  if (loop.stopping() || idle.stale()) return;
  UpstreamHome& home = idle.home_;
  if (home.idle.size() >= kIdlePerOrigin) drop(*home.idle.front());
  home.idle.push_back(std::move(connection));
  ++counts.idle;
  loop.timers().arm(idle.idle_timer_, loop.now_ms() + kIdleUpstreamMs);
  idle.socket_.on_hang_up([this, &idle] { drop(idle); });
}

void PoolState::drop(UpstreamConnection& idle) {
  auto& list = idle.home_.idle;
  auto found = std::find_if(list.begin(), list.end(), [&](const auto& each) { return each.get() == &idle; });
  if (found == list.end()) return;
  auto dying = std::move(*found);  // its end unregisters it; the list must be whole by then
  list.erase(found);
  --counts.idle;
}

std::unique_ptr<char[]> PoolState::take_buffer() {
  if (buffers.empty()) return std::make_unique_for_overwrite<char[]>(kReadBytes);
  auto buffer = std::move(buffers.back());
  buffers.pop_back();
  return buffer;
}

void PoolState::give_buffer(std::unique_ptr<char[]> buffer) {
  if (buffer && buffers.size() < kSpareBuffers) buffers.push_back(std::move(buffer));
}

UpstreamPool::UpstreamPool(Loop& loop, std::shared_ptr<const TlsClient> tls)
    : state_(std::make_unique<PoolState>(loop, std::move(tls))) {}
UpstreamPool::~UpstreamPool() = default;

Loop& UpstreamPool::loop() const { return state_->loop; }
PoolCounts UpstreamPool::counts() const { return state_->counts; }

void UpstreamPool::close_idle() {
  for (auto& home : state_->homes) {
    state_->counts.idle -= home->idle.size();
    home->idle.clear();
  }
}

}  // namespace basin::net
