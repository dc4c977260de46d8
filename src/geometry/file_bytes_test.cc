#include "geometry/file_bytes.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

TEST(FileBytes, TablesComeBackInOrder) {
  std::string bytes;
  add_table(bytes, std::vector<std::uint32_t>{1, 2, 3});
  add_table(bytes, std::vector<char>(kAlign, 'x'));
  seal(bytes);
  EXPECT_EQ(bytes.size(), 3 * kAlign);
  EXPECT_TRUE(is_sealed(bytes));
  Tables tables(bytes);
  EXPECT_EQ(tables.take<std::uint32_t>(3)[2], 3u);
  EXPECT_EQ(tables.take<char>(kAlign)[kAlign - 1], 'x');
  EXPECT_EQ(tables.left(), kAlign);
  EXPECT_TRUE(tables.whole());
  EXPECT_EQ(tables.take<char>(kAlign + 1), nullptr);
  EXPECT_FALSE(tables.whole());
  EXPECT_EQ(tables.take<char>(1), nullptr);  // after the first that is not whole there are none
}

TEST(FileBytes, ASealIsBrokenByAnyByte) {
  std::string bytes(2 * kAlign, 'a');
  seal(bytes);
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    EXPECT_FALSE(is_sealed(damaged)) << at;
  }
}

}  // namespace
}  // namespace basin::geometry
