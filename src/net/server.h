// Server: listens, spreads connections over one loop per thread, and calls a Service for each request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include "base/result.h"
#include "net/connection.h"
#include "net/loop.h"
#include "net/options.h"
#include "net/task.h"

namespace basin::net {

// What answers requests. One instance per loop, made and called on that loop's thread, so it needs no locks.
class Service {
 public:
  virtual ~Service() = default;
  // One request: the head has been read. Write an answer and return; returning without finish() cuts the connection,
  // which tells the client that the answer is not whole.
  virtual Task<void> exchange(ServerConnection& connection) = 0;
};
using ServiceFactory = std::function<std::unique_ptr<Service>(Loop&)>;

// Connections since the start, and now.
struct ServerCounts {
  std::uint64_t accepted = 0;
  std::uint64_t turned_away = 0;  // past max_connections
  std::size_t open = 0;
};

// See above. Its descriptors and memory are given up with it; run() must have returned.
class Server {
 public:
  // Binds and listens. Errors: conflict (the port is taken), configuration (an address that is not ours).
  static base::Result<std::unique_ptr<Server>> open(const ServeOptions& options, ServiceFactory factory);
  ~Server();

  std::uint16_t port() const;
  // Serves until stop(); the calling thread is the first of the loops' threads.
  void run();
  // Any thread. Accepts no more, closes idle connections, lets exchanges in flight end for up to grace_ms, then cuts
  // them; run() returns. A second call with a shorter grace shortens it.
  void stop(std::uint32_t grace_ms);
  // Any thread: runs `work` on every loop's thread, with that loop's service.
  void on_every_loop(std::function<void(Service&)> work);
  // Any thread.
  ServerCounts counts() const;

 private:
  struct Shared;
  class Worker;
  explicit Server(std::unique_ptr<Shared> shared);
  std::unique_ptr<Shared> shared_;
};

}  // namespace basin::net
