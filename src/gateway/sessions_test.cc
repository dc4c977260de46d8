#include "gateway/sessions.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

TEST(Sessions, KeepsAndForgets) {
  Sessions sessions;
  const auto key = Sessions::key_of("c", "s", "main");
  EXPECT_FALSE(sessions.find(key, 0).has_value());
  sessions.keep(key, {"small", "t1", 1000});
  ASSERT_TRUE(sessions.find(key, 2000).has_value());
  EXPECT_EQ(sessions.find(key, 2000)->tier, "small");
  EXPECT_TRUE(sessions.find(key, 1000 + Sessions::kForget_ms).has_value());
  EXPECT_FALSE(sessions.find(key, 1001 + Sessions::kForget_ms).has_value());
  EXPECT_EQ(sessions.size(), 0U);
}

TEST(Sessions, ForgetsTheLongestUnusedPastItsCapacity) {
  Sessions sessions(2);
  sessions.keep(1, {"a", "", 1});
  sessions.keep(2, {"b", "", 2});
  EXPECT_EQ(sessions.size(), 2U);
  sessions.keep(1, {"a", "", 3});  // used again: 2 is now the oldest
  sessions.keep(3, {"c", "", 4});
  EXPECT_EQ(sessions.size(), 2U);
  EXPECT_TRUE(sessions.find(1, 5).has_value());
  EXPECT_FALSE(sessions.find(2, 5).has_value());
  EXPECT_TRUE(sessions.find(3, 5).has_value());
}

TEST(Sessions, KeysTellClientSessionAndBranchApart) {
  EXPECT_NE(Sessions::key_of("a", "b", "c"), Sessions::key_of("ab", "", "c"));
  EXPECT_NE(Sessions::key_of("a", "b", "c"), Sessions::key_of("a", "b", "d"));
  EXPECT_EQ(Sessions::key_of("a", "b", "c"), 0x3ab336ed30c133fcULL);  // the same on every run and machine
}

}  // namespace
}  // namespace basin::gateway
