// A set of hashes that is emptied by counting up: a slot is taken only when it carries the stamp of the present
// filling, so that clearing it touches nothing.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace basin::geometry {

class HashSet {
 public:
  static constexpr std::size_t kSlots = 1024;  // 8 KB, which a processor keeps at hand
  // A quarter of the slots stays free, which keeps the walks to one short, and ends them.
  static constexpr std::size_t kLimit = kSlots / 4 * 3;

  void clear() {
    size_ = 0;
    if (++stamp_ == 0) {  // the first stamps come round again: their slots must not
      slots_.fill(0);
      stamp_ = 1;
    }
  }
  // Different hashes past kLimit are left out.
  void insert(std::uint32_t hash) {
    std::uint64_t& slot = slots_[find(hash)];
    if (slot == filled(hash) || size_ == kLimit) return;
    slot = filled(hash);
    ++size_;
  }
  bool contains(std::uint32_t hash) const { return slots_[find(hash)] == filled(hash); }

 private:
  std::uint64_t filled(std::uint32_t hash) const { return std::uint64_t{stamp_} << 32 | hash; }
  // The slot of the hash, or the free one where it would be.
  std::size_t find(std::uint32_t hash) const {
    std::size_t at = hash % kSlots;
    while (slots_[at] >> 32 == stamp_ && slots_[at] != filled(hash)) at = (at + 1) % kSlots;
    return at;
  }

  std::uint32_t stamp_ = 1;
  std::size_t size_ = 0;
  std::array<std::uint64_t, kSlots> slots_{};
};

}  // namespace basin::geometry
