#include "lab/outcomes.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "lab/curve_svg.h"
#include "lab/outcome_report.h"

namespace basin::lab {
namespace {

std::string written(const std::string& name, const std::string& text) {
  const std::string path = testing::TempDir() + name;
  std::ofstream(path) << text;
  return path;
}

TEST(Outcomes, ReadsScoresAndLeavesOutWhatIsToBe) {
  const std::string path = written("basin_set.jsonl",
                                   R"({"prompt":"a","task":"t","scores":{"m":1,"n":0.5}}
{"prompt":"b","scores":{"n":1,"bad":7,"worse":null}}
{"prompt":"seen","scores":{"m":1}}
{"scores":{"m":1}}
{"prompt":"no scores"}
)");
  Outcomes outcomes;
  ASSERT_TRUE(add_outcomes(path, {"seen"}, outcomes).ok());
  EXPECT_EQ(outcomes.models, (std::vector<std::string>{"m", "n"}));
  ASSERT_EQ(outcomes.rows.size(), 2U);
  EXPECT_EQ(outcomes.rows[0].group, "basin_set/t");
  EXPECT_EQ(outcomes.rows[1].group, "basin_set");
  EXPECT_EQ(Outcomes::score_of(outcomes.rows[1], 0), nullptr);
  EXPECT_EQ(Outcomes::score_of(outcomes.rows[0], 1)->value, 0.5);
  ASSERT_TRUE(add_outcomes(path, {}, outcomes).ok());
  EXPECT_EQ(outcomes.models.size(), 2U);
  EXPECT_EQ(prompts_of(path)->size(), 5U);  // the row without one has ""
}

Outcomes made_up() {
  Outcomes outcomes{.models = {"weak", "strong"}, .rows = {}};
  for (int i = 0; i < 60; ++i) {
    const std::string prompt(static_cast<std::size_t>(i + 1), 'x');
    outcomes.rows.push_back(
        {prompt, i % 3 == 0 ? "set/a" : "set/b", "", {{0, i < 30 ? 1.0 : 0.0}, {1, i % 3 == 0 ? 0.0 : 1.0}}});
  }
  return outcomes;
}

TEST(OutcomeReport, TheCeilingsStandAboveTheRest) {
  const auto report =
      evaluate_outcomes(made_up(), {"weak"}, {"strong"}, {{"ours", [](const OutcomeRow&) { return 1.0; }}});
  ASSERT_TRUE(report.ok());
  EXPECT_EQ(report->n, 60U);
  EXPECT_NEAR(report->weak_mean, 0.5, 1e-12);
  const auto named = [&](std::string_view name) {
    for (const Policy& policy : report->policies) {
      if (policy.name == name) return policy;
    }
    return Policy{};
  };
  EXPECT_NEAR(named("ours").apgr.value, 0.5, 1e-12);  // says nothing: random
  EXPECT_GT(named("oracle").apgr.value, named("domain").apgr.value);
  EXPECT_GT(named("length").apgr.value, 0.6);  // the long ones are the weak model's failures
  EXPECT_LT(named("ours").over_length.high, 0);
  EXPECT_EQ(named("length").over_length.value, 0);
  EXPECT_LE(named("length").apgr.low, named("length").apgr.value);
}

TEST(OutcomeReport, SaysWhichModelThereIs) {
  const auto report = evaluate_outcomes(made_up(), {"weka"}, {"strong"}, {});
  ASSERT_FALSE(report.ok());
  EXPECT_NE(report.error().message.find("`weak`"), std::string::npos) << report.error().message;
}

TEST(OutcomeReport, ThePictureNamesItsCurvesAndEscapesThem) {
  Outcomes outcomes = made_up();
  outcomes.models[0] = "<weak> & small";
  const auto report = evaluate_outcomes(outcomes, {"<weak> & small"}, {"strong"}, {});
  ASSERT_TRUE(report.ok());
  const std::string svg = to_svg(*report);
  EXPECT_TRUE(svg.starts_with("<svg"));
  EXPECT_NE(svg.find("&lt;weak&gt; &amp; small"), std::string::npos);
  EXPECT_NE(svg.find(">oracle<"), std::string::npos);
}

}  // namespace
}  // namespace basin::lab
