#include "gateway/placement.h"

#include <gtest/gtest.h>

#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::gateway {
namespace {

using core::Dialect;
using core::Endpoint;

upstream::Server server_speaking(std::vector<Dialect> dialects) {
  upstream::Server server;
  server.name = "s";
  server.url.host = "127.0.0.1";
  server.dialects = std::move(dialects);
  return server;
}

// A body composed for a place: what goes up, edits applied.
struct Case {
  std::string body;
  Endpoint endpoint = Endpoint::messages;
  upstream::Server server = server_speaking({Dialect::anthropic});
  upstream::Tier tier;
  Dialect spoken = Dialect::anthropic;
  Circumstances circumstances;
  base::json::Document document;

  base::Result<Composed> compose() {
    const auto request = wire::read_request(endpoint, body, document);
    EXPECT_TRUE(request.ok());
    const Placement place{"small", "little", &server, &tier, 0, spoken};
    return gateway::compose(*request, place, circumstances, document);
  }
  std::string sent() {
    const auto composed = compose();
    EXPECT_TRUE(composed.ok()) << composed.error().message;
    if (composed->translated) return composed->body;
    const auto spliced = wire::splice(body, composed->edits);
    EXPECT_TRUE(spliced.ok());
    std::string out;
    for (const std::string_view span : spliced->spans) out += span;
    return out;
  }
};

TEST(SpokenAt, TheClientsOwnDialectWhereverItIs) {
  const auto all = server_speaking({Dialect::openai_chat, Dialect::anthropic});
  EXPECT_EQ(spoken_at(all, Dialect::anthropic, Endpoint::messages), Dialect::anthropic);
  EXPECT_EQ(spoken_at(all, Dialect::openai_responses, Endpoint::responses), Dialect::openai_chat);
  const auto anthropic = server_speaking({Dialect::anthropic});
  EXPECT_EQ(spoken_at(anthropic, Dialect::openai_chat, Endpoint::chat_completions), Dialect::anthropic);
  EXPECT_EQ(spoken_at(anthropic, Dialect::openai_chat, Endpoint::embeddings), std::nullopt);
  EXPECT_EQ(spoken_at(server_speaking({Dialect::openai_responses}), Dialect::anthropic, Endpoint::messages),
            std::nullopt);
}

TEST(Compose, InItsOwnDialectABodyIsEdited) {
  Case c{.body = R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})"};
  EXPECT_EQ(c.sent(), R"({"model":"little","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})");
  c.tier.effort.word = "low";
  EXPECT_EQ(c.sent(), R"({"model":"little","max_tokens":9,"messages":[{"role":"user","content":"hi"}],)"
                      R"("output_config":{"effort":"low"}})");
}

TEST(Compose, InAnotherItIsTranslated) {
  Case c{.body = R"({"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]})"};
  c.spoken = Dialect::openai_chat;
  c.tier.effort.word = "low";
  EXPECT_EQ(c.sent(), R"({"model":"little","messages":[{"role":"user","content":"hi"}],"max_tokens":9,)"
                      R"("reasoning_effort":"low"})");
}

TEST(Compose, AServerThatRefusesWhatItHasNotHeardOfGetsTheOldestFields) {
  Case c{.body = R"({"model":"m","max_tokens":9,"stream":true,"output_config":{"effort":"high"},)"
                 R"("messages":[{"role":"user","content":"hi"}]})"};
  c.spoken = Dialect::openai_chat;
  c.tier.effort.word = "low";
  c.circumstances.oldest_fields = true;
  EXPECT_EQ(c.sent(), R"({"model":"little","messages":[{"role":"user","content":"hi"}],"max_tokens":9,"stream":true})");
  EXPECT_EQ(c.compose()->dropped, std::vector<std::string>{"reasoning_effort"});
}

TEST(Compose, CountingIsNotTranslated) {
  Case c{.body = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})", .endpoint = Endpoint::count_tokens};
  c.spoken = Dialect::openai_chat;
  const auto composed = c.compose();
  ASSERT_TRUE(composed.ok());
  EXPECT_FALSE(composed->translated);
}

TEST(Compose, ALocalServersChatStreamIsAskedWhatItCost) {
  Case c{.body = R"({"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]})",
         .endpoint = Endpoint::chat_completions};
  c.spoken = Dialect::openai_chat;
  EXPECT_TRUE(c.compose()->usage_added);
  EXPECT_NE(c.sent().find(R"("include_usage":true)"), std::string::npos);
  c.server.vendor = "openai";
  EXPECT_FALSE(c.compose()->usage_added);
  EXPECT_EQ(c.sent().find("include_usage"), std::string::npos);
}

TEST(Compose, WhatCannotBeSaidThereIsRefusedByName) {
  Case c{.body = R"({"model":"m","n":2,"messages":[{"role":"user","content":"hi"}]})",
         .endpoint = Endpoint::chat_completions};
  const auto composed = c.compose();
  ASSERT_FALSE(composed.ok());
  EXPECT_EQ(composed.error().code, base::Code::unsupported);
  EXPECT_NE(composed.error().message.find("n"), std::string::npos);
}

}  // namespace
}  // namespace basin::gateway
