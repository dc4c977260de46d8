#include "gateway/weigh.h"

#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "wire/read_request.h"

namespace basin::gateway {
namespace {

// A request before a small and a large tier of 100,000 tokens each.
struct Case {
  std::shared_ptr<Snapshot> snapshot = testing::snapshot_of("http://127.0.0.1:1");
  Shared shared{1, geometry::builtin_model()};
  std::string body = R"({"model":"m","messages":[{"role":"user","content":"hi"}]})";
  base::json::Document document;
  core::Request request;
  core::Prompt prompt;
  core::Difficulty difficulty;
  Wishes wishes;

  Weighing weighing() {
    request = *wire::read_request(core::Endpoint::messages, body, document);
    return {*snapshot, shared, request, text_bytes(request), prompt, difficulty, wishes, false, 0, 0};
  }
  route::Candidate small() { return weigh(weighing()).candidates.at(0); }
};

TEST(Weigh, ATierTakesWhatFitsAndWhatItsModelTakes) {
  Case c;
  EXPECT_TRUE(c.small().eligible());
  c.body = R"({"model":"m","messages":[{"role":"user","content":")" + std::string(500'000, 'x') + R"("}]})";
  EXPECT_FALSE(c.small().fits);
}

TEST(Weigh, WhatAServerToldOfItsContextCounts) {
  Case c;
  c.body = R"({"model":"m","messages":[{"role":"user","content":")" + std::string(40'000, 'x') + R"("}]})";
  EXPECT_TRUE(c.small().fits);
  wire::Failure failure;
  failure.cause = wire::Cause::too_long;
  failure.context = 4'096;
  c.shared.breaker.failed({"near", "little"}, failure, 0);
  EXPECT_FALSE(c.small().fits);
}

TEST(Weigh, ModelsThatMakeMoreTokensOfATextHoldLess) {
  Case c;
  c.body = R"({"model":"m","messages":[{"role":"user","content":")" + std::string(300'000, 'x') + R"("}]})";
  EXPECT_TRUE(c.small().fits);
  for (int i = 0; i < 20; ++i) c.shared.token_rates.learn("little", 1'000'000, 900'000);
  EXPECT_FALSE(c.small().fits);
}

TEST(Weigh, PicturesGoToWhomIsKnownToSeeAndAreNoText) {
  Case c;
  c.body = R"({"model":"m","messages":[{"role":"user","content":[{"type":"image","source":{"type":"base64",)"
           R"("media_type":"image/png","data":")" +
           std::string(800'000, 'A') + R"("}}]}]})";
  const Weighing w = c.weighing();
  EXPECT_LT(text_bytes(w.request), 200U);
  EXPECT_LT(w.usage_at("little").input, 3'000U);
  EXPECT_FALSE(c.small().takes);
}

TEST(Weigh, LocalOnlyRulesOutWhatIsFar) {
  Case c;
  c.wishes.local_only = true;
  EXPECT_TRUE(c.small().speaks);
  c.snapshot = testing::snapshot_of("https://models.example.com");
  EXPECT_FALSE(c.small().speaks);
}

}  // namespace
}  // namespace basin::gateway
