// What `basin serve` says when it is ready: where it listens, what it found, what to type next.
#pragma once

#include <cstdint>

#include "cli/command.h"
#include "gateway/snapshot.h"

namespace basin::cli {

// Under --quiet, the address alone.
void print_banner(Context& context, const gateway::Snapshot& snapshot, std::uint16_t port);

}  // namespace basin::cli
