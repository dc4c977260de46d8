// exp and log in plain IEEE arithmetic: the C library's differ between machines in the last digit, and the same prompt
// must give the same record everywhere. Exact to about 1e-9 relative, which is far below what a weight file resolves.
#pragma once

#include <bit>
#include <cstdint>

namespace basin::geometry {

// e^x for any finite x; 0 and the largest float-range value past the ends.
inline double exp_of(double x) {
  if (x < -700) return 0;
  if (x > 80) x = 80;
  const double y = x * 1.4426950408889634074;
  const auto whole = static_cast<std::int64_t>(y < 0 ? y - 0.5 : y + 0.5);
  const double f = (y - static_cast<double>(whole)) * 0.69314718055994530942;  // in [-0.347, 0.347]
  double sum = 1, term = 1;
  for (int i = 1; i <= 10; ++i) {
    term *= f / i;
    sum += term;
  }
  return sum * std::bit_cast<double>(static_cast<std::uint64_t>(whole + 1023) << 52);
}

// Base-2 logarithm of x >= 1.
inline double log2_of(double x) {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto whole = static_cast<double>(static_cast<std::int64_t>(bits >> 52) - 1023);
  const double m = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);  // in [1, 2)
  const double t = (m - 1.4142135623730951) / (m + 1.4142135623730951);
  const double t2 = t * t;
  const double series = t * (2 + t2 * (2.0 / 3 + t2 * (2.0 / 5 + t2 * (2.0 / 7 + t2 * (2.0 / 9 + t2 * (2.0 / 11))))));
  return whole + 0.5 + series * 1.4426950408889634074;
}

inline double logistic(double x) { return 1 / (1 + exp_of(-x)); }

}  // namespace basin::geometry
