// Resolver: names to addresses, for one loop. Addresses and localhost at once; names by getaddrinfo on a thread of its
// own, as it blocks, and kept for a short while. Private to net/.
#pragma once

#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "net/event.h"
#include "net/loop.h"
#include "net/task.h"

namespace basin::net {

struct Address {
  sockaddr_storage storage{};
  socklen_t size = 0;
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

// See above.
class Resolver {
 public:
  explicit Resolver(Loop& loop);
  ~Resolver();

  // In the order to try them, the port filled in, never empty. `interrupt` ends the wait with Code::cancelled when
  // another sets it; the resolver sets it, too. Errors: unreachable (also: link-local), timeout, cancelled.
  Task<base::Result<std::vector<Address>>> resolve(std::string host, std::uint16_t port, std::uint32_t timeout_ms,
                                                   Event& interrupt);

 private:
  struct State;
  std::shared_ptr<State> state_;  // look-ups that are still out point at it weakly
};

}  // namespace basin::net
