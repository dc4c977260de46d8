// Sums and products of numbers that strangers wrote: too large ones stay at the most there is, instead of wrapping
// round to something small.
#pragma once

#include <cstdint>

namespace basin::base {

// The most there is.
inline constexpr std::uint64_t kMost = ~std::uint64_t{0};

constexpr std::uint64_t saturating_add(std::uint64_t a, std::uint64_t b) { return a > kMost - b ? kMost : a + b; }

constexpr std::uint64_t saturating_multiply(std::uint64_t a, std::uint64_t b) {
  return b != 0 && a > kMost / b ? kMost : a * b;
}

}  // namespace basin::base
