#include "gateway/judge.h"

#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "geometry/testing.h"

namespace basin::gateway {
namespace {

// A door without a server: judging needs no network.
struct Case {
  std::shared_ptr<Snapshot> snapshot = testing::snapshot_of("http://127.0.0.1:1");
  Shared shared;
  net::Loop loop;
  net::RequestHead head;
  core::Endpoint endpoint = core::Endpoint::messages;
  std::unique_ptr<Door> door;

  explicit Case(std::shared_ptr<const geometry::Model> model = geometry::builtin_model())
      : shared(1, std::move(model)) {
    shared.version = "test";
    head.method = "POST";
    head.target = "/v1/messages";
    door = std::make_unique<Door>(loop, shared, snapshot);
  }
  base::Result<Judgement> judge(std::string_view body, std::int64_t now_ms = 0) {
    return gateway::judge(*door, *snapshot, {endpoint, head, body, 1'795'000'000'000, now_ms});
  }
};

constexpr std::string_view kForeign = R"({"model":"claude-x","messages":[{"role":"user","content":"hi"}]})";

TEST(Judge, AnUnsureAskIsToBeReadAndThenJoinsTheMeasure) {
  Case c(geometry::two_stage_model(geometry::random_encoder_loaded(1)));
  const auto first = c.judge(kForeign);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->unread, "hi");
  EXPECT_EQ(first->decision.difficulty.stage, 1);
  ASSERT_TRUE(c.loop.run_task(c.shared.readings.read(c.loop, first->unread)));
  const auto second = c.judge(kForeign);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->unread, "");
  EXPECT_EQ(second->decision.difficulty.stage, 2);
  EXPECT_NE(second->decision.difficulty.difficulty, first->decision.difficulty.difficulty);
}

TEST(Judge, TheRecordSaysWhatWasMeasuredAndWhoServes) {
  Case c;
  c.head.fields = {{"x-basin-tier", "small"}};
  const auto judgement = c.judge(kForeign);
  ASSERT_TRUE(judgement.ok());
  EXPECT_EQ(judgement->decision.served_model, "little");
  EXPECT_EQ(judgement->decision.ask, "hi");
  ASSERT_EQ(judgement->decision.edits.size(), 1U);
  EXPECT_EQ(judgement->decision.edits[0].replacement, "\"little\"");
  EXPECT_EQ(judgement->decision.p_ok.size(), 2U);
  EXPECT_TRUE(judgement->pin.has_value());
}

TEST(Judge, OnlyModeOnChangesAnything) {
  Case c;
  for (const core::Mode mode : {core::Mode::off, core::Mode::shadow, core::Mode::advise}) {
    c.snapshot->routing.mode = mode;
    const auto judgement = c.judge(kForeign);
    ASSERT_TRUE(judgement.ok());
    EXPECT_TRUE(judgement->decision.edits.empty());
    EXPECT_EQ(judgement->decision.served_tier, "client");
    EXPECT_FALSE(judgement->pin.has_value());
    EXPECT_EQ(judgement->advice.empty(), mode != core::Mode::advise);
  }
}

TEST(Judge, AWarmPinHolds) {
  Case c;
  c.head.fields = {{"x-claude-code-session-id", "s1"}};
  const std::string easy = R"({"model":"m","messages":[{"role":"user","content":"fix the typo: teh"}]})";
  auto judgement = c.judge(easy);
  ASSERT_TRUE(judgement.ok());
  c.shared.sessions.keep(judgement->session_key, {"large", "", 0});
  judgement = c.judge(easy, Sessions::kWarm_ms - 1);
  EXPECT_EQ(judgement->decision.served_tier, "large");
  c.snapshot->routing.target_risk = 1;  // whatever the measure says is small
  EXPECT_EQ(c.judge(easy, Sessions::kWarm_ms - 1)->decision.rule, "cache_warm");
  EXPECT_EQ(c.judge(easy, Sessions::kWarm_ms)->decision.served_tier, "small");
}

TEST(Judge, AConversationIsKnownAfterItsLoginWasRenewed) {
  Case c;
  const auto key = [&c](std::string_view credential) {
    c.head.fields = {{"x-claude-code-session-id", "s1"}, {"authorization", credential}};
    return c.judge(kForeign)->session_key;
  };
  EXPECT_EQ(key("Bearer sk-ant-oat01-before"), key("Bearer sk-ant-oat01-after"));
  EXPECT_NE(key("Bearer sk-ant-api03-one"), key("Bearer sk-ant-api03-other"));
  EXPECT_NE(key("Bearer sk-ant-api03-one"), key("Bearer sk-ant-oat01-before"));
}

TEST(Judge, WhatDoesNotFitIsPassedOver) {
  Case c;
  c.snapshot->routing.target_risk = 1;
  EXPECT_EQ(c.judge(kForeign)->decision.served_tier, "small");
  std::string large = R"({"model":"m","messages":[{"role":"user","content":")";
  large += std::string(4 * 100'000, 'x') + R"("}]})";
  EXPECT_EQ(c.judge(large)->decision.rule, "not_eligible");
}

TEST(Judge, LocalOnlyBinds) {
  Case c;
  c.head.fields = {{"x-basin-local-only", "1"}};
  EXPECT_TRUE(c.judge(kForeign).ok());
  auto far = testing::snapshot_of("https://models.example.com");
  c.snapshot = far;
  const auto judgement = c.judge(kForeign);
  ASSERT_FALSE(judgement.ok());
  EXPECT_NE(judgement.error().message.find("local"), std::string::npos);
}

TEST(Judge, LocalOnlyBindsWhatIsNotDecidedToo) {
  Case c;
  c.head.fields = {{"x-basin-local-only", "1"}};
  const auto embeddings = [&] {
    c.endpoint = core::Endpoint::embeddings;
    return c.judge(R"({"model":"vectors","input":"a secret"})");
  };
  const auto passed_on = [&] {
    const Incoming incoming{c.endpoint, c.head, {}, 1'795'000'000'000, 0};
    return unjudged(*c.door, *c.snapshot, incoming, core::Dialect::openai_chat, "not_routed");
  };
  EXPECT_TRUE(embeddings().ok());
  EXPECT_TRUE(passed_on().ok());
  c.snapshot = testing::snapshot_of("https://models.example.com");
  for (const auto& judgement : {embeddings(), passed_on()}) {
    ASSERT_FALSE(judgement.ok());
    EXPECT_EQ(judgement.error().code, base::Code::unsupported);
  }
  c.head.fields = {{"x-basin-local-only", "yes"}};
  EXPECT_EQ(passed_on().error().code, base::Code::invalid);
}

TEST(Judge, ABodyThatCannotBeReadIsTheCallersMistake) {
  Case c;
  for (const char* body :
       {"", "{", "[]", R"({"model":1,"messages":[]})", R"({"model":"a","model":"b","messages":[]})"}) {
    const auto judgement = c.judge(body);
    ASSERT_FALSE(judgement.ok()) << body;
    EXPECT_EQ(judgement.error().code, base::Code::invalid) << body;
  }
}

TEST(Judge, EmbeddingsAreNotDecided) {
  Case c;
  c.endpoint = core::Endpoint::embeddings;
  const auto judgement = c.judge(R"({"model":"vectors","input":"x"})");
  ASSERT_TRUE(judgement.ok());
  EXPECT_EQ(judgement->decision.rule, "by_model");
  EXPECT_EQ(judgement->server()->name, "near");
}

}  // namespace
}  // namespace basin::gateway
