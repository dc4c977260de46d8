#include "lab/second_stage.h"

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "lab/metrics.h"

namespace basin::lab {
namespace {

void silent(const std::string&) {}

// Rows whose truth the first stage knows well far from nought, and badly near it; the encoder knows it everywhere.
struct Rows {
  std::vector<Example> examples;
  std::vector<HeldOutRow> held_out;
  EncoderRows outputs;

  explicit Rows(std::size_t n, double encoder_sign = 1) : examples(n) {
    Random random(3);
    for (std::size_t i = 0; i < n; ++i) {
      const double d = static_cast<double>(random.below(8001)) / 1000 - 4;
      const bool knows = std::fabs(d) > 1;
      Example& e = examples[i];
      e.id = "row" + std::to_string(i);
      e.large = knows ? (d > 0) == (random.below(20) > 0) : random.below(2) == 0;
      e.new_share = *e.large ? 0.8 : 0.2;
      e.steps = 6;
      e.topology = core::Topology::reason;
      HeldOutRow row{&e, {}};
      row.first.difficulty = d;
      row.first.delta_info = 0.5;
      row.first.depth = 6;  // right already
      row.first.topology.fill(1.0 / core::kTopologies);
      held_out.push_back(row);
      geometry::EncoderOutputs out{};
      const double noise = static_cast<double>(random.below(2000)) / 1000 - 1;
      out[geometry::kLargeOutput] = static_cast<float>(encoder_sign * ((*e.large ? 2 : -2) + noise));
      out[geometry::kInfoOutput] = *e.large ? 1.4f : -1.4f;
      out[geometry::kDepthOutput] = -9;
      out[geometry::kTopologyOutput + static_cast<std::size_t>(core::Topology::reason)] = 4;
      outputs[e.id] = out;
    }
  }
};

TEST(SecondStage, IsAskedWhereItHelpsMost) {
  const Rows rows(1000);
  const auto blend = fit_blend(rows.held_out, {}, rows.outputs, 77, silent);
  ASSERT_TRUE(blend.ok());
  EXPECT_EQ(blend->encoder_mark, 77u);
  EXPECT_GT(blend->encoder, 0.5f);
  std::size_t asked = 0;
  for (const HeldOutRow& row : rows.held_out) {
    const double p = 1 / (1 + std::exp(row.first.difficulty));
    asked += p >= blend->low && p <= blend->high ? 1 : 0;
  }
  EXPECT_LE(asked, 285u);
  EXPECT_GE(asked, 200u);
  EXPECT_LT(blend->low, 0.5f);  // the middle, where the first stage is guessing
  EXPECT_GT(blend->high, 0.5f);
  EXPECT_GT(blend->info, 0.8f);   // the encoder knows dI
  EXPECT_EQ(blend->depth, 0.0f);  // and nothing of depth
  EXPECT_GT(blend->topology, 0.8f);
  EXPECT_FALSE(blend->bands.empty());
}

TEST(SecondStage, AnEncoderThatIsWrongIsNotAsked) {
  const Rows rows(1000, -1);
  const auto blend = fit_blend(rows.held_out, {}, rows.outputs, 1, silent);
  ASSERT_TRUE(blend.ok());
  EXPECT_EQ(blend->encoder, 0.0f);
}

TEST(SecondStage, TheSameRowsGiveTheSameBlend) {
  const Rows rows(400);
  const auto once = fit_blend(rows.held_out, {}, rows.outputs, 1, silent);
  const auto again = fit_blend(rows.held_out, {}, rows.outputs, 1, silent);
  EXPECT_EQ(once->first, again->first);
  EXPECT_EQ(once->low, again->low);
  EXPECT_EQ(once->offset, again->offset);
}

TEST(SecondStage, FewRowsAreRefused) {
  const Rows rows(kSecondStageRows);
  EXPECT_TRUE(fit_blend(rows.held_out, {}, rows.outputs, 1, silent).ok());
  const Rows fewer(kSecondStageRows - 1);
  EXPECT_NE(fit_blend(fewer.held_out, {}, fewer.outputs, 1, silent).error().message.find("99 of"), std::string::npos);
}

TEST(EncoderRows, AreReadAndRefusedByRow) {
  const auto file = std::filesystem::path(::testing::TempDir()) / "encoder_rows.jsonl";
  const auto read = [&](const std::string& text) {
    std::ofstream(file, std::ios::trunc) << text;
    return read_encoder_rows(file.string());
  };
  const std::string good = R"({"id":"a","outputs":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,-17.5]})";
  const auto rows = read(good + "\n");
  ASSERT_TRUE(rows.ok());
  EXPECT_EQ(rows->at("a")[16], -17.5f);
  for (const char* bad : {R"({"id":"b","outputs":[1,2]})", R"({"outputs":[1]})", R"({"id":"b"})",
                          R"({"id":"b","outputs":["x",2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]})",
                          R"({"id":"b","outputs":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18]})"})
    EXPECT_NE(read(good + "\n" + bad + "\n").error().message.find("row 2"), std::string::npos) << bad;
}

}  // namespace
}  // namespace basin::lab
