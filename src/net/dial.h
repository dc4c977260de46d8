// Dial: makes one connection to an origin: name, address after address, TLS. Private to net/.
#pragma once

#include <cstdint>
#include <memory>

#include "base/result.h"
#include "net/event.h"
#include "net/task.h"
#include "net/upstream_connection.h"

namespace basin::net {

// See above. One connection at a time.
class Dial {
 public:
  Dial(PoolState& pool, const Origin& origin) : pool_(pool), origin_(origin), interrupt_(pool.loop) {}

  // A connection that can be written to. Call again for another, when the one before has ended.
  // Errors: unreachable, timeout, configuration (TLS cannot be set up), cancelled.
  Task<base::Result<std::unique_ptr<UpstreamConnection>>> connect(std::uint32_t timeout_ms);
  // Ends it, whatever it waits for.
  void cancel();

 private:
  Task<base::Status> connect_to(const Address& address, std::uint32_t timeout_ms);
  Task<base::Status> secure(std::uint32_t timeout_ms);

  PoolState& pool_;
  const Origin& origin_;
  Event interrupt_;  // ends the wait for a name
  bool cancelled_ = false;
  std::unique_ptr<UpstreamConnection> connection_;
};

}  // namespace basin::net
