#include "geometry/distinct.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

std::uint32_t hash_of(std::uint32_t n) { return n * 0x9E3779B1u; }

TEST(Distinct, CountsEachThingOnce) {
  Distinct seen;
  for (int round = 0; round < 3; ++round) {
    for (std::uint32_t n = 1; n <= 50; ++n) EXPECT_EQ(seen.add(hash_of(n)), round == 0) << n;
  }
  EXPECT_EQ(seen.size(), 50u);
  EXPECT_TRUE(seen.contains(hash_of(50)));
  EXPECT_FALSE(seen.contains(hash_of(51)));
}

TEST(Distinct, ReachesItsFirstAndItsLastSlot) {
  Distinct seen;
  EXPECT_TRUE(seen.add(0));
  EXPECT_TRUE(seen.add(0xffffffffu));
  EXPECT_TRUE(seen.contains(0));
  EXPECT_TRUE(seen.contains(0xffffffffu));
  EXPECT_EQ(seen.size(), 2u);
}

TEST(Distinct, AThousandThingsAreAboutAThousand) {
  Distinct seen;
  std::uint32_t h = 1;
  for (int i = 0; i < 1000; ++i) seen.add(h = h * 1664525u + 1013904223u);
  EXPECT_GT(seen.size(), 900u);
  EXPECT_LE(seen.size(), 1000u);
}

}  // namespace
}  // namespace basin::geometry
