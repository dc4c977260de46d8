// Money is integer micro-dollars, never floating point: sums of millions of answers stay exact.
#pragma once

#include <compare>
#include <cstdint>

namespace basin::core {

struct MicroUsd {
  std::int64_t value = 0;
  friend auto operator<=>(MicroUsd, MicroUsd) = default;
  MicroUsd& operator+=(MicroUsd other) {
    value += other.value;
    return *this;
  }
  friend MicroUsd operator+(MicroUsd a, MicroUsd b) { return {a.value + b.value}; }
  friend MicroUsd operator-(MicroUsd a, MicroUsd b) { return {a.value - b.value}; }
};

// Token classes as vendors bill them. `input` is the uncached part only, whatever the dialect reports.
struct Usage {
  std::uint64_t input = 0;
  std::uint64_t cache_read = 0;
  std::uint64_t cache_write_5m = 0;
  std::uint64_t cache_write_1h = 0;
  std::uint64_t output = 0;  // includes reasoning
  std::uint64_t reasoning = 0;
  bool known = false;  // the server said so; otherwise an estimate
};

}  // namespace basin::core
