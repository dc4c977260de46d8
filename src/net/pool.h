// UpstreamPool: one loop's connections to upstreams: resolves names, connects, speaks TLS, keeps connections alive.
//
// An idle connection is watched like every socket: one that the server closes leaves the pool at that moment, so what
// is handed out is stale only when the server's FIN and our request cross. The connection used last is used first, so
// that the others can grow old and go.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "base/result.h"
#include "net/loop.h"
#include "net/origin.h"
#include "net/tls.h"

namespace basin::net {

struct PoolState;  // private to net/: upstream_connection.h

struct PoolCounts {
  std::uint64_t opened = 0;
  std::uint64_t reused = 0;
  std::uint64_t retried = 0;  // a stale connection's request, sent again on a fresh one
  std::size_t idle = 0;
};

// See above. One per loop.
class UpstreamPool {
 public:
  // REQUIRES: the loop outlives the pool, and every exchange has ended before it.
  UpstreamPool(Loop& loop, std::shared_ptr<const TlsClient> tls);
  ~UpstreamPool();
  UpstreamPool(const UpstreamPool&) = delete;
  UpstreamPool& operator=(const UpstreamPool&) = delete;

  Loop& loop() const;
  PoolCounts counts() const;
  // Closes what idles.
  void close_idle();

 private:
  friend class UpstreamExchange;
  std::unique_ptr<PoolState> state_;
};

}  // namespace basin::net
