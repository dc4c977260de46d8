// The gateway: a server whose every request is an Exchange (exchange.cc), and the snapshot they are served by.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "base/result.h"
#include "gateway/shared.h"
#include "gateway/snapshot.h"
#include "net/server.h"

namespace basin::gateway {

class Gateway {
 public:
  struct Options {
    std::string version;
    std::shared_ptr<const geometry::Model> model;
    SnapshotSource load;
    // Whether what load() reads has changed since it was last asked; empty: never looked at by itself. It is called,
    // and load() after it, on a thread of its own: both may ask servers and wait, and no request waits with them.
    std::function<bool()> changed;
    // Told what happens: reloads and their errors, one line each. Any thread. Never told a secret or a prompt.
    std::function<void(std::string_view)> say;
  };

  // Binds the address. Errors: conflict (the port is taken), configuration.
  static base::Result<std::unique_ptr<Gateway>> open(std::shared_ptr<const Snapshot> first, Options options);
  ~Gateway();

  std::uint16_t port() const { return server_->port(); }
  void run();                         // until stop(); the calling thread serves too
  void stop(std::uint32_t grace_ms);  // any thread, any number of times
  // Any thread. Loads, and swaps whole; an error changes nothing and is said.
  base::Status reload();

 private:
  explicit Gateway(Options options);
  void watch();

  Options options_;
  Shared shared_;
  std::mutex mutex_;  // of snapshot_ and of reloading
  std::shared_ptr<const Snapshot> snapshot_;
  std::unique_ptr<net::Server> server_;

  std::thread watcher_;  // joined first of all
  std::mutex ending_mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
};

}  // namespace basin::gateway
