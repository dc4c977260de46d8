#include "lab/metrics.h"

#include <gtest/gtest.h>

#include <cmath>

namespace basin::lab {
namespace {

TEST(Auc, AgreesWithCountingPairs) {
  Random random(5);
  std::vector<Scored> rows;
  for (int i = 0; i < 120; ++i) rows.push_back({static_cast<double>(random.below(20)), random.below(2) == 1});
  double wins = 0, pairs = 0;
  for (const Scored& a : rows) {
    for (const Scored& b : rows) {
      if (!a.large || b.large) continue;
      ++pairs;
      wins += a.score > b.score ? 1 : a.score == b.score ? 0.5 : 0;
    }
  }
  EXPECT_NEAR(auc(rows), wins / pairs, 1e-12);
}

TEST(Auc, EdgesAndOneSidedSets) {
  EXPECT_EQ(auc(std::vector<Scored>{{0, false}, {1, true}}), 1);
  EXPECT_EQ(auc(std::vector<Scored>{{1, false}, {0, true}}), 0);
  EXPECT_EQ(auc(std::vector<Scored>{{1, true}}), 0.5);
  EXPECT_EQ(auc({}), 0.5);
}

TEST(Spearman, RanksAloneCountAndTiesShareTheirs) {
  const std::vector<double> up = {1, 2, 30, 400}, down = {9, 7, 5, 3}, tied = {1, 1, 2, 2}, flat = {1, 1, 1, 1};
  EXPECT_DOUBLE_EQ(*spearman(up, up), 1);
  EXPECT_DOUBLE_EQ(*spearman(up, down), -1);
  EXPECT_NEAR(*spearman(up, tied), 4 / std::sqrt(20.0), 1e-12);  // ranks 0 1 2 3 and .5 .5 2.5 2.5
  EXPECT_FALSE(spearman(up, flat));
  EXPECT_FALSE(spearman({}, {}));
}

TEST(Bootstrap, HoldsTheValueAndRepeats) {
  std::vector<Scored> rows;
  for (int i = 0; i < 60; ++i) rows.push_back({static_cast<double>((i * 37) % 60), i % 3 == 0});
  const auto figure = [](std::span<const Scored> sample) { return auc(sample); };
  const Interval once = bootstrap(rows, figure, 3, 200), again = bootstrap(rows, figure, 3, 200);
  EXPECT_LE(once.low, once.value);
  EXPECT_GE(once.high, once.value);
  EXPECT_EQ(once.low, again.low);
  EXPECT_EQ(bootstrap({}, figure, 1).value, 0.5);
}

TEST(Calibration, ZeroWhenRightAndLargeWhenWrong) {
  std::vector<Scored> right, wrong;
  for (int i = 0; i < 100; ++i) {
    right.push_back({0.25, i % 4 == 0});
    wrong.push_back({0.95, i % 4 == 0});
  }
  EXPECT_NEAR(calibration_error(right), 0, 1e-9);
  EXPECT_NEAR(calibration_error(wrong), 0.7, 1e-9);
}

TEST(Wilson, KnownValueAndNothingKnown) {
  const Interval nine_of_ten = wilson(9, 10);
  EXPECT_NEAR(nine_of_ten.low, 0.650, 0.005);
  EXPECT_NEAR(nine_of_ten.high, 0.978, 0.005);
  EXPECT_EQ(wilson(0, 0).high, 1);
}

}  // namespace
}  // namespace basin::lab
