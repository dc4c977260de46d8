#include "cli/proposal.h"

#include <gtest/gtest.h>

#include "config/config.h"

namespace basin::cli {
namespace {

using core::Dialect;

upstream::Options with_key(const char* vendor) {
  upstream::UpstreamOptions server;
  server.name = server.vendor = vendor;
  server.key = base::Secret("k");
  return {.upstreams = {server}, .tiers = {}, .discover = true};
}

upstream::Discovery near(std::vector<std::string> models, std::vector<Dialect> dialects = {Dialect::anthropic}) {
  upstream::UpstreamOptions server;
  server.name = "ollama";
  server.dialects = std::move(dialects);
  for (std::string& model : models) server.models.emplace_back().name = std::move(model);
  return {.found = {server}, .remarks = {}, .awaited = {}};
}

TEST(Proposal, ALocalModelNearEightBillionIsSmallAndAVendorsIsLarge) {
  const auto pair = best_pair(propose(
      with_key("anthropic"), near({"qwen3:0.6b", "gemma3:12b", "qwen3:8b", "nomic-embed-text:7b", "llama3.3:70b"})));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->first.model, "qwen3:8b");
  EXPECT_EQ(pair->second.upstream, "anthropic");
}

TEST(Proposal, AVendorAloneGivesBoth) {
  const auto pair = best_pair(propose(with_key("openai"), {}));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->first.upstream, "openai");
  EXPECT_EQ(pair->second.upstream, "openai");
  EXPECT_NE(pair->first.model, pair->second.model);
}

TEST(Proposal, LocalModelsAloneGiveBothWhereOneIsLarge) {
  const auto pair = best_pair(propose({}, near({"llama3.3:70b", "qwen3:32b", "qwen3:4b"})));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->first.model, "qwen3:4b");
  EXPECT_EQ(pair->second.model, "llama3.3:70b");
  EXPECT_FALSE(best_pair(propose({}, near({"qwen3:4b", "qwen3:8b"}))));
}

TEST(Proposal, WithoutAKeyNothingIsGuessedButVendorsCanBeChosen) {
  const Proposal proposal = propose({}, {});
  EXPECT_FALSE(best_pair(proposal));
  EXPECT_FALSE(proposal.large.empty());
  EXPECT_FALSE(proposal.large.front().ready);
}

TEST(Proposal, TiersWithoutACommonDialectDoNotGoTogether) {
  EXPECT_FALSE(go_together({"a", "m", {Dialect::openai_chat}}, {"b", "n", {Dialect::anthropic}}));
  EXPECT_TRUE(go_together({"a", "m", {Dialect::openai_chat, Dialect::anthropic}}, {"b", "n", {Dialect::anthropic}}));
  EXPECT_FALSE(go_together({"a", "m", {Dialect::anthropic}}, {"a", "m", {Dialect::anthropic}}));
  const auto pair = best_pair(propose(with_key("openai"), near({"qwen3:8b"}, {Dialect::anthropic})));
  ASSERT_TRUE(pair);
  EXPECT_EQ(pair->first.upstream, "openai");  // the local one speaks another language
}

TEST(Proposal, WhatIsProposedValidates) {
  const config::Environment environment(config::Environment::Variables{{"ANTHROPIC_API_KEY", "k"}});
  const auto pair = best_pair(propose(with_key("anthropic"), near({"qwen3:8b"})));
  ASSERT_TRUE(pair);
  const auto config =
      config::parse(config::commented_file(contents_for(pair->first, pair->second)), "init", environment);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->routing.mode, core::Mode::on);
  EXPECT_EQ(config->upstream.tiers.at(0).upstream, "ollama");
}

}  // namespace
}  // namespace basin::cli
