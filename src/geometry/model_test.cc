#include "geometry/model.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

#include "geometry/builtin.h"

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

TEST(Model, CutAnywhereIsRefused) {
  const std::string bytes = encode(blank());
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
  EXPECT_NE(complaint(other).find("another version of the features"), std::string::npos);
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

TEST(Builtin, HasTheNameOfItsBytes) {
  const auto model = builtin_model();
  EXPECT_EQ(model->sha256().size(), 64u);
  EXPECT_FALSE(model->bands().empty());
}

}  // namespace
}  // namespace basin::geometry
