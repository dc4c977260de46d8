#include "upstream/model_listing.h"

#include <gtest/gtest.h>

#include "upstream/known_servers.h"
#include "upstream/model_fields.h"

namespace basin::upstream {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

Server server_with(core::Dialect dialect, const char* key) {
  Server server;
  server.url = *parse_base_url("https://a.example:8443/api/v1");
  server.dialects = {dialect};
  server.vendor = vendor_of(dialect);
  server.key = base::Secret(key);
  return server;
}

TEST(ModelListing, AsksInTheServersOwnForm) {
  const auto one = models_request(server_with(core::Dialect::anthropic, "k"));
  EXPECT_EQ(one.url, "https://a.example:8443/api/v1/models?limit=1000");
  EXPECT_EQ(one.fields, (Fields{{"anthropic-version", "2023-06-01"}, {"x-api-key", "k"}}));
  EXPECT_EQ(models_request(server_with(core::Dialect::openai_chat, "k")).url, "https://a.example:8443/api/v1/models");
  EXPECT_EQ(models_request(server_with(core::Dialect::openai_chat, "k")).fields,
            (Fields{{"Authorization", "Bearer k"}}));
  EXPECT_EQ(models_request(server_with(core::Dialect::openai_chat, "")).fields, Fields{});
}

ServedModel only_model(std::string_view item) {
  auto models = models_listed(std::string(R"({"data":[)") + std::string(item) + "]}");
  EXPECT_TRUE(models && models->size() == 1) << item;
  return models && !models->empty() ? models->front() : ServedModel{};
}

TEST(ModelListing, ReadsWhatAnthropicAdds) {
  const ServedModel model = only_model(R"({"type":"model","id":"claude-opus-5-5","display_name":"Claude Opus 5.5",
    "max_input_tokens":1000000,"max_tokens":128000,"capabilities":{"image_input":{"supported":true},
    "thinking":{"supported":true,"types":{"adaptive":{"supported":true}}}}})");
  EXPECT_EQ(model.context, 1'000'000U);
  EXPECT_EQ(model.shape.vision, true);
  EXPECT_EQ(model.shape.thinking, true);
  EXPECT_FALSE(model.shape.tools.has_value()) << "it does not say";
}

TEST(ModelListing, ReadsWhatOpenRouterAndItsLikeAdd) {
  const ServedModel router =
      only_model(R"({"id":"qwen/qwen3-8b","hugging_face_id":"Qwen/Qwen3-8B","context_length":131072,
    "architecture":{"input_modalities":["text","image"],"output_modalities":["text"]},
    "top_provider":{"context_length":40960},"supported_parameters":["tools","reasoning","seed"]})");
  EXPECT_EQ(router.context, 40'960U) << "the smaller limit binds";
  EXPECT_EQ(router.shape.name, "Qwen/Qwen3-8B");
  EXPECT_EQ(router.shape.vision, true);
  EXPECT_EQ(router.shape.tools, true);
  EXPECT_EQ(router.shape.thinking, true);
  const ServedModel mistral =
      only_model(R"({"id":"m","max_context_length":32768,"capabilities":{"function_calling":true,"vision":false}})");
  EXPECT_EQ(mistral.context, 32'768U);
  EXPECT_EQ(mistral.shape.tools, true);
  EXPECT_EQ(mistral.shape.vision, false);
  EXPECT_EQ(only_model(R"({"id":"m","context_window":8192,"capabilities":["chat"]})").context, 8192U);
  EXPECT_TRUE(only_model(R"({"id":"m","type":"embedding"})").embeds);
}

TEST(ModelListing, ReadsWhatVllmAdds) {
  const ServedModel model =
      only_model(R"({"id":"served","object":"model","owned_by":"vllm","root":"Qwen/Qwen3-8B","max_model_len":32768})");
  EXPECT_EQ(model.context, 32'768U);
  EXPECT_EQ(model.shape.name, "Qwen/Qwen3-8B");
  EXPECT_FALSE(model.loaded.has_value());
  EXPECT_EQ(model.weights_path, "");
  EXPECT_EQ(only_model(R"({"id":"m","owned_by":"vllm","root":"/models/qwen"})").weights_path, "/models/qwen");
}

TEST(ModelListing, OpenAiHasOnlyNames) {
  const ServedModel model = only_model(R"({"id":"gpt-6.1-sol","object":"model","created":1,"owned_by":"system"})");
  EXPECT_EQ(model.context, 0U);
  EXPECT_FALSE(model.shape.vision || model.shape.tools || model.shape.thinking);
}

TEST(ModelListing, ReadsNamesUpToTheLimit) {
  const auto models = models_listed(R"({"data":[{"id":"a"},{"no":"id"},{"id":"b"}]})");
  ASSERT_TRUE(models && models->size() == 2);
  EXPECT_EQ((*models)[0].name + (*models)[1].name, "ab");
  EXPECT_FALSE(models_listed("[]"));
  EXPECT_FALSE(models_listed("{"));
  EXPECT_TRUE(models_listed(R"({"data":[{"id":")" + std::string(kLongestName + 1, 'x') + R"("}]})")->empty());
  std::string body = R"({"data":[)";
  for (std::size_t i = 0; i < kListedModels; ++i) body += R"({"id":"m"},)";
  EXPECT_EQ(models_listed(body.substr(0, body.size() - 1) + "]}")->size(), kListedModels);
  EXPECT_EQ(models_listed(body + R"({"id":"one too many"}]})")->size(), kListedModels);
}

TEST(KnownServers, EveryVendorHasAServerAKeyAndModelsToStartWith) {
  EXPECT_EQ(vendor_servers().size(), vendor_names().size());
  for (const UpstreamOptions& server : vendor_servers()) {
    EXPECT_TRUE(parse_base_url(server.base_url).ok());
    EXPECT_FALSE(server.key_env.empty());
    EXPECT_NE(starter_models(server.vendor), nullptr);
  }
  EXPECT_EQ(starter_models("nobody"), nullptr);
  for (const LocalServer& server : local_servers()) {
    EXPECT_TRUE(parse_base_url(server.options().base_url)->loopback());
    EXPECT_EQ(server.options().client_key, false);
  }
}

}  // namespace
}  // namespace basin::upstream
