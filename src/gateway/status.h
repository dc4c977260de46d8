// The state of the gateway, for programs: /basin/status and /metrics.
#pragma once

#include <cstdint>
#include <string>

#include "gateway/door.h"
#include "gateway/snapshot.h"

namespace basin::gateway {

// {"schema":"basin.status/1",...}: version, mode, configuration, tiers, upstreams, counts. No secret, no prompt.
std::string status_json(Door& door, const Snapshot& snapshot, std::int64_t unix_ms);

// Prometheus text: the counters.
std::string metrics_text(Door& door);

}  // namespace basin::gateway
