#include "geometry/hash_set.h"

#include <gtest/gtest.h>

#include <random>
#include <unordered_set>

namespace basin::geometry {
namespace {

TEST(HashSet, HoldsWhatWasPutInSinceItWasCleared) {
  HashSet set;
  std::mt19937 random(5);
  for (int filling = 0; filling < 50; ++filling) {
    set.clear();
    std::unordered_set<std::uint32_t> truth;
    for (std::size_t n = random() % HashSet::kLimit; n > 0; --n) {
      const auto hash = static_cast<std::uint32_t>(random() % 5000);
      set.insert(hash);
      truth.insert(hash);
    }
    for (std::uint32_t hash = 0; hash < 5000; ++hash) ASSERT_EQ(set.contains(hash), truth.contains(hash)) << hash;
  }
}

TEST(HashSet, HashesOfOneSlotDoNotHideEachOther) {
  HashSet set;
  constexpr std::uint32_t kStride = HashSet::kSlots;
  for (std::uint32_t i = 0; i < 20; ++i) set.insert(kStride - 1 + i * kStride);  // the last slot, and on from the first
  for (std::uint32_t i = 0; i < 20; ++i) EXPECT_TRUE(set.contains(kStride - 1 + i * kStride));
  EXPECT_FALSE(set.contains(kStride - 1 + 20 * kStride));
}

TEST(HashSet, TakesItsLimitAndLeavesOutOnePastIt) {
  HashSet set;
  for (std::uint32_t hash = 0; hash < HashSet::kLimit; ++hash) set.insert(hash);
  EXPECT_TRUE(set.contains(HashSet::kLimit - 1));
  set.insert(HashSet::kLimit);
  EXPECT_FALSE(set.contains(HashSet::kLimit));
  set.insert(0);  // not a new one
  EXPECT_TRUE(set.contains(0));
}

}  // namespace
}  // namespace basin::geometry
