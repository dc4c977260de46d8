// Cache breakpoints of an Anthropic request. Basin never sets one: the API refuses a fifth ("A maximum of 4 blocks with
// cache_control may be provided"), and one that moves turns a cheap read of the whole history into a dear write. This
// counts them, so that it can be proved.
#pragma once

#include <cstddef>
#include <vector>

#include "base/json.h"
#include "core/request.h"

namespace basin::wire {

// The most that the API takes in one request.
inline constexpr std::size_t kMostCacheBreakpoints = 4;

// Where each object that carries a cache_control stands in the body: tools, blocks of the system prompt and of
// messages, blocks within a tool's results; the whole body for the automatic one at the top, which takes one of the
// four. In body order within each of system, tools and messages, which are walked in this order. A null is none.
std::vector<core::ByteRange> cache_breakpoints(base::json::Value root);

}  // namespace basin::wire
