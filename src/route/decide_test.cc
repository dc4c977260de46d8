#include "route/decide.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::route {
namespace {

using core::Action;
using core::RequestClass;

// Two tiers, an easy or a hard prompt, and whatever the case changes.
struct Case {
  core::Prompt prompt;
  core::Difficulty difficulty;
  std::vector<Candidate> tiers{{.name = "small"}, {.name = "large"}};
  Wish wish = Wish::none;
  std::size_t wished = 0;
  std::optional<Pin> pin;
  core::Bound bound = core::Bound::none;
  bool bound_taken = false;
  std::optional<std::size_t> client_tier;
  bool thinking_known = false;
  bool client_model_served = true;
  Options options{.target_risk = 0.4};

  explicit Case(double p_small_ok) { difficulty.p_small_ok = p_small_ok; }
  Choice decide() const {
    return route::decide({prompt, difficulty, tiers, wish, wished, pin, bound, bound_taken, client_tier, thinking_known,
                          client_model_served},
                         options);
  }
};

TEST(Decide, TheMeasureDecidesWhereNothingElseBinds) {
  const Choice easy = Case(0.9).decide();
  EXPECT_EQ(easy.tier, 0U);
  EXPECT_EQ(easy.action, Action::small);
  EXPECT_EQ(easy.rule, "measured");
  EXPECT_TRUE(easy.writes_pin);

  const Choice hard = Case(0.1).decide();
  EXPECT_EQ(hard.tier, 1U);
  EXPECT_EQ(hard.action, Action::large);
  EXPECT_NE(hard.tip.find("0.60"), std::string::npos) << hard.tip;
}

TEST(Decide, NoTipLeadsToWhereTheRequestGoesAnyway) {
  Case between(0.55);  // more likely right than wrong, and still not likely enough
  between.difficulty.tip = "asking for more would tip it to large";
  EXPECT_EQ(between.decide().tier, 1U);
  EXPECT_EQ(between.decide().tip.find("tip it"), std::string::npos) << between.decide().tip;
  Case easy(0.9);
  easy.difficulty.tip = between.difficulty.tip;
  EXPECT_NE(easy.decide().tip.find("tip it"), std::string::npos);
}

TEST(Others, TheLargerOnesThenTheSmallerOnesThatCan) {
  std::vector<Candidate> tiers{{.name = "a"}, {.name = "b"}, {.name = "c"}, {.name = "d"}};
  EXPECT_EQ(others(tiers, 1), (std::vector<std::size_t>{2, 3, 0}));
  tiers[2].fits = false;
  EXPECT_EQ(others(tiers, 1), (std::vector<std::size_t>{3, 0}));
  tiers[0].takes = false;
  EXPECT_EQ(others(tiers, 3), (std::vector<std::size_t>{1}));
  EXPECT_TRUE(others(std::vector<Candidate>{{.name = "only"}}, 0).empty());
}

TEST(Decide, PicturesGoToTheLargestTierThatSees) {
  Case c(0.9);
  c.bound = core::Bound::image;
  EXPECT_EQ(c.decide().tier, std::nullopt);
  c.bound_taken = true;
  EXPECT_EQ(c.decide().tier, 1U);
  EXPECT_EQ(c.decide().rule, "bound");
  c.tiers.insert(c.tiers.begin() + 1, {.name = "sees"});
  c.tiers[2].takes = c.tiers[0].takes = false;
  c.client_model_served = false;
  EXPECT_EQ(c.decide().tier, 1U);
}

TEST(Decide, ThinkingWhoseMakersAreKnownIsLeftBehind) {
  Case c(0.1);
  c.prompt.has_thinking = true;
  c.pin = Pin{.tier = 0};
  EXPECT_EQ(c.decide().rule, "thinking");
  c.thinking_known = true;
  EXPECT_EQ(c.decide().rule, "up");
  c.prompt.tool_exchange = true;
  EXPECT_EQ(c.decide().rule, "tool_exchange");
}

TEST(Chances, ATierIsWhatItsModelIs) {
  std::vector<Candidate> tiers{{.name = "a"}, {.name = "b"}, {.name = "c"}};
  EXPECT_NEAR(p_ok_of(tiers, 0, 0.6), 0.6, 1e-12);  // nothing known: the reference, evenly, the reference above
  EXPECT_NEAR(p_ok_of(tiers, 1, 0.6), 0.8, 1e-12);
  EXPECT_EQ(p_ok_of(tiers, 2, 0.6), 1);
  tiers[0].odds = 0.5;
  tiers[1].odds = 3;
  EXPECT_NEAR(p_ok_of(tiers, 0, 0.6), 0.3 / 0.7, 1e-12);
  EXPECT_NEAR(p_ok_of(tiers, 1, 0.6), 1.8 / 2.2, 1e-12);
  tiers[1].odds = 0.1;  // a model that is weaker than the one below it is not believed to be
  EXPECT_EQ(p_ok_of(tiers, 1, 0.6), p_ok_of(tiers, 0, 0.6));
  EXPECT_EQ(p_ok_of(tiers, 0, 1), 1);
  EXPECT_EQ(p_ok_of(tiers, 0, 0), 0);
  EXPECT_EQ(p_ok_of(std::vector<Candidate>{{.name = "only"}}, 0, 0.2), 1);
}

TEST(Decide, AWeakerModelGetsLess) {
  Case weak(0.65);
  EXPECT_EQ(weak.decide().tier, 0U);
  weak.tiers[0].odds = 0.5;
  EXPECT_EQ(weak.decide().tier, 1U);
  weak.tiers[0].odds = 2;
  weak.difficulty.p_small_ok = 0.5;
  EXPECT_EQ(weak.decide().tier, 0U);
}

TEST(Decide, TheBandBetweenIsVerifyServedLarge) {
  const Choice choice = Case(0.5).decide();
  EXPECT_EQ(choice.action, Action::verify);
  EXPECT_EQ(choice.tier, 1U);
  EXPECT_EQ(choice.rule, "no_verifier");
}

TEST(Decide, ExactlyTheThresholdIsSmallAndJustUnderIsNot) {
  EXPECT_EQ(Case(0.6).decide().tier, 0U);
  EXPECT_EQ(Case(0.5999).decide().tier, 1U);
}

TEST(Decide, MiddleTiersTakeWhatTheSmallestMayNot) {
  Case c(0.4);
  c.tiers = {{.name = "small"}, {.name = "middle"}, {.name = "large"}};
  EXPECT_EQ(c.decide().tier, 1U);  // .4 + .6 / 2 = .7
  EXPECT_EQ(c.decide().action, Action::small);
}

TEST(Decide, AForcedTierWinsOverEverything) {
  Case c(0.9);
  c.wish = Wish::tier;
  c.wished = 1;
  c.pin = Pin{.tier = 0, .warm = true};
  c.prompt.tool_exchange = true;
  c.bound = core::Bound::image;
  EXPECT_EQ(c.decide().tier, 1U);
  EXPECT_EQ(c.decide().rule, "forced");
}

TEST(Decide, ANamedModelIsItsTier) {
  Case c(0.1);
  c.wish = Wish::named;
  c.wished = 0;
  EXPECT_EQ(c.decide().tier, 0U);
  EXPECT_EQ(c.decide().rule, "named_model");
}

TEST(Decide, WhatIsBoundStaysWithTheClientsModel) {
  Case c(0.9);
  c.bound = core::Bound::image;
  EXPECT_FALSE(c.decide().tier.has_value());
  EXPECT_EQ(c.decide().rule, "bound");
  c.client_model_served = false;  // an alias names no model: the largest tier takes it
  EXPECT_EQ(c.decide().tier, 1U);
}

TEST(Decide, SideWorkIsSmallAndLeavesThePinAlone) {
  for (const RequestClass cls : {RequestClass::side, RequestClass::probe}) {
    Case c(0.1);
    c.prompt.cls = cls;
    c.pin = Pin{.tier = 1, .warm = true};
    EXPECT_EQ(c.decide().tier, 0U);
    EXPECT_FALSE(c.decide().writes_pin);
  }
}

TEST(Decide, AnExploringSubAgentBeginsSmallAndStays) {
  Case c(0.1);
  c.prompt.cls = RequestClass::sub_agent;
  c.prompt.exploring = true;
  EXPECT_EQ(c.decide().tier, 0U);
  EXPECT_EQ(c.decide().rule, "exploring");
  EXPECT_TRUE(c.decide().writes_pin);
  c.prompt.exploring = false;
  EXPECT_EQ(c.decide().tier, 1U);
  c.tiers[0].serves = false;  // not an agent's model
  c.prompt.exploring = true;
  EXPECT_EQ(c.decide().tier, 1U);
}

TEST(Decide, CompactionAndFollowupsStayWithTheConversation) {
  for (const RequestClass cls : {RequestClass::compaction, RequestClass::followup}) {
    Case c(0.9);
    c.prompt.cls = cls;
    EXPECT_EQ(c.decide().tier, 1U);
    c.pin = Pin{.tier = 0};
    EXPECT_EQ(c.decide().tier, 0U);
    EXPECT_FALSE(c.decide().writes_pin);
  }
}

TEST(Decide, NeverSwitchesInsideAToolExchange) {
  Case c(0.1);
  c.prompt.cls = RequestClass::tool_exchange;
  c.prompt.tool_exchange = true;
  c.pin = Pin{.tier = 0, .warm = true, .same_turn = true};
  EXPECT_EQ(c.decide().tier, 0U);
  EXPECT_EQ(c.decide().rule, "tool_exchange");
  c.pin.reset();  // nobody knows who asked for the tool: up
  EXPECT_EQ(c.decide().tier, 1U);
}

TEST(Decide, ThinkingKeepsItsModel) {
  Case c(0.1);
  c.prompt.has_thinking = true;
  c.pin = Pin{.tier = 0};
  EXPECT_EQ(c.decide().tier, 0U);
  EXPECT_EQ(c.decide().rule, "thinking");
}

TEST(Decide, ThinkingThatNobodySawMadeIsTheNamedModels) {
  for (const RequestClass cls : {RequestClass::main, RequestClass::tool_exchange, RequestClass::compaction}) {
    Case c(0.9);
    c.prompt.cls = cls;
    c.prompt.has_thinking = true;
    EXPECT_EQ(c.decide().tier, std::nullopt);  // the client's own model, as it stands
    EXPECT_FALSE(c.decide().writes_pin);
    c.client_tier = 0;
    EXPECT_EQ(c.decide().tier, 0U);
    c.client_model_served = false;  // an alias: up
    EXPECT_EQ(c.decide().tier, 1U);
  }
}

TEST(Decide, UpIsAllowedAtATurnsStart) {
  Case c(0.1);
  c.pin = Pin{.tier = 0, .warm = true};
  EXPECT_EQ(c.decide().tier, 1U);
  EXPECT_EQ(c.decide().rule, "up");
}

TEST(Decide, DownOnlyWhereTheCacheIsColdAndTheTurnIsNew) {
  Case c(0.9);
  c.pin = Pin{.tier = 1, .warm = true};
  EXPECT_EQ(c.decide().tier, 1U);
  EXPECT_EQ(c.decide().rule, "cache_warm");
  c.pin = Pin{.tier = 1, .warm = false};
  EXPECT_EQ(c.decide().tier, 0U);
  c.pin = Pin{.tier = 1, .warm = false, .same_turn = true};
  EXPECT_EQ(c.decide().tier, 1U);
  EXPECT_EQ(c.decide().rule, "turn");
}

TEST(Decide, AnIneligibleTierIsPassedOverUpwards) {
  Case c(0.9);
  c.tiers[0].fits = false;
  const Choice choice = c.decide();
  EXPECT_EQ(choice.tier, 1U);
  EXPECT_EQ(choice.rule, "not_eligible");
  EXPECT_NE(choice.tip.find("context"), std::string::npos);
}

TEST(Decide, TheClientsModelIsACeiling) {
  Case c(0.1);
  c.tiers[1].under_ceiling = false;
  EXPECT_FALSE(c.decide().tier.has_value());
  EXPECT_EQ(c.decide().rule, "ceiling");
  c.client_model_served = false;
  EXPECT_EQ(c.decide().tier, 0U);
}

TEST(Decide, NobodyCanServe) {
  Case c(0.1);
  c.tiers[0].speaks = c.tiers[1].speaks = false;
  c.client_model_served = false;
  EXPECT_FALSE(c.decide().tier.has_value());
  EXPECT_EQ(c.decide().rule, "not_eligible");
}

TEST(Decide, WithoutTiersTheClientKeepsItsModel) {
  Case c(0.9);
  c.tiers.clear();
  EXPECT_FALSE(c.decide().tier.has_value());
  EXPECT_EQ(c.decide().rule, "no_tiers");
}

TEST(Decide, WorkThatTouchesNoSessionTouchesNoneWhereverItGoes) {
  Case c(0.9);
  c.prompt.cls = RequestClass::side;
  c.bound = core::Bound::image;
  c.client_model_served = false;
  EXPECT_EQ(c.decide().rule, "bound");
  EXPECT_FALSE(c.decide().writes_pin);
  c.bound = core::Bound::none;
  c.prompt.cls = RequestClass::compaction;
  c.tiers[1].fits = false;
  EXPECT_EQ(c.decide().tier, 0U);
  EXPECT_FALSE(c.decide().writes_pin);
}

}  // namespace
}  // namespace basin::route
