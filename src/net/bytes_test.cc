#include "net/bytes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace basin::net {
namespace {

TEST(Bytes, GrowsAndKeepsWhatItHolds) {
  Bytes bytes;
  std::string expected;
  for (int i = 0; i < 5000; ++i) {
    std::string part = std::to_string(i) + ",";
    bytes.append(part);
    expected += part;
  }
  EXPECT_EQ(bytes.view(), expected);
  Bytes moved = std::move(bytes);
  EXPECT_EQ(moved.view(), expected);
  EXPECT_TRUE(bytes.empty());  // NOLINT(bugprone-use-after-move)
}

TEST(Bytes, ItsRoomIsAsLargeAsAsked) {
  Bytes bytes;
  for (std::size_t size : {1u, 1023u, 1024u, 1025u, 100'000u}) {
    bytes.reset();
    std::memset(bytes.room(size), 'x', size);
    bytes.grow(size);
    EXPECT_EQ(bytes.view(), std::string(size, 'x'));
  }
}

TEST(Bytes, ResetGivesLargeMemoryBack) {
  Bytes bytes;
  bytes.append(std::string(10'000, 'x'));
  bytes.reset(20'000);
  EXPECT_GE(bytes.capacity(), 10'000u);
  bytes.append("y");
  bytes.reset(9'999);
  EXPECT_EQ(bytes.capacity(), 0u);
  EXPECT_TRUE(bytes.empty());
}

}  // namespace
}  // namespace basin::net
