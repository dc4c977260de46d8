#include "geometry/model_header.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

TEST(ModelHeader, ReckonsTheCache) {
  ModelHeader header;
  add_kv_layer(header, 100, false);
  add_kv_layer(header, 100, true);
  header.window = 10;
  EXPECT_EQ(kv_bytes_per_token(header), 400U);
  EXPECT_EQ(kv_bytes_per_token(header, 1), 200U);
  EXPECT_EQ(kv_cache_bytes(header, 5), 2U * (500 + 500));
  EXPECT_EQ(kv_cache_bytes(header, 1000), 2U * (100'000 + 1'000));
  EXPECT_EQ(kv_cache_bytes(ModelHeader(), 1000), 0U);
}

TEST(ModelHeader, NothingWrapsRound) {
  ModelHeader header;
  add_kv_layer(header, ~std::uint64_t{0}, false);
  add_kv_layer(header, ~std::uint64_t{0}, false);
  EXPECT_EQ(header.kv_values, ~std::uint64_t{0});
  EXPECT_EQ(kv_cache_bytes(header, ~std::uint64_t{0}), ~std::uint64_t{0});
}

TEST(ModelHeader, ActiveParametersAreThoseOfTheExpertsUsed) {
  ModelHeader header;
  header.shape.parameters = 1000;
  EXPECT_EQ(active_parameters(header), 1000U);
  header.shape.experts = 8;
  header.shape.experts_used = 2;
  header.expert_parameters = 800;
  EXPECT_EQ(active_parameters(header), 400U);
  header.expert_parameters = 5000;  // more than there are
  EXPECT_EQ(active_parameters(header), 250U);
  header.shape.experts_used = 9;
  EXPECT_EQ(active_parameters(header), 1000U);
  EXPECT_EQ(active_parameters(ModelHeader()), 0U);
}

TEST(ModelHeader, BytesPerWeight) {
  core::ModelShape shape;
  EXPECT_EQ(bytes_per_weight(shape), 0);
  shape.parameters = 1000;
  shape.file_bytes = 563;
  EXPECT_NEAR(bytes_per_weight(shape), 0.563, 1e-12);
}

}  // namespace
}  // namespace basin::geometry
