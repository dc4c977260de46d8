#include "api/explainer.h"

#include <gtest/gtest.h>

#include "core/record.h"
#include "geometry/builtin.h"

namespace basin::api {
namespace {

TEST(Explainer, ABodyAndItsPromptAgree) {
  Explainer explainer(geometry::builtin_model());
  const auto plain = explainer.explain("sort these by year: 1999, 1870, 2004");
  const auto body = explainer.explain(R"( {"model":"m","max_tokens":9,"system":"You are an agent with 40 tools.",
      "messages":[{"role":"user","content":[{"type":"text","text":"sort these by year: 1999, 1870, 2004"}]}]})");
  ASSERT_TRUE(plain.ok());
  ASSERT_TRUE(body.ok());
  EXPECT_EQ(plain->difficulty.difficulty, body->difficulty.difficulty);
}

TEST(Explainer, JsonThatIsNoBodyIsAPrompt) {
  Explainer explainer(geometry::builtin_model());
  const auto decision = explainer.explain(R"({"name":"Ada","age":36})");
  ASSERT_TRUE(decision.ok());
  EXPECT_FALSE(decision->ask.empty());
}

TEST(Explainer, ABrokenBodyIsTheCallersFault) {
  Explainer explainer(geometry::builtin_model());
  const auto decision = explainer.explain(R"({"messages":[{"role":"user","content":7}]})");
  ASSERT_FALSE(decision.ok());
  EXPECT_EQ(decision.error().code, base::Code::invalid);
  EXPECT_FALSE(explainer.explain(R"({"model":"m","messages":"hi"})").ok());
}

TEST(Explainer, WhatOnlyItsOwnModelCanTakeIsBound) {
  Explainer explainer(geometry::builtin_model());
  const auto decision = explainer.explain(R"({"model":"m","messages":[{"role":"user","content":[
      {"type":"image_url","image_url":{"url":"data:"}},{"type":"text","text":"fix the typo in this"}]}]})");
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->rule, "bound");
  EXPECT_EQ(decision->tier, "large");
}

TEST(Explainer, TheTipNamesThePartThatMadeItLarge) {
  Explainer explainer(geometry::builtin_model());
  const auto decision = explainer.explain(
      "Fix the typo in README, then prove that the scheduler never deadlocks when two workers hold both leases");
  ASSERT_TRUE(decision.ok());
  EXPECT_EQ(decision->tier, "large");
  EXPECT_NE(decision->tip.find("without \"then prove"), std::string::npos) << decision->tip;
  EXPECT_EQ(decision->tip.find("would tip it"), std::string::npos) << decision->tip;
}

TEST(Explainer, TheRecordIsWhole) {
  Explainer explainer(geometry::builtin_model());
  const auto decision = explainer.explain("fix the typo in README");
  ASSERT_TRUE(decision.ok());
  std::string json;
  core::append_record(json, *decision, {"0", explainer.weights_sha256()});
  base::json::Document document;
  ASSERT_TRUE(document.parse_copy(json).ok()) << json;
  const auto root = document.root();
  EXPECT_TRUE(json.starts_with("{\"schema\":\"basin.decision/1\""));
  for (const char* name :
       {"p_small_ok", "difficulty", "delta_info", "delta_tokens", "depth", "topology", "ask", "parts", "rule", "tip"})
    EXPECT_TRUE(root.member(name).present()) << name;
}

}  // namespace
}  // namespace basin::api
