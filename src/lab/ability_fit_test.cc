#include "lab/ability_fit.h"

#include <gtest/gtest.h>

#include <cmath>

#include "geometry/arithmetic.h"
#include "lab/metrics.h"
#include "lab/testing.h"

namespace basin::lab {
namespace {

// Prompts of two groups whose load alone makes them hard, answered by three models of which the larger are better.
Outcomes made_up(double slope) {
  Outcomes outcomes{.models = {"qwen2.5-3b-instruct", "Qwen2.5-7B-Instruct", "qwen2.5-72b", "nobody"}, .rows = {}};
  Random random(7);
  for (int i = 0; i < 800; ++i) {
    const double load = static_cast<double>(i % 40) / 10 - 2;
    OutcomeRow row{std::to_string(load), i % 2 == 0 ? "one" : "two/b", "", {}};
    for (std::uint32_t model = 0; model < 4; ++model) {
      const double p = geometry::logistic(0.8 * model - 0.8 - slope * load + (i % 2 == 0 ? 1 : 0));
      row.scores.push_back({model, static_cast<double>(random.below(10'000)) < p * 10'000 ? 1.0 : 0.0});
    }
    outcomes.rows.push_back(std::move(row));
  }
  return outcomes;
}

double mean_error(const AbilityData& data, const AbilityFit& fit, std::uint32_t model, double slope) {
  double error = 0;
  for (const Sighted& prompt : data.prompts) {
    const double truth =
        geometry::logistic(0.8 * model - 0.8 - slope * prompt.sight.load + (prompt.group == 0 ? 1 : 0));
    error += std::fabs(fit.chance(prompt, model, true) - truth);
  }
  return error / static_cast<double>(data.prompts.size());
}

TEST(AbilityFit, FindsWhatWasPutIn) {
  const Outcomes outcomes = made_up(0.9);
  const AbilityData data = testing::sighted(outcomes);
  EXPECT_FALSE(data.places[3]);  // nobody knows it
  const AbilityFit fit(data, DepthShape::logit, [](const Sighted&) { return true; });
  for (std::uint32_t model = 0; model < 3; ++model) EXPECT_LT(mean_error(data, fit, model, 0.9), 0.06) << model;
}

TEST(AbilityFit, AHarderPromptIsNeverMoreLikelyDone) {
  const Outcomes outcomes = made_up(-0.9);  // as if load made them easier
  const AbilityData data = testing::sighted(outcomes);
  for (const DepthShape shape : {DepthShape::logit, DepthShape::survival}) {
    const AbilityFit fit(data, shape, [](const Sighted&) { return true; });
    EXPECT_GE(fit.chance(data.prompts[0], 2, true), fit.chance(data.prompts[38], 2, true) - 1e-12);
  }
}

TEST(AbilityFit, RepeatsItself) {
  const Outcomes outcomes = made_up(0.5);
  const AbilityData data = testing::sighted(outcomes);
  const auto all = [](const Sighted&) { return true; };
  const std::string once = AbilityFit(data, DepthShape::logit, all).to_source();
  EXPECT_EQ(once, AbilityFit(data, DepthShape::logit, all).to_source());
  EXPECT_NE(once.find("{\"qwen2.5\","), std::string::npos);
}

TEST(AbilityFit, WithoutOutcomesAModelIsWhereItsGeometryIs) {
  const Outcomes outcomes = made_up(0.5);
  const AbilityData data = testing::sighted(outcomes);
  const AbilityFit fit(data, DepthShape::logit, [](const Sighted&) { return false; });
  EXPECT_NEAR(fit.chance(data.prompts[0], 0, false), 0.5, 1e-9);  // the priors alone
}

}  // namespace
}  // namespace basin::lab
