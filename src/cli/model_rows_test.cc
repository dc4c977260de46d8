#include "cli/model_rows.h"

#include <gtest/gtest.h>

namespace basin::cli {
namespace {

using core::Dialect;
using upstream::ContextFrom;

upstream::ServedModel served(const char* name, std::uint32_t context, bool loaded = true) {
  upstream::ServedModel model;
  model.name = name;
  model.context = context;
  model.loaded = loaded;
  return model;
}

struct Machine : testing::Test {
  Machine() {
    upstream::UpstreamOptions ollama, far;
    ollama.name = "ollama";
    ollama.base_url = "http://127.0.0.1:9";
    ollama.dialects = {Dialect::openai_chat};
    ollama.kind = upstream::ServerKind::ollama;
    ollama.models = {served("a", 32'768), served("b", 0, false), served("c", 4096)};
    far.name = "far";
    far.base_url = "https://models.example.com/v1";
    far.dialects = {Dialect::openai_chat};
    far.key = base::Secret("k");
    options.upstreams = {ollama, far};
    for (const auto& [name, server, model] : {std::array{"small", "ollama", "a"}, std::array{"large", "far", "big"}}) {
      auto& tier = options.tiers.emplace_back();
      tier.name = name;
      tier.upstream = server;
      tier.model = model;
    }
  }

  gateway::Snapshot snapshot() {
    gateway::Snapshot snapshot;
    auto catalogue = upstream::Catalogue::build(options);
    EXPECT_TRUE(catalogue.ok()) << catalogue.error().message;
    snapshot.catalogue = std::move(*catalogue);
    snapshot.prices = std::make_shared<const ledger::PriceTable>();
    return snapshot;
  }

  upstream::Options options;
};

TEST_F(Machine, RowsAreTheTiersThenWhatElseIsThere) {
  const auto snap = snapshot();
  const auto rows = model_rows(snap, {}, 0);
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].tier, "small");
  EXPECT_EQ(rows[0].context, 32'768U);
  EXPECT_EQ(rows[0].context_from, ContextFrom::server);
  EXPECT_EQ(rows[1].model, "big");
  EXPECT_EQ(rows[1].context, upstream::kHostedContext);
  EXPECT_EQ(rows[1].context_from, ContextFrom::nothing);
  EXPECT_EQ(rows[2].model, "b");
  EXPECT_EQ(rows[2].context, upstream::kLocalContext);
  EXPECT_EQ(rows[2].context_from, ContextFrom::nothing);
}

TEST_F(Machine, ServersElsewhereAreAskedOnceWithOurKey) {
  auto& third = options.tiers.emplace_back();
  third.name = "third";
  third.upstream = "far";
  third.model = "bigger";
  const auto snap = snapshot();
  int asked = 0;
  const Heard heard = ask_hosted(snap, [&](net::FetchRequest request) -> base::Result<net::FetchResponse> {
    ++asked;
    EXPECT_EQ(request.url, "https://models.example.com/v1/models");
    EXPECT_EQ(request.fields.at(0).second, "Bearer k");
    return net::FetchResponse{.status = 200,
                              .fields = {},
                              .body = R"({"data":[{"id":"big","context_length":200000,"supported_parameters":[]}]})"};
  });
  EXPECT_EQ(asked, 1);
  const auto rows = model_rows(snap, heard, 0);
  EXPECT_EQ(rows[1].context, 200'000U);
  EXPECT_EQ(rows[1].context_from, ContextFrom::server);
  EXPECT_EQ(rows[1].takes.tools, false);
  EXPECT_EQ(rows.size(), 5U) << "what else a server elsewhere has is not shown";
}

TEST_F(Machine, WhatIsConfiguredStands) {
  options.tiers[1].context = 50'000;
  const auto snap = snapshot();
  const Heard heard = {{"far", {served("big", 200'000)}}};
  EXPECT_EQ(model_rows(snap, heard, 0)[1].context, 50'000U);
}

TEST_F(Machine, WhoDoesNotAnswerOrHasNoKeyOfOursSaysNothing) {
  const auto silent = ask_hosted(snapshot(), [](net::FetchRequest) -> base::Result<net::FetchResponse> {
    return base::fail(base::Code::unreachable, "refused");
  });
  EXPECT_EQ(model_rows(snapshot(), silent, 0)[1].context_from, ContextFrom::nothing);
  options.upstreams[1].key = {};
  ask_hosted(snapshot(), [](net::FetchRequest) -> base::Result<net::FetchResponse> {
    ADD_FAILURE() << "asked without a key";
    return base::fail(base::Code::unreachable, "refused");
  });
}

TEST_F(Machine, AdviceIsOneSentenceForAServerAndAContext) {
  for (int i = 0; i < 5; ++i) options.upstreams[0].models.push_back(served(("cold" + std::to_string(i)).c_str(), 0));
  const auto advice = context_advice(model_rows(snapshot(), {}, 0));
  ASSERT_EQ(advice.size(), 2U);
  EXPECT_EQ(advice[0],
            "b, cold0, cold1 and 3 more (ollama): the context in force is not known and counts as 4096 tokens, and a "
            "coding agent's first request has 12000: start it with OLLAMA_CONTEXT_LENGTH=65536 in its environment");
  EXPECT_NE(advice[1].find("c (ollama): the context in force is 4096 tokens"), std::string::npos) << advice[1];
}

}  // namespace
}  // namespace basin::cli
