// Can every tier be served? What `basin validate` finds out about a snapshot that a server would start with.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/snapshot.h"
#include "net/fetch.h"

namespace basin::cli {

// A coding agent's first request, before the person has said a word: prompts and tools, in tokens.
inline constexpr std::uint32_t kAgentFloor = 12'000;

struct TierReport {
  std::string name, model, upstream, url;
  std::string key;  // "ours", "client's", "none needed", "missing"
  std::uint32_t context = 0;
  bool context_known = false;
  bool priced = false;
  bool reachable = true;              // false: asked, and nobody answered
  std::vector<std::string> problems;  // why it cannot be served
  std::vector<std::string> remarks;   // what works less well than it could
};

// What was found out, tier by tier.
struct Checkup {
  std::vector<TierReport> tiers;
  std::vector<std::string> remarks;  // about all of them

  bool valid() const;
  bool nobody_reachable() const;  // there are tiers, and no server of them answered
};

// Asks a server; replaced in tests.
using Asker = std::function<base::Result<net::FetchResponse>(net::FetchRequest)>;

// Looks at what is known without asking. `now_ms` (Unix time) picks the prices.
Checkup check_up(const gateway::Snapshot& snapshot, std::int64_t now_ms);

// Also asks each tier's server for its models, with our key where we have one.
void check_online(const gateway::Snapshot& snapshot, const Asker& ask, Checkup& checkup);

}  // namespace basin::cli
