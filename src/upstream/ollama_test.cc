#include "upstream/ollama.h"

#include <gtest/gtest.h>

#include "upstream/model_listing.h"

namespace basin::upstream {
namespace {

constexpr std::string_view kTags = R"({"models":[
  {"name":"qwen3:8b","model":"qwen3:8b","modified_at":"2026-10-01T10:00:00Z","size":5225388164,"digest":"500a1f067a9f",
   "details":{"parent_model":"","format":"gguf","family":"qwen3","families":["qwen3"],"parameter_size":"8.2B",
              "quantization_level":"Q4_K_M"}},
  {"name":"gpt-oss:120b-cloud","remote_model":"gpt-oss:120b","remote_host":"https://ollama.com:443","size":384,
   "details":{"family":"gptoss","parameter_size":"116.8B","quantization_level":"MXFP4"}},
  {"size":1},
  {"name":"nomic-embed-text:latest","size":274302450,
   "details":{"family":"nomic-bert","parameter_size":"137M","quantization_level":"F16"}}]})";

constexpr std::string_view kShow = R"({
  "parameters":"stop                           \"<|im_end|>\"\nnum_ctx                        32768\n",
  "template":"{{ .Prompt }}",
  "details":{"format":"gguf","family":"qwen3","parameter_size":"8.2B","quantization_level":"Q4_K_M"},
  "model_info":{"general.architecture":"qwen3","general.basename":"Qwen3","general.name":"Qwen3 8B",
    "general.parameter_count":8190735360,"qwen3.attention.head_count":32,"qwen3.attention.head_count_kv":8,
    "qwen3.attention.key_length":128,"qwen3.block_count":36,"qwen3.context_length":40960,
    "qwen3.embedding_length":4096,"qwen3.feed_forward_length":12288,"tokenizer.ggml.tokens":null},
  "capabilities":["completion","tools","thinking"]})";

ServedModel named(const char* name) {
  ServedModel model;
  model.name = name;
  return model;
}

TEST(Ollama, TagsNameTheModelsWithSizeAndPrecision) {
  const auto models = ollama_tags(kTags);
  ASSERT_TRUE(models && models->size() == 3);
  EXPECT_EQ((*models)[0].name, "qwen3:8b");
  EXPECT_EQ((*models)[0].shape.parameters, 8'200'000'000U);
  EXPECT_EQ((*models)[0].shape.quantisation, "Q4_K_M");
  EXPECT_EQ((*models)[0].shape.file_bytes, 5'225'388'164U);
  EXPECT_FALSE((*models)[0].elsewhere);
  EXPECT_TRUE((*models)[1].elsewhere) << "its prompts leave the machine";
  EXPECT_EQ((*models)[2].shape.parameters, 137'000'000U);
}

TEST(Ollama, ShowHasGeometryAndCapabilities) {
  ServedModel model = named("qwen3:8b");
  add_ollama_show(kShow, model);
  EXPECT_EQ(model.shape.architecture, "qwen3");
  EXPECT_EQ(model.shape.name, "Qwen3 8B");
  EXPECT_EQ(model.shape.d_model, 4096U);
  EXPECT_EQ(model.shape.layers, 36U);
  EXPECT_EQ(model.shape.heads, 32U);
  EXPECT_EQ(model.shape.kv_heads, 8U);
  EXPECT_EQ(model.shape.head_dim, 128U);
  EXPECT_EQ(model.shape.parameters, 8'190'735'360U);
  EXPECT_EQ(model.shape.active_parameters, model.shape.parameters);
  EXPECT_EQ(model.shape.context, 40'960U);
  EXPECT_EQ(model.shape.tools, true);
  EXPECT_EQ(model.shape.vision, false);
  EXPECT_EQ(model.shape.thinking, true);
  EXPECT_FALSE(model.embeds);
  EXPECT_EQ(model.context, 32'768U) << "what its Modelfile starts it with";
  EXPECT_TRUE(model.context_guessed);
  EXPECT_EQ(model.shape_from, "/api/show");
}

TEST(Ollama, OfAMixtureATokenPassesAFewExperts) {
  ServedModel model = named("qwen3:30b");
  add_ollama_show(R"({"model_info":{"general.architecture":"qwen3moe","general.parameter_count":30532122624,
    "qwen3moe.block_count":48,"qwen3moe.embedding_length":2048,"qwen3moe.expert_count":128,
    "qwen3moe.expert_used_count":8,"qwen3moe.expert_feed_forward_length":768,"qwen3moe.feed_forward_length":6144,
    "qwen3moe.attention.head_count_kv":[4,4,0]}})",
                  model);
  EXPECT_EQ(model.shape.experts, 128U);
  EXPECT_EQ(model.shape.kv_heads, 4U);
  EXPECT_NEAR(static_cast<double>(model.shape.active_parameters), 3.35e9, 0.1e9);
}

TEST(Ollama, OnlyWhatRunsHasAContextInForce) {
  auto models = *ollama_tags(kTags);
  add_ollama_show(kShow, models[0]);
  add_ollama_running(R"({"models":[{"name":"qwen3:8b","model":"qwen3:8b","size":6654289920,"size_vram":6654289920,
    "expires_at":"2026-11-25T12:00:00Z","context_length":4096}]})",
                     models);
  EXPECT_EQ(models[0].loaded, true);
  EXPECT_EQ(models[0].context, 4096U);
  EXPECT_FALSE(models[0].context_guessed);
  add_ollama_show(kShow, models[0]);
  EXPECT_EQ(models[0].context, 4096U) << "a running model's own context stays";
  EXPECT_EQ(models[1].loaded, true) << "a model elsewhere is never cold here";
  EXPECT_EQ(models[2].loaded, false);
}

TEST(Ollama, AnEmbedderIsToldByItsCapabilities) {
  ServedModel model = named("x");
  add_ollama_show(R"({"capabilities":["embedding"]})", model);
  EXPECT_TRUE(model.embeds);
  add_ollama_show(R"({"capabilities":["completion","embedding"]})", model);
  EXPECT_FALSE(model.embeds);
}

TEST(Ollama, AnOlderOneIsToldByItsTemplate) {
  ServedModel model = named("x");
  add_ollama_show(R"({"template":"{{ if .Tools }}{{ .Tools }}{{ range .ToolCalls }}{{ end }}{{ end }}"})", model);
  EXPECT_EQ(model.shape.tools, true);
  EXPECT_EQ(model.shape.thinking, false);
}

TEST(Ollama, StrangeAnswersAddNothing) {
  for (const std::string_view odd :
       {"", "[]", "{}", "404 page not found", R"({"models":3})", R"({"model_info":[]})",
        R"({"models":[3,null,{"name":7}]})", R"({"parameters":"num_ctx","model_info":{}})"}) {
    ServedModel model = named("m");
    std::vector<ServedModel> models = {model};
    add_ollama_show(odd, model);
    add_ollama_running(odd, models);
    EXPECT_EQ(model.shape.parameters + model.context + models[0].context, 0U) << odd;
    const auto listed = ollama_tags(odd);
    EXPECT_TRUE(!listed || listed->empty()) << odd;
  }
  ServedModel model = named("m");
  add_ollama_show(R"({"model_info":{"general.architecture":"a","a.block_count":-1,"a.embedding_length":1e300,
    "a.context_length":99999999999,"general.parameter_count":8.03e9}})",
                  model);
  EXPECT_EQ(model.shape.layers + model.shape.d_model + model.shape.context, 0U);
  EXPECT_EQ(model.shape.parameters, 8'030'000'000U);
}

TEST(Ollama, AVersionIsAText) {
  EXPECT_TRUE(tells_version(R"({"version":"0.13.5"})"));
  for (const char* odd :
       {R"x({"error":"Unexpected endpoint or method. (GET /api/version)"})x", R"({"version":1})", "x"})
    EXPECT_FALSE(tells_version(odd)) << odd;
}

}  // namespace
}  // namespace basin::upstream
