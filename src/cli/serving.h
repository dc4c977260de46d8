// A gateway made from configuration, the way `basin serve` and `basin claude` both do it: one path from the file to the
// port, for boot, reload and validation alike.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/running.h"
#include "config/environment.h"
#include "gateway/gateway.h"
#include "gateway/snapshot.h"
#include "upstream/awaited.h"
#include "upstream/options.h"

namespace basin::cli {

struct ServingOptions {
  std::string config;                 // as --config; empty: the default
  std::optional<std::string> host;    // in place of the file's
  std::optional<std::uint16_t> port;  // 0: any free one
  std::string
      subscription_vendor;  // whose subscription logins pass for this run, whatever the file says; empty: nobody's
  std::function<void(std::string_view)> say;            // told of reloads; any thread
  std::optional<upstream::UpstreamOptions> own_server;  // that we run ourselves (cli/own_server.h)
};

// What was found while loading, for people.
struct Loaded {
  std::shared_ptr<const gateway::Snapshot> snapshot;
  std::vector<std::string> remarks;  // warnings of the configuration, servers passed over; one sentence each
  upstream::Awaited awaited;         // servers that may turn up later
  std::string own_server;            // what options.own_server is called as an upstream; "" without one
};

// Configuration, discovery, catalogue. Blocks while loopback ports are asked, at most a few seconds.
// Errors: configuration, with file, line and key.
base::Result<Loaded> load_snapshot(const ServingOptions& options, const config::Environment& environment);

// Binds the port; call run() on what is returned. `environment` outlives the gateway.
base::Result<std::unique_ptr<gateway::Gateway>> open_gateway(const Loaded& loaded, const ServingOptions& options,
                                                             const config::Environment& environment);

// ~/.local/state/basin/serve.json, by which other commands find the running server. Removed by remove() and by the
// destructor, if it is still ours.
class StateFile {
 public:
  StateFile() = default;
  ~StateFile() { remove(); }
  StateFile(const StateFile&) = delete;
  StateFile& operator=(const StateFile&) = delete;

  // What else it tells from now on: our own model server.
  void tell_own_server(OwnServerPlace place) { own_server_ = std::move(place); }
  // Errors: configuration (the folder cannot be written).
  base::Status write(const config::Environment& environment, std::string_view host, std::uint16_t port);
  void remove();
  // What stands in it, or would: where the server is, for other programs.
  const std::string& describe(std::string_view host, std::uint16_t port);

 private:
  std::string path_, json_;
  std::optional<OwnServerPlace> own_server_;
};

}  // namespace basin::cli
