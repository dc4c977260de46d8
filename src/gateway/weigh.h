// Weighing the tiers for one request: what it will cost in tokens and money at each, and whether each can take it at
// all. Nothing is decided here; route/ does that with what comes out.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/decision.h"
#include "core/prompt.h"
#include "core/request.h"
#include "gateway/shared.h"
#include "gateway/snapshot.h"
#include "gateway/wishes.h"
#include "route/decide.h"

namespace basin::gateway {

// One request, understood and measured. Refers to its parts: use it while they live.
struct Weighing {
  const Snapshot& snapshot;
  Shared& shared;
  const core::Request& request;
  std::uint64_t text_bytes = 0;  // of the request
  const core::Prompt& prompt;
  const core::Difficulty& difficulty;
  const Wishes& wishes;
  bool agent = false;  // a coding agent, which offers its vendor's own tools with every request
  std::int64_t unix_ms = 0;
  std::int64_t now_ms = 0;  // monotonic

  // What kind of work it is.
  upstream::Service service() const;
  // Agents offer their vendor's tools (web search) always. That keeps them with the vendor, not with the model; anybody
  // else who names such a tool means the model that he named it for.
  bool offers_vendor_tool() const { return agent && request.bound == core::Bound::server_tool; }
  // Tokens of prompt and answer at this model, by what its server has told of others' (upstream/token_rates.h).
  core::Usage usage_at(std::string_view model) const;
};

// Bytes of a body that are read as text: pictures are counted otherwise.
std::uint64_t text_bytes(const core::Request& request);

// The tiers, cheapest first, and what each would cost.
struct Weighed {
  std::vector<route::Candidate> candidates;
  std::vector<std::optional<core::MicroUsd>> costs;
};
// REQUIRES: there are tiers.
Weighed weigh(const Weighing& w);

}  // namespace basin::gateway
