#include "base/saturating.h"

#include <gtest/gtest.h>

namespace basin::base {
namespace {

TEST(Saturating, CountsAsUsualUpToTheMostThereIs) {
  EXPECT_EQ(saturating_add(2, 3), 5U);
  EXPECT_EQ(saturating_add(kMost - 3, 3), kMost);
  EXPECT_EQ(saturating_add(kMost - 3, 4), kMost);
  EXPECT_EQ(saturating_add(kMost, kMost), kMost);
  EXPECT_EQ(saturating_multiply(6, 7), 42U);
  EXPECT_EQ(saturating_multiply(0, kMost), 0U);
  EXPECT_EQ(saturating_multiply(kMost, 0), 0U);
  EXPECT_EQ(saturating_multiply(std::uint64_t{1} << 32U, std::uint64_t{1} << 32U), kMost);
  EXPECT_EQ(saturating_multiply(kMost / 3, 3), kMost);
}

}  // namespace
}  // namespace basin::base
