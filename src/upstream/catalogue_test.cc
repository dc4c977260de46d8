#include "upstream/catalogue.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

using core::Dialect;

Options two_tiers() {
  Options options;
  options.upstreams.push_back(
      {.name = "near", .base_url = "http://127.0.0.1:8080", .dialects = {Dialect::anthropic, Dialect::openai_chat}});
  options.upstreams.push_back(
      {.name = "far", .base_url = "https://models.example.com/api/v1", .dialects = {Dialect::anthropic}});
  options.tiers.push_back({.name = "small", .upstream = "near", .model = "qwen3:8b"});
  options.tiers.push_back({.name = "large", .upstream = "far", .model = "big"});
  return options;
}

Catalogue built(const Options& options) {
  auto catalogue = Catalogue::build(options);
  EXPECT_TRUE(catalogue.ok()) << (catalogue.ok() ? "" : catalogue.error().message);
  return catalogue.ok() ? std::move(*catalogue) : Catalogue{};
}

TEST(Catalogue, FindsTiersByNameAndModel) {
  Options options = two_tiers();
  options.tiers[1].effort.word = "low";
  const Catalogue c = built(options);
  EXPECT_EQ(c.tier_named("large"), 1U);
  EXPECT_EQ(c.tiers()[1].effort.word, "low");
  EXPECT_EQ(c.tier_of_model("qwen3:8b"), 0U);
  EXPECT_FALSE(c.tier_named("huge").has_value());
  EXPECT_EQ(c.server_of(c.tiers()[1]).url.prefix, "/api");
}

TEST(Catalogue, SmallLocalModelsDoNotServeAgentsUnlessToldTo) {
  Options options = two_tiers();
  EXPECT_FALSE(built(options).tiers()[0].serves(Service::agent));
  EXPECT_TRUE(built(options).tiers()[0].serves(Service::side));
  EXPECT_TRUE(built(options).tiers()[1].serves(Service::agent));
  options.tiers[0].serves = {Service::agent};
  EXPECT_TRUE(built(options).tiers()[0].serves(Service::agent));
  EXPECT_FALSE(built(options).tiers()[0].serves(Service::side));
}

TEST(Catalogue, AnUnknownContextIsTheLeastThatSuchAServerHas) {
  Options options = two_tiers();
  const Catalogue c = built(options);
  EXPECT_EQ(c.context_of(c.tiers()[0]), kLocalContext);
  EXPECT_EQ(c.context_of(c.tiers()[1]), kHostedContext);
  options.tiers[0].context = 65'536;
  const Catalogue told = built(options);
  EXPECT_EQ(told.context_of(told.tiers()[0]), 65'536U);
}

TEST(Catalogue, AServersOwnWordsTellContextAndWhatTheModelTakes) {
  Options options = two_tiers();
  ServedModel& said = options.upstreams[0].models.emplace_back();
  said.name = "qwen3:8b";
  said.context = 32'768;
  said.context_guessed = true;
  said.shape.tools = true;
  said.shape.vision = false;
  said.loaded = false;
  said.slots = 4;
  const Catalogue c = built(options);
  const Tier& small = c.tiers()[0];
  EXPECT_EQ(c.context_of(small), 32'768U);
  EXPECT_EQ(c.context_from(small), ContextFrom::start);
  EXPECT_EQ(c.takes_of(small).tools, true);
  EXPECT_EQ(c.takes_of(small).vision, false);
  EXPECT_FALSE(c.takes_of(small).thinking.has_value());
  EXPECT_EQ(small.said.slots, 4U);
  EXPECT_EQ(small.said.loaded, false);
  options.tiers[0].context = 4096;
  const Catalogue told = built(options);
  EXPECT_EQ(told.context_of(told.tiers()[0]), 4096U) << "what is configured binds";
  EXPECT_EQ(c.context_from(c.tiers()[1]), ContextFrom::nothing);
}

TEST(Catalogue, AVendorsModelsHaveToolsAndEyes) {
  Options options = two_tiers();
  options.tiers[1].upstream = "anthropic";
  const Catalogue c = built(options);
  EXPECT_EQ(c.takes_of(c.tiers()[1]).tools, true);
  EXPECT_EQ(c.takes_of(c.tiers()[1]).vision, true);
  EXPECT_FALSE(c.takes_of(c.tiers()[0]).vision.has_value());
}

TEST(Catalogue, ASizeThatOnlyTheServerTellsDecidesOnAgentsToo) {
  Options options = two_tiers();
  options.tiers[0].model = "mine:latest";
  EXPECT_TRUE(built(options).tiers()[0].serves(Service::agent)) << "nobody says how small it is";
  options.upstreams[0].models.emplace_back().name = "mine:latest";
  core::ModelShape& shape = options.upstreams[0].models.back().shape;
  shape.parameters = 13'900'000'000;
  EXPECT_FALSE(built(options).tiers()[0].serves(Service::agent));
  shape.parameters = 14'000'000'000;
  EXPECT_TRUE(built(options).tiers()[0].serves(Service::agent));
  shape.tools = false;
  EXPECT_FALSE(built(options).tiers()[0].serves(Service::agent)) << "an agent calls tools";
}

TEST(Catalogue, ClientsKeysGoToTheirVendorAndToNearServersOnly) {
  const Catalogue c = built(two_tiers());
  for (const Server& server : c.servers()) {
    EXPECT_EQ(server.takes_client_key, server.name != "far") << server.name;
    EXPECT_FALSE(server.allow_subscription);
  }
}

TEST(Catalogue, HomeOfAModelInOrder) {
  Options options = two_tiers();
  EXPECT_EQ(built(options).home_of(Dialect::anthropic, "qwen3:8b")->name, "near");
  EXPECT_EQ(built(options).home_of(Dialect::anthropic, "anything")->name, "far");     // the largest tier's server
  EXPECT_EQ(built(options).home_of(Dialect::openai_responses, "x")->name, "openai");  // nobody else speaks it
  options.upstreams.push_back(
      {.name = "anthropic", .base_url = "http://127.0.0.1:9", .dialects = {Dialect::anthropic}, .vendor = "anthropic"});
  EXPECT_EQ(built(options).home_of(Dialect::anthropic, "anything")->name, "anthropic");  // configured for its vendor
  options.upstreams[0].models.emplace_back().name = "listed";
  EXPECT_EQ(built(options).home_of(Dialect::anthropic, "listed")->name, "near");
  EXPECT_EQ(built(Options{}).home_of(Dialect::anthropic, "x")->name, "anthropic");
}

TEST(Catalogue, ErrorsNameTableAndKey) {
  const auto message = [](Options options) {
    auto c = Catalogue::build(options);
    return c.ok() ? std::string() : c.error().message;
  };
  Options options = two_tiers();
  options.tiers[0].upstream = "neer";
  EXPECT_NE(message(options).find("[[tier]] \"small\": no [[upstream]] is named \"neer\"; there are: near, far"),
            std::string::npos);
  options = two_tiers();
  options.tiers[1].name = "small";
  EXPECT_NE(message(options).find("two of that name"), std::string::npos);
  options = two_tiers();
  options.upstreams[0].base_url = "127.0.0.1";
  EXPECT_NE(message(options).find("[[upstream]] \"near\": base_url"), std::string::npos);
  options = two_tiers();
  options.upstreams[0].dialects.clear();
  EXPECT_NE(message(options).find("dialects"), std::string::npos);
  options = two_tiers();
  options.tiers[0].name = "auto";
  EXPECT_NE(message(options).find("meaning of its own"), std::string::npos);
}

}  // namespace
}  // namespace basin::upstream
