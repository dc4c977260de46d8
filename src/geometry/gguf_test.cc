#include "geometry/gguf.h"  // with gguf_metadata.cc

#include <gtest/gtest.h>

#include "geometry/gguf_for_test.h"
#include "geometry/gguf_types.h"

namespace basin::geometry {
namespace {

using test::GgufBuilder;

GgufHead head_of(const GgufBuilder& builder) {
  const std::string bytes = builder.file();
  auto reading = read_gguf(bytes, bytes.size());
  EXPECT_TRUE(reading.ok()) << reading.error().message;
  EXPECT_EQ(reading->wanted, 0U);
  return reading->head;
}

std::string complaint(const std::string& bytes) {
  const auto reading = read_gguf(bytes, bytes.size());
  return reading.ok() ? "" : reading.error().message;
}

TEST(Gguf, TellsTheShape) {
  const GgufHead head = head_of(test::small_gguf());
  const core::ModelShape& shape = head.model.shape;
  EXPECT_EQ(shape.name, "Small");
  EXPECT_EQ(shape.architecture, "llama");
  EXPECT_EQ(shape.quantisation, "Q4_K_M");
  EXPECT_EQ(shape.layers, 2U);
  EXPECT_EQ(shape.d_model, 64U);
  EXPECT_EQ(shape.context, 8192U);
  EXPECT_EQ(shape.feed_forward, 256U);
  EXPECT_EQ(shape.heads, 4U);
  EXPECT_EQ(shape.kv_heads, 2U);
  EXPECT_EQ(shape.head_dim, 16U);
  EXPECT_EQ(shape.vocabulary, 3U);
  EXPECT_EQ(shape.parameters, 2048U);
  EXPECT_EQ(shape.active_parameters, 2048U);
  EXPECT_EQ(shape.file_bytes, 8192U);
  EXPECT_EQ(shape.tools, true);
  EXPECT_EQ(shape.thinking, false);
  EXPECT_FALSE(shape.vision);
  EXPECT_EQ(head.kind, "model");
  EXPECT_EQ(head.parts, 1U);
  EXPECT_EQ(head.end_bytes, test::small_gguf().file().size());
  EXPECT_EQ(head.model.kv_values, 2U * 2 * 2 * 16);
}

TEST(Gguf, AsksForWhatIsMissingAndSaysTheSameInTheEnd) {
  const std::string bytes = test::small_gguf().file();
  for (std::size_t given = 0; given < test::small_gguf().head().size(); ++given) {
    const auto reading = read_gguf(std::string_view(bytes).substr(0, given), bytes.size());
    ASSERT_TRUE(reading.ok()) << given << reading.error().message;
    EXPECT_GT(reading->wanted, given);
    EXPECT_LE(reading->wanted, bytes.size());
  }
  // Following its wishes leads to the end.
  std::uint64_t given = 0;
  for (int step = 0; step < 1000; ++step) {
    const auto reading = read_gguf(std::string_view(bytes).substr(0, given), bytes.size());
    if (reading->wanted == 0) break;
    given = reading->wanted;
  }
  EXPECT_EQ(given, test::small_gguf().head().size());
}

TEST(Gguf, AFileThatEndsInsideOfItsHeadIsNone) {
  const std::string bytes = test::small_gguf().head();
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_NE(complaint(bytes.substr(0, size)), "") << "cut at " << size;
}

TEST(Gguf, TheArchitectureMayComeLast) {
  GgufBuilder builder;
  builder.number("qwen3.block_count", 3).text("general.architecture", "qwen3");
  EXPECT_EQ(head_of(builder).model.shape.layers, 3U);
}

TEST(Gguf, LayersMayDiffer) {
  GgufBuilder builder = test::small_gguf();
  const GgufHead even = head_of(builder);
  GgufBuilder hybrid;
  hybrid.text("general.architecture", "lfm2").number("lfm2.block_count", 4).number("lfm2.embedding_length", 64);
  hybrid.number("lfm2.attention.head_count", 4);
  hybrid.numbers<std::uint32_t>("lfm2.attention.head_count_kv", test::kU32, {0, 2, 0, 1});
  hybrid.numbers<std::int32_t>("lfm2.feed_forward_length", test::kI32, {100, 300, 200, -5});
  const GgufHead head = head_of(hybrid);
  EXPECT_EQ(head.model.shape.kv_heads, 2U);
  EXPECT_EQ(head.model.shape.feed_forward, 300U);
  EXPECT_EQ(head.model.kv_values, 3U * 2 * 16);  // three heads in all keep anything
}

TEST(Gguf, AWindowIsAWindow) {
  GgufBuilder builder;
  builder.text("general.architecture", "gemma3").number("gemma3.block_count", 12).number("gemma3.embedding_length", 64);
  builder.number("gemma3.attention.head_count", 4).number("gemma3.attention.sliding_window", 1024);
  const ModelHeader model = head_of(builder).model;
  EXPECT_EQ(model.kv_values, 2U * 4 * 2 * 16);
  EXPECT_EQ(model.windowed_kv_values, 10U * 4 * 2 * 16);
  EXPECT_EQ(kv_cache_bytes(model, 4096), 2 * (2U * 128 * 4096 + 10U * 128 * 1024));
  // A list of yes and no says it itself.
  builder.numbers<bool>("gemma3.attention.sliding_window_pattern", test::kBool, {true, false});
  EXPECT_EQ(head_of(builder).model.windowed_kv_values, 1U * 4 * 2 * 16);
}

TEST(Gguf, LatentAttentionKeepsOneRow) {
  GgufBuilder builder;
  builder.text("general.architecture", "deepseek2").number("deepseek2.block_count", 3);
  builder.number("deepseek2.nextn_predict_layers", 1).number("deepseek2.attention.head_count", 128);
  builder.number("deepseek2.attention.kv_lora_rank", 512).number("deepseek2.rope.dimension_count", 64);
  EXPECT_EQ(head_of(builder).model.kv_values, 2U * 576);
}

TEST(Gguf, ExpertsThatAreNotUsedAreNotActive) {
  GgufBuilder builder;
  builder.text("general.architecture", "qwen3moe").number("qwen3moe.expert_count", 8);
  builder.number("qwen3moe.expert_used_count", 2);
  builder.tensor("blk.0.ffn_up_exps.weight", {32, 10, 8}, 8, 2720).tensor("blk.0.attn_q.weight", {32, 10}, 8, 340);
  const GgufHead head = head_of(builder);
  EXPECT_EQ(head.model.shape.parameters, 2560U + 320);
  EXPECT_EQ(head.model.shape.active_parameters, 640U + 320);
  EXPECT_EQ(head.model.shape.quantisation, "Q8_0");  // nobody says it: what most weights have
  EXPECT_NEAR(bytes_per_weight(head.model.shape), 34.0 / 32, 1e-9);
  GgufBuilder old;
  old.tensor("blk.0.ffn_up.7.weight", {32, 10}, 0, 1280).tensor("blk.0.ffn_up.weight", {32, 10}, 0, 1280);
  EXPECT_EQ(head_of(old).model.expert_parameters, 320U);
}

TEST(Gguf, PartsSayWhichTheyAre) {
  GgufBuilder builder;
  builder.number("split.no", 1).number("split.count", 3);
  EXPECT_EQ(head_of(builder).part, 1U);
  EXPECT_EQ(head_of(builder).parts, 3U);
  GgufBuilder adapter;
  adapter.text("general.type", "adapter");
  EXPECT_EQ(head_of(adapter).kind, "adapter");
}

TEST(Gguf, AnUnknownTypeOfTensorIsCountedAndNotMeasured) {
  GgufBuilder builder;
  builder.tensor("a", {32, 2}, 99, 10).tensor("b", {32, 2}, 0, 256);
  EXPECT_EQ(head_of(builder).model.shape.parameters, 128U);
  EXPECT_EQ(head_of(builder).model.shape.file_bytes, 256U);
}

TEST(Gguf, NestedArraysAreSkipped) {
  std::string raw = GgufBuilder::array_head(test::kArray, 2);
  raw += GgufBuilder::array_head(test::kArray, 1) + GgufBuilder::array_head(test::kU32, 2) + std::string(8, 'x');
  raw += GgufBuilder::array_head(test::kText, 1) + test::gguf_text("inside");
  GgufBuilder builder;
  builder.pair("nested", test::kArray, raw).text("general.name", "behind it");
  EXPECT_EQ(head_of(builder).model.shape.name, "behind it");
}

TEST(Gguf, HostileHeadsAreRefused) {
  EXPECT_NE(complaint("GGML" + std::string(100, '\0')).find("does not begin with GGUF"), std::string::npos);
  EXPECT_NE(complaint(test::small_gguf().head(1)).find("version 1"), std::string::npos);
  EXPECT_NE(complaint(test::small_gguf().head(4)).find("version 4"), std::string::npos);
  EXPECT_NE(complaint(test::small_gguf().head(0x03000000)).find("big-endian"), std::string::npos);
  EXPECT_EQ(complaint(test::small_gguf().head(2)), "");
  const auto with = [](std::uint32_t type, const std::string& raw) {
    GgufBuilder builder;
    return complaint(builder.pair("key", type, raw).head() + std::string(64, '\0'));
  };
  EXPECT_NE(with(13, "").find("unknown type 13"), std::string::npos);
  EXPECT_NE(with(test::kArray, GgufBuilder::array_head(77, 1)).find("unknown type 77"), std::string::npos);
  for (const std::uint64_t count : {~std::uint64_t{0}, std::uint64_t{1} << 62U, std::uint64_t{1} << 40U}) {
    std::string length;
    append(length, count);
    EXPECT_NE(with(test::kText, length), "");
    for (std::uint32_t type = 0; type <= 12; ++type)
      EXPECT_NE(with(test::kArray, GgufBuilder::array_head(type, count)), "");
  }
  std::string deep;
  for (std::size_t i = 0; i <= kGgufNesting; ++i) deep += GgufBuilder::array_head(test::kArray, 1);
  EXPECT_NE(with(test::kArray, deep).find("nested too deep"), std::string::npos);
}

TEST(Gguf, CountsThatNobodyHasAreRefused) {
  const auto counts = [](std::uint64_t tensors, std::uint64_t pairs) {
    std::string bytes = "GGUF";
    append(bytes, std::uint32_t{3});
    append(bytes, tensors);
    append(bytes, pairs);
    return complaint(bytes);
  };
  EXPECT_NE(counts(kGgufTensorLimit + 1, 0).find("too many tensors"), std::string::npos);
  EXPECT_NE(counts(0, kGgufPairLimit + 1).find("too much metadata"), std::string::npos);
  EXPECT_NE(counts(kGgufTensorLimit, kGgufPairLimit).find("ends inside"), std::string::npos);
  GgufBuilder tall;
  tall.text("general.architecture", "x").number("x.block_count", kLayerLimit + 1);
  EXPECT_NE(complaint(tall.head()).find("more layers"), std::string::npos);
}

TEST(Gguf, AHeadPastTheLimitIsRefusedUnread) {
  std::string length;
  append(length, kGgufHeadLimit - 10);
  GgufBuilder builder;
  const std::string bytes = builder.pair("key", test::kText, length).head();
  const auto reading = read_gguf(bytes, std::uint64_t{1} << 40U);
  ASSERT_FALSE(reading.ok());
  EXPECT_EQ(reading.error().code, base::Code::too_large);
}

TEST(Gguf, TensorsThatOverflowAreCountedToTheMost) {
  GgufBuilder builder;
  builder.tensor("a", {std::uint64_t{1} << 40U, std::uint64_t{1} << 40U}, 0, 0);
  EXPECT_EQ(head_of(builder).model.shape.parameters, ~std::uint64_t{0});
  EXPECT_EQ(head_of(builder).end_bytes, ~std::uint64_t{0});
  GgufBuilder odd;
  EXPECT_NE(complaint(odd.tensor("a", {33}, 8, 0).head()).find("multiple"), std::string::npos);
  GgufBuilder wide;
  EXPECT_NE(complaint(wide.tensor("a", {1, 1, 1, 1, 1}, 0, 0).head()).find("5 dimensions"), std::string::npos);
}

TEST(GgufTypes, AreKnownByTheirNumbers) {
  EXPECT_EQ(file_type_name(15), "Q4_K_M");
  EXPECT_EQ(file_type_name(1024 + 7), "Q8_0");
  EXPECT_EQ(file_type_name(4), "");
  ASSERT_NE(tensor_type(12), nullptr);
  EXPECT_EQ(tensor_type(12)->bytes, 144U);
  EXPECT_EQ(tensor_type(4), nullptr);
}

}  // namespace
}  // namespace basin::geometry
