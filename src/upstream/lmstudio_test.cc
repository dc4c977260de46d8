#include "upstream/lmstudio.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

TEST(LmStudio, ListsWhatIsThereAndWhatIsLoaded) {
  const auto models = lmstudio_models(R"({"models":[
    {"type":"llm","publisher":"google","key":"google/gemma-4-26b-a4b","display_name":"Gemma 4 26B A4B",
     "architecture":"gemma4","quantization":{"name":"Q4_K_M","bits_per_weight":4},"size_bytes":17990911801,
     "params_string":"26B-A4B","max_context_length":262144,"format":"gguf",
     "loaded_instances":[{"id":"google/gemma-4-26b-a4b","config":{"context_length":8192,"parallel":4}},
                         {"id":"google/gemma-4-26b-a4b:2","config":{"context_length":4096,"parallel":1}}],
     "capabilities":{"vision":true,"trained_for_tool_use":true,"reasoning":{"allowed_options":["off","on"]}}},
    {"type":"llm","key":"cold-8b","params_string":"8B","loaded_instances":[],"max_context_length":32768,
     "quantization":null,"capabilities":{"vision":false,"trained_for_tool_use":false}},
    {"type":"embedding","key":"text-embedding-nomic","params_string":null,"loaded_instances":[],
     "max_context_length":2048}]})");
  ASSERT_TRUE(models && models->size() == 3);
  const ServedModel& hot = (*models)[0];
  EXPECT_EQ(hot.name, "google/gemma-4-26b-a4b");
  EXPECT_EQ(hot.shape.parameters, 26'000'000'000U);
  EXPECT_EQ(hot.shape.active_parameters, 4'000'000'000U);
  EXPECT_EQ(hot.shape.quantisation, "Q4_K_M");
  EXPECT_EQ(hot.shape.context, 262'144U);
  EXPECT_EQ(hot.context, 4'096U) << "the shorter of two instances binds";
  EXPECT_EQ(hot.slots, 5U);
  EXPECT_EQ(hot.loaded, true);
  EXPECT_EQ(hot.shape.vision, true);
  EXPECT_EQ(hot.shape.tools, true);
  EXPECT_EQ(hot.shape.thinking, true);
  const ServedModel& cold = (*models)[1];
  EXPECT_EQ(cold.loaded, false);
  EXPECT_EQ(cold.context, 0U) << "what it could take is not what it will be loaded with";
  EXPECT_EQ(cold.shape.tools, false);
  EXPECT_EQ(cold.shape.thinking, false);
  EXPECT_TRUE((*models)[2].embeds);
}

TEST(LmStudio, TheOlderListIsReadToo) {
  const auto models = lmstudio_models_v0(R"({"object":"list","data":[
    {"id":"qwen2-vl-7b-instruct","type":"vlm","arch":"qwen2_vl","quantization":"4bit","state":"not-loaded",
     "max_context_length":32768},
    {"id":"meta-llama-3.1-8b-instruct","type":"llm","arch":"llama","quantization":"Q4_K_M","state":"loaded",
     "max_context_length":131072,"loaded_context_length":16384,"capabilities":["tool_use"]},
    {"id":"text-embedding-nomic","type":"embeddings","state":"not-loaded"}]})");
  ASSERT_TRUE(models && models->size() == 3);
  EXPECT_EQ((*models)[0].shape.vision, true);
  EXPECT_EQ((*models)[0].loaded, false);
  EXPECT_EQ((*models)[1].context, 16'384U);
  EXPECT_EQ((*models)[1].shape.tools, true);
  EXPECT_TRUE((*models)[2].embeds);
}

TEST(LmStudio, AnotherServersListIsNotIts) {
  for (const std::string_view odd : {"", "{}", R"x({"error":"Unexpected endpoint or method. (GET /api/v1/models)"})x",
                                     R"({"models":[{"name":"a"}]})", R"({"data":[{"id":"a","object":"model"}]})"}) {
    EXPECT_FALSE(lmstudio_models(odd)) << odd;
    EXPECT_FALSE(lmstudio_models_v0(odd)) << odd;
  }
}

}  // namespace
}  // namespace basin::upstream
