#include "lab/ability_report.h"

#include <gtest/gtest.h>

#include <fstream>

#include "geometry/arithmetic.h"
#include "lab/metrics.h"
#include "lab/testing.h"

namespace basin::lab {
namespace {

// Two sets; in the second every answer is so many logits less likely.
Outcomes made_up(double less) {
  Outcomes outcomes{.models = {"qwen2.5-3b", "qwen2.5-72b"}, .rows = {}};
  Random random(3);
  for (int i = 0; i < 1200; ++i) {
    const bool odd = i % 2 == 1;
    const double load = static_cast<double>(i / 2 % 20) / 10 - 1;
    OutcomeRow row{std::to_string(load) + " " + std::to_string(i), odd ? "odd/task" : "plain", "", {}};
    for (std::uint32_t model = 0; model < 2; ++model) {
      const double p = geometry::logistic(0.5 + 1.5 * model - load - (odd ? less : 0));
      row.scores.push_back({model, static_cast<double>(random.below(10'000)) < p * 10'000 ? 1.0 : 0.0});
    }
    outcomes.rows.push_back(std::move(row));
  }
  return outcomes;
}

TEST(AbilityReport, AFewRowsOfASourceMakeUpForItsLevel) {
  const Outcomes outcomes = made_up(2);
  const AbilityData data = testing::sighted(outcomes);
  EXPECT_LT(calibration_within(data, DepthShape::logit).raw, 0.05);
  const HeldOut odd{"odd", {"odd"}, {}, {}, {}};
  const Calibration unseen = calibration_of(data, DepthShape::logit, odd);
  EXPECT_GT(unseen.raw, 0.2);
  EXPECT_LT(unseen.after, 0.1);
  EXPECT_LT(unseen.bits_after, unseen.bits);
}

TEST(AbilityReport, RoutesASourceThatTheFitHasNotSeen) {
  const Outcomes outcomes = made_up(0);
  const AbilityData data = testing::sighted(outcomes);
  const HeldOut plain{"plain", {"plain"}, {}, {}, {{"qwen2.5-3b", "qwen2.5-72b"}}};
  const auto reports = route_unseen(outcomes, data, plain, [](const std::string&) { return 0.0; });
  ASSERT_TRUE(reports.ok());
  ASSERT_EQ(reports->size(), 2U);  // all pairs together, and the one
  const OutcomeReport& report = reports->front();
  EXPECT_EQ(report.n, 600U);
  EXPECT_EQ(report.policies[0].name, "ability");
  EXPECT_GT(report.policies[0].apgr.value, 0.5);
  EXPECT_NEAR(report.policies[1].apgr.value, 0.5, 1e-9);  // a difficulty that says nothing
}

TEST(AbilityReport, ReadsWhatIsHeldOut) {
  const std::string path = ::testing::TempDir() + "basin_held_out.jsonl";
  std::ofstream(path) << R"({"name":"a","groups":["a","b/c"],"relatives":["d"],"task_sets":["e"],"pairs":[["w","s"]]})";
  const auto sources = read_held_out(path);
  ASSERT_TRUE(sources.ok());
  ASSERT_EQ(sources->size(), 1U);
  EXPECT_EQ(sources->front().groups.size(), 2U);
  EXPECT_EQ(sources->front().pairs.front().second, "s");
  EXPECT_FALSE(read_held_out(path + ".none").ok());
}

}  // namespace
}  // namespace basin::lab
