// What a piece of work takes from memory: calls of operator new, which this file's .cc replaces in the whole program,
// and pages that became resident, as the kernel counts them.
#pragma once

#include <cstdint>

namespace basin::bench {

// Calls of operator new since the program began.
std::uint64_t allocations();

// Resident memory of the process beyond what it had at the last forget_peak(), at the highest since then, in bytes.
// forget_peak() first gives back what lies free, so that memory used again counts too.
void forget_peak();
std::uint64_t peak_bytes();

}  // namespace basin::bench
