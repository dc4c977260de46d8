// The last decisions, in memory, so that every answer's decision can be looked at: GET /basin/decisions/{id}.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision.h"

namespace basin::gateway {

// Thread safe. A ring: an id holds the number of its decision, so that lookup is one index and one comparison.
class Decisions {
 public:
  static constexpr std::size_t kCapacity = 10'000;
  // Enough of the ask to recognise it; the whole of it would let ten thousand pasted pages stay in memory.
  static constexpr std::size_t kKeptAsk = 400;

  // Of an ask in many pieces, so many of their places.
  static constexpr std::size_t kKeptSpans = 32;

  // `boot` tells the ids of one run from those of the next; any number will do.
  explicit Decisions(std::uint32_t boot, std::size_t capacity = kCapacity) : boot_(boot), capacity_(capacity) {}

  // The id of the next decision, "d-<boot>-<number>". Ids are handed out before the decision is kept.
  std::string next_id();
  // A decision that is kept again, with another attempt in it, is counted once. REQUIRES: decision.id came from
  // next_id()
  void keep(core::Decision decision);
  std::optional<core::Decision> find(std::string_view id) const;
  // The newest `count` at most, newest first.
  std::vector<core::Decision> recent(std::size_t count) const;

  struct Totals {
    std::uint64_t decided = 0;
    std::array<std::uint64_t, 3> by_action{};  // small, verify, large
  };
  Totals totals() const;

 private:
  std::optional<std::uint64_t> number_of(std::string_view id) const;

  const std::uint32_t boot_;
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::uint64_t next_ = 0;
  std::uint64_t newest_ = 0;
  Totals totals_;
  std::vector<core::Decision> ring_;  // grows to the capacity, then wraps
};

}  // namespace basin::gateway
