#include "cli/progress.h"

#include <gtest/gtest.h>

namespace basin::cli {
namespace {

TEST(Progress, SaysHowFarAndHowFast) {
  EXPECT_EQ(describe({1'234'567, 1'200'000'000, 2'400'000'000, 10}, 200),
            "1,234,567 rows  1.2 of 2.4 GB  [###############...............]  123,456 rows/s  10 s left");
  EXPECT_EQ(describe({50, 1'500, 1'500, 1}, 200),
            "50 rows  1.5 of 1.5 KB  [" + std::string(30, '#') + "]  50 rows/s  0 s left");
  EXPECT_EQ(describe({1, 1, 1'000'000, 1}, 200).substr(0, 20), "1 rows  0.0 of 1.0 M");
}

TEST(Progress, WithoutAnEndThereIsNoBar) {
  EXPECT_EQ(describe({2'000, 3'000'000, std::nullopt, 2}, 80), "2,000 rows  3.0 MB  1,000 rows/s  1.5 MB/s");
  EXPECT_EQ(describe({0, 0, std::nullopt, 0}, 80), "0 rows  0 B  0 rows/s  0 B/s");
  EXPECT_EQ(describe({0, 0, 0, 0}, 80), "0 rows  0 B  0 rows/s  0 B/s");  // an empty file
}

TEST(Progress, FitsTheWindow) {
  const Headway headway{123'456'789, 123'456'789'012, 999'000'000'000, 10'000};
  for (int width = 0; width < 140; ++width) {
    EXPECT_LE(describe(headway, width).size(), static_cast<std::size_t>(width));
  }
  EXPECT_NE(describe(headway, 139).find('['), std::string::npos);
  EXPECT_EQ(describe(headway, 60).find('['), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
