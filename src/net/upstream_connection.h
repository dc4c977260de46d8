// A connection to an upstream, plain or TLS, and the pool's inside. Private to net/.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "net/limits.h"
#include "net/origin.h"
#include "net/pool.h"
#include "net/resolver.h"
#include "net/socket.h"
#include "net/tls_stream.h"

namespace basin::net {

class UpstreamConnection;

// What the pool knows of one origin.
struct UpstreamHome {
  Origin origin;
  TlsSession session;
  std::vector<std::unique_ptr<UpstreamConnection>> idle;  // the one used last at the back
};

// One connection; in use by one exchange, or idle in its home.
class UpstreamConnection {
 public:
  UpstreamConnection(PoolState& pool, UpstreamHome& home, int fd);

  Socket& socket() { return socket_; }
  const UpstreamHome& home() const { return home_; }
  // Makes TLS of it; then co_await until(HandshakeStep).
  base::Status secure(const TlsClient& client);

  Moved handshake() { return tls_->handshake(); }
  std::string tls_failure() const { return tls_ ? tls_->failure() : std::string(); }
  Moved receive(char* into, std::size_t size) { return tls_ ? tls_->receive(into, size) : socket_.receive(into, size); }
  Moved send(const iovec* pieces, std::size_t count) {
    return tls_ ? tls_->send(pieces, count) : socket_.send(pieces, count);
  }

  // While sending: whether the upstream has begun to answer, other than by an interim answer, or has closed.
  bool answers_early();
  // While idle: whether it has become useless: closed, or holding bytes nobody asked for.
  bool stale();

 private:
  friend struct PoolState;
  // As receive, but the bytes stay.
  Moved peek(char* into, std::size_t size);

  UpstreamHome& home_;
  Socket socket_;
  std::unique_ptr<TlsStream> tls_;  // after socket_: it uses it until its own end
  Timer idle_timer_;
  PoolState& pool_;
};

// The inside of UpstreamPool.
struct PoolState {
  PoolState(Loop& l, std::shared_ptr<const TlsClient> t) : loop(l), tls(std::move(t)), resolver(l) {}

  // What is known of the origin; made when nothing is.
  UpstreamHome& home_of(const Origin& origin);
  // An idle connection that is still good; null when there is none.
  std::unique_ptr<UpstreamConnection> take(UpstreamHome& home);
  void give_back(std::unique_ptr<UpstreamConnection> connection);
  void drop(UpstreamConnection& idle);

  // kReadBytes of memory for the time that a piece of an answer is being handed on.
  std::unique_ptr<char[]> take_buffer();
  void give_buffer(std::unique_ptr<char[]> buffer);

  Loop& loop;
  std::shared_ptr<const TlsClient> tls;
  Resolver resolver;
  std::vector<std::unique_ptr<UpstreamHome>> homes;  // few: as many as there are configured servers
  std::vector<std::unique_ptr<char[]>> buffers;
  PoolCounts counts;
};

}  // namespace basin::net
