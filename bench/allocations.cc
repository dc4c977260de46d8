#include "bench/allocations.h"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <new>
#include <string>

namespace basin::bench {
namespace {

std::atomic<std::uint64_t> calls;
std::uint64_t resident_before;

// A line "VmRSS:   1234 kB" of /proc/self/status, in bytes; 0 where there is none.
std::uint64_t status_bytes(const std::string& name) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    std::uint64_t kilobytes = 0;
    if (word == name && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

}  // namespace

std::uint64_t allocations() { return calls.load(std::memory_order_relaxed); }

void forget_peak() {
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << 5;  // VmHWM := VmRSS, see proc(5)
  resident_before = status_bytes("VmRSS:");
}

std::uint64_t peak_bytes() {
  const std::uint64_t peak = status_bytes("VmHWM:");
  return peak > resident_before ? peak - resident_before : 0;
}

}  // namespace basin::bench

void* operator new(std::size_t size) {
  basin::bench::calls.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
