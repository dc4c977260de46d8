#include "geometry/model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "geometry/builtin.h"
#include "geometry/testing.h"

namespace basin::geometry {
namespace {

ModelParts blank() {
  ModelParts parts;
  parts.rows.resize(kRows);
  parts.scale.fill(0.01f);
  parts.head = {0.5f, 0.5f, 0.1f};
  parts.bands = {{0.0f, 0.5f, 0.9f, 10}, {std::numeric_limits<float>::infinity(), 0.1f, 0.4f, 12}};
  return parts;
}

std::string complaint(std::string bytes) {
  const auto model = Model::load(std::move(bytes));
  return model ? "" : model.error().message;
}

TEST(Model, ComesBackAsItWasWritten) {
  ModelParts parts = blank();
  parts.rows[17][3] = -7;
  parts.bias[kDepthColumn] = 1.5f;
  const auto model = Model::load(encode(parts));
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ((*model)->row(17)[3], -7);
  EXPECT_EQ((*model)->bias()[kDepthColumn], 1.5f);
  EXPECT_EQ((*model)->head().info_slope, 0.5f);
  EXPECT_EQ((*model)->bands().size(), 2u);
  EXPECT_EQ((*model)->sha256().size(), 64u);
}

TEST(Model, ForestsComeBackAsTheyWereWritten) {
  ModelParts parts = blank();
  parts.forests.info.trees.resize(2);
  parts.forests.info.trees[1].leaf[3] = 0.25f;
  parts.forests.depth.trees.resize(1);
  const auto model = Model::load(encode(parts)).value();
  ASSERT_EQ(model->forests().info.trees.size(), 2u);
  EXPECT_EQ(model->forests().info.trees[1].leaf[3], 0.25f);
  EXPECT_EQ(model->forests().depth.trees.size(), 1u);
  parts.forests.depth.trees[0].measure[0] = 200;
  EXPECT_NE(complaint(encode(parts)).find("tree"), std::string::npos);
}

TEST(Model, CutAnywhereIsRefused) {
  ModelParts parts = blank();
  parts.forests.info.trees.resize(3);
  const std::string bytes = encode(parts);
  for (std::size_t n = 0; n < 400; ++n) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  for (const std::size_t less : {1u, 7u, 8u, 9u, 1000u}) EXPECT_NE(complaint(bytes.substr(0, bytes.size() - less)), "");
  EXPECT_NE(complaint(bytes + "x"), "");
}

TEST(Model, AnyFlippedByteIsNoticed) {
  const std::string bytes = encode(blank());
  for (std::size_t at = 0; at < bytes.size(); at += at < 300 ? 1 : 40961) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    EXPECT_NE(complaint(std::move(damaged)), "") << at;
  }
}

TEST(Model, SaysWhatIsWrong) {
  EXPECT_NE(complaint("not weights at all").find("not a weight file"), std::string::npos);
  std::string other = encode(blank());
  other[12] = 99;
  EXPECT_NE(complaint(other).find("another version of the features (99, this program has 2): train again"),
            std::string::npos);
  ModelParts parts = blank();
  parts.scale[0] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_NE(complaint(encode(parts)).find("not a number"), std::string::npos);
  parts = blank();
  parts.head.depth_slope = -0.1f;
  EXPECT_NE(complaint(encode(parts)).find("slope"), std::string::npos);
  parts = blank();
  std::swap(parts.bands[0], parts.bands[1]);
  EXPECT_NE(complaint(encode(parts)).find("order"), std::string::npos);
  parts = blank();
  parts.bands[0].low = 0.95f;
  EXPECT_NE(complaint(encode(parts)).find("interval"), std::string::npos);
}

TEST(Model, BandsAtTheLimitAndOnePastIt) {
  ModelParts parts = blank();
  parts.bands.clear();
  for (std::size_t i = 0; i < kBandLimit; ++i) parts.bands.push_back({static_cast<float>(i), 0.1f, 0.9f, 1});
  EXPECT_EQ(complaint(encode(parts)), "");
  parts.bands.push_back({1000.0f, 0.1f, 0.9f, 1});
  EXPECT_NE(complaint(encode(parts)), "");
  parts.bands.clear();
  EXPECT_NE(complaint(encode(parts)), "");
}

TEST(TwoStages, ComeBackAsTheyWereWritten) {
  const auto encoder = random_encoder_loaded(1);
  const auto model = two_stage_model(encoder);
  EXPECT_EQ(model->encoder(), encoder);
  EXPECT_EQ(model->blend()->encoder_mark, encoder->mark());
  EXPECT_EQ(model->blend()->depth, 0.25f);
  EXPECT_EQ(model->blend()->bands[0].n, 11u);
  EXPECT_EQ(model->row(5)[3], 0);
  EXPECT_EQ(Model::load(encode(blank())).value()->blend(), std::nullopt);
}

TEST(TwoStages, AnotherEncoderIsRefused) {
  const auto encoder = random_encoder_loaded(1), other = random_encoder_loaded(2);
  const auto model = Model::load(encode(two_stage_parts(*encoder))).value();
  EXPECT_EQ(model->encoder(), nullptr);
  EXPECT_NE(model->with(other).error().message.find("another encoder"), std::string::npos);
  const auto one_stage = Model::load(encode(blank())).value();
  EXPECT_NE(one_stage->with(encoder).error().message.find("--encoder"), std::string::npos);
}

TEST(TwoStages, CutOrOutOfRangeIsRefused) {
  const ModelParts good = two_stage_parts(*random_encoder_loaded(1));
  const std::string bytes = encode(good);
  for (std::size_t n = 0; n < 500; ++n) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  const auto changed = [&](auto change) {
    ModelParts parts = good;
    change(*parts.blend);
    return complaint(encode(parts));
  };
  EXPECT_NE(changed([](Blend& b) { b.encoder = -0.1f; }), "");
  EXPECT_NE(changed([](Blend& b) { b.first = std::numeric_limits<float>::quiet_NaN(); }), "");
  EXPECT_NE(changed([](Blend& b) { b.info = 1.1f; }), "");
  EXPECT_NE(changed([](Blend& b) { b.high = -1; }), "");
  EXPECT_NE(changed([](Blend& b) { b.bands.clear(); }), "");
  EXPECT_EQ(changed([](Blend& b) { std::swap(b.low, b.high); }), "");  // asked nowhere
}

TEST(Builtin, HasTheNameOfItsBytes) {
  const auto model = builtin_model();
  EXPECT_EQ(model->sha256().size(), 64u);
  EXPECT_FALSE(model->bands().empty());
}

}  // namespace
}  // namespace basin::geometry
