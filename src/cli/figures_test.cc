#include "cli/figures.h"

#include <gtest/gtest.h>

namespace basin::cli {
namespace {

TEST(Figures, AreGrouped) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

TEST(Figures, BytesHaveAUnit) {
  EXPECT_EQ(in_bytes(0), "0 B");
  EXPECT_EQ(in_bytes(999), "999 B");
  EXPECT_EQ(in_bytes(1'000), "1.0 KB");
  EXPECT_EQ(in_bytes(4'920'000'000), "4.9 GB");
  EXPECT_EQ(in_bytes(1'300'000'000'000), "1.3 TB");
}

TEST(Figures, CountsAreInWords) {
  EXPECT_EQ(in_words(30'272), "30,272");
  EXPECT_EQ(in_words(361'000'000), "361 million");
  EXPECT_EQ(in_words(8'030'000'000), "8.03 billion");
  EXPECT_EQ(in_words(30'500'000'000), "30.5 billion");
  EXPECT_EQ(in_words(671'000'000'000), "671 billion");
}

}  // namespace
}  // namespace basin::cli
