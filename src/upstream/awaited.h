// Servers that were not there, or not ready, when discovery looked: somebody who starts Ollama after Basin should not
// have to tell Basin so. Only what was silent is looked at again, so a server that runs hears nothing of this.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "upstream/probe.h"

namespace basin::upstream {

struct Awaited {
  std::vector<std::uint16_t> closed;  // ports of this machine at which nothing listened
  std::vector<std::string> loading;   // URLs at which servers said that they were not ready yet

  bool operator==(const Awaited&) const = default;
};

// Those of the ports at which nothing listens now. Any thread; a few microseconds each.
std::vector<std::uint16_t> closed_of(const std::vector<std::uint16_t>& ports);

// Whether one of them has come: a port that was closed takes connections, or a server that was loading answers
// something else. Blocks for as long as the prober takes, and only where a server was loading. Any thread.
bool has_come(const Awaited& awaited, const Prober& ask);

}  // namespace basin::upstream
