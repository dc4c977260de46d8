#include "histogram.h"

#include <bit>
#include <cmath>

namespace basin::bench {

void Histogram::add(std::uint64_t value_ns) {
  const auto width = static_cast<unsigned>(std::bit_width(value_ns | 1));
  const unsigned shift = width > kBits + 1 ? width - kBits - 1 : 0;
  // (value >> shift) lies in 64..127 once shift is above 0, so that (shift << 6) + it runs on without a gap.
  ++buckets_[(static_cast<std::size_t>(shift) << kBits) + (value_ns >> shift)];
  ++count_;
}

void Histogram::merge(const Histogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
}

std::uint64_t Histogram::percentile(double share) const {
  if (count_ == 0) return 0;
  const auto wanted = static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets; ++i) {
    seen += buckets_[i];
    if (buckets_[i] == 0 || seen < wanted) continue;
    const std::size_t shift = i >> kBits >= 2 ? (i >> kBits) - 1 : 0;
    const std::uint64_t low = (i - (shift << kBits)) << shift;
    return low + ((1ull << shift) >> 1);
  }
  return 0;
}

}  // namespace basin::bench
