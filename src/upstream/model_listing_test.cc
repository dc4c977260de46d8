#include "upstream/model_listing.h"

#include <gtest/gtest.h>

#include "upstream/known_servers.h"

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
  EXPECT_EQ(one.url, "https://a.example:8443/api/v1/models");
  EXPECT_EQ(one.fields, (Fields{{"anthropic-version", "2023-06-01"}, {"x-api-key", "k"}}));
  EXPECT_EQ(models_request(server_with(core::Dialect::openai_chat, "k")).fields,
            (Fields{{"Authorization", "Bearer k"}}));
  EXPECT_EQ(models_request(server_with(core::Dialect::openai_chat, "")).fields, Fields{});
}

TEST(ModelListing, ReadsNamesUpToTheLimit) {
  EXPECT_EQ(models_listed(R"({"data":[{"id":"a"},{"no":"id"},{"id":"b"}]})"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(models_listed("[]"), std::nullopt);
  EXPECT_EQ(models_listed("{"), std::nullopt);
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
