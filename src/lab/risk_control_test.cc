#include "lab/risk_control.h"

#include <gtest/gtest.h>

#include <vector>

#include "lab/metrics.h"

namespace basin::lab {
namespace {

double uniform(Random& random) { return static_cast<double>(random.next() >> 11) * 0x1p-53; }

// A world in which the true risk of every threshold is known: P(worse) of a request is 1 - p_small, p_small uniform. At
// target risk t the mean loss over all requests is the integral of (1 - p) over p >= 1 - t, t*t/2.
std::vector<Outcome> draw(std::size_t n, Random& random) {
  std::vector<Outcome> rows;
  for (std::size_t i = 0; i < n; ++i) {
    const double p = uniform(random);
    rows.push_back({p, uniform(random) < 1 - p ? 1.0 : 0.0});
  }
  return rows;
}

TEST(RiskControl, APromiseIsBrokenNoMoreOftenThanAllowed) {
  Random random(42);
  constexpr int kWorlds = 400;
  int broken = 0, made = 0;
  for (int world = 0; world < kWorlds; ++world) {
    const auto promise = at_most_worse(draw(600, random), 0.05, 0.9);
    if (!promise) continue;
    ++made;
    broken += promise->target_risk * promise->target_risk / 2 > 0.05 ? 1 : 0;
  }
  EXPECT_GT(made, kWorlds * 9 / 10);
  EXPECT_LE(broken, kWorlds / 10 + 12);  // 10 % and two standard errors
  EXPECT_GT(broken, 0);                  // nor is it so cautious that it is useless
}

TEST(RiskControl, WithMoreRowsThePromiseComesNearToWhatIsSo) {
  Random random(7);
  const auto few = at_most_worse(draw(300, random), 0.05, 0.95), many = at_most_worse(draw(20000, random), 0.05, 0.95);
  ASSERT_TRUE(few && many);
  EXPECT_LT(few->target_risk, many->target_risk);
  EXPECT_NEAR(many->target_risk, 0.316, 0.03);  // sqrt(2 * .05)
  EXPECT_LE(many->worse, many->worse_at_most);
  EXPECT_LE(many->worse_at_most, 0.05);
}

TEST(RiskControl, SharesOfALossAreHeldByABoundForThem) {
  Random random(9);
  int broken = 0;
  for (int world = 0; world < 200; ++world) {
    std::vector<Outcome> rows = draw(500, random);
    for (Outcome& row : rows) row.loss *= 0.5 + 0.5 * uniform(random);  // three quarters of it on average
    const auto promise = at_most_worse(rows, 0.05, 0.9);
    if (promise) broken += 0.75 * promise->target_risk * promise->target_risk / 2 > 0.05 ? 1 : 0;
  }
  EXPECT_LE(broken, 28);
}

TEST(RiskControl, TooFewRowsPromiseNothing) {
  const std::size_t least = least_rows(0.02, 0.95);
  EXPECT_EQ(least, 149u);  // .98^149 < .05 < .98^148
  EXPECT_FALSE(at_most_worse(std::vector<Outcome>(least - 1, {1, 0}), 0.02, 0.95));
  EXPECT_TRUE(at_most_worse(std::vector<Outcome>(least, {1, 0}), 0.02, 0.95));
  EXPECT_FALSE(at_most_worse({}, 0.02, 0.95));
  EXPECT_FALSE(at_most_worse(std::vector<Outcome>(least, {1, 1}), 0.02, 0.95));
}

TEST(RiskControl, AQuotaIsKeptOnAverage) {
  Random random(3);
  constexpr double kDays = 20;
  int broken = 0;
  for (int world = 0; world < 100; ++world) {
    // About 50 requests a day: large at target risk t is a share 1 - t.
    std::size_t n = 0;
    for (int i = 0; i < 4000; ++i) n += uniform(random) < 0.25 ? 1 : 0;
    const auto quota = at_most_large(draw(n, random), kDays, 20, 0.9);
    ASSERT_TRUE(quota);
    broken += 50 * (1 - quota->target_risk) > 20 ? 1 : 0;
    EXPECT_LE(quota->large_at_most, 20);
  }
  EXPECT_LE(broken, 16);
  EXPECT_FALSE(at_most_large({}, 0.9 * least_days(3, 0.95), 3, 0.95));
  EXPECT_TRUE(at_most_large({}, 1.01 * least_days(3, 0.95), 3, 0.95));
}

}  // namespace
}  // namespace basin::lab
