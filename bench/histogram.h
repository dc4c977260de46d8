// Latencies without a list of them: counts in buckets whose width grows with the value, so that every percentile is
// within 0.8 % of the truth from a nanosecond to an hour, in 33 KB.
#pragma once

#include <array>
#include <cstdint>

namespace basin::bench {

class Histogram {
 public:
  void add(std::uint64_t value_ns);
  void merge(const Histogram& other);
  std::uint64_t count() const { return count_; }
  // The value below which `share` (0..1) of the values lie; 0 where there are none.
  std::uint64_t percentile(double share) const;

 private:
  static constexpr unsigned kBits = 6;  // 64 buckets for each power of two
  static constexpr std::size_t kBuckets = (65 - kBits) << kBits;
  std::array<std::uint64_t, kBuckets> buckets_{};
  std::uint64_t count_ = 0;
};

}  // namespace basin::bench
