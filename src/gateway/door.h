// The Door: one loop's way in. It owns what the requests of one thread share without locks: the snapshot in force, the
// connections to upstreams, and the workspace in which a request is read and measured.
#pragma once

#include <memory>

#include "base/json.h"
#include "gateway/shared.h"
#include "gateway/snapshot.h"
#include "geometry/measure.h"
#include "net/pool.h"
#include "net/server.h"

namespace basin::gateway {

// Scratch of one thread; reading and measuring never wait, so one is enough for all of a loop's exchanges.
struct Workspace {
  base::json::Document document;
  geometry::Scratch scratch;
};

// One per loop, made and used on its thread.
class Door final : public net::Service {
 public:
  // `shared` outlives the door.
  Door(net::Loop& loop, Shared& shared, std::shared_ptr<const Snapshot> snapshot);

  net::Task<void> exchange(net::ServerConnection& client) override;
  void use(std::shared_ptr<const Snapshot> snapshot) { snapshot_ = std::move(snapshot); }

  Shared& shared() { return shared_; }
  const std::shared_ptr<const Snapshot>& snapshot() const { return snapshot_; }
  net::UpstreamPool& pool() { return pool_; }
  Workspace& workspace() { return workspace_; }
  net::Loop& loop() { return loop_; }
  std::int64_t now_ms() const { return loop_.now_ms(); }  // monotonic
  std::int64_t unix_ms() const;

 private:
  net::Loop& loop_;
  Shared& shared_;
  std::shared_ptr<const Snapshot> snapshot_;
  net::UpstreamPool pool_;
  Workspace workspace_;
};

}  // namespace basin::gateway
