#include "lab/routing_curve.h"

#include <gtest/gtest.h>

#include <cmath>

namespace basin::lab {
namespace {

// Four prompts, two of which the strong model saves.
std::vector<Routed> ranked(std::vector<double> ranks) {
  return {{ranks[0], 0, 1}, {ranks[1], 1, 1}, {ranks[2], 0, 1}, {ranks[3], 0, 0}};
}

TEST(RoutingCurve, OracleAndItsOpposite) {
  // Sent first: both gains are had at half the share. Area: (.25 + .75) / 2 / 2 ... by hand: 0, .5, 1, 1, 1.
  EXPECT_NEAR(apgr(ranked({4, 2, 3, 1})), 0.75, 1e-12);
  EXPECT_NEAR(apgr(ranked({1, 3, 2, 4})), 0.25, 1e-12);
  EXPECT_NEAR(cpt(ranked({4, 2, 3, 1}), 0.5), 0.25, 1e-12);
  EXPECT_NEAR(cpt(ranked({4, 2, 3, 1}), 0.8), 0.4, 1e-12);
  EXPECT_EQ(gain_auc(ranked({4, 2, 3, 1})), 1);
}

TEST(RoutingCurve, TiesAreRandom) {
  EXPECT_NEAR(apgr(ranked({0, 0, 0, 0})), 0.5, 1e-12);
  EXPECT_EQ(curve_of(ranked({0, 0, 0, 0})).size(), 2U);
}

TEST(RoutingCurve, HullBridgesWhatAMixDoesBetter) {
  // The opposite order: .25 .25 .5 .75 below the straight line, which random choice has.
  EXPECT_NEAR(aiq(ranked({1, 3, 2, 4})), (0.25 + 0.75) / 2, 1e-12);
  EXPECT_GT(aiq(ranked({4, 2, 3, 1})), 0.6);
}

TEST(RoutingCurve, WeightsAreRepetitions) {
  std::vector<Routed> twice = ranked({4, 2, 3, 1});
  twice.push_back(twice[1]);
  std::vector<Routed> weighted = ranked({4, 2, 3, 1});
  weighted[1].weight = 2;
  EXPECT_NEAR(apgr(twice), apgr(weighted), 1e-12);
}

TEST(RoutingCurve, NothingToGain) {
  EXPECT_TRUE(std::isnan(apgr({})));
  EXPECT_TRUE(std::isnan(cpt(std::vector<Routed>{{1, 1, 1}}, 0.5)));
}

}  // namespace
}  // namespace basin::lab
