#include "upstream/ability.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

core::Difficulty difficulty() {
  core::Difficulty d;
  d.delta_info = 0.5;
  d.depth = 3;
  d.topology.fill(0);
  d.topology[static_cast<std::size_t>(core::Topology::reason)] = 1;
  return d;
}

TEST(Ability, MoreOfTheSameIsBetter) {
  const auto of = [](const char* name) { return odds_over_reference(name, std::nullopt, difficulty()).value(); };
  EXPECT_LT(of("qwen2.5:3b"), of("qwen2.5:7b"));
  EXPECT_LT(of("qwen2.5:7b"), of("qwen2.5:72b"));
  EXPECT_LT(of("llama-2-70b-chat"), of("llama-3.1-70b-instruct"));
  EXPECT_LT(of("gpt-3.5-turbo"), of("gpt-4o"));
}

TEST(Ability, SizeSpeaksForAnUnknownName) {
  const auto of = [](double billions) { return odds_over_reference("nobody", billions, difficulty()).value(); };
  EXPECT_LT(of(1), of(8));
  EXPECT_NEAR(of(8), 1, 1e-9);
  EXPECT_GT(of(70), 1);
}

TEST(Ability, WhatIsUnknownIsTheReference) {
  EXPECT_FALSE(odds_over_reference("nobody", std::nullopt, difficulty()));
  EXPECT_FALSE(odds_over_reference("nobody", 0, difficulty()));
  const Sight sight = sight_of(difficulty(), 0);
  EXPECT_NEAR(chance_of("nobody", std::nullopt, sight), chance_of("nobody", 8, sight), 1e-9);
}

TEST(Ability, ANameIsBounded) {
  for (const double billions : {1e-9, 0.05, 5000.0, 1e12}) {
    const double odds = odds_over_reference("nobody", billions, difficulty()).value();
    EXPECT_GT(odds, 0.2);
    EXPECT_LT(odds, 4.6);
  }
}

TEST(Ability, NeitherDepthNorNewsNorLoadMakesAPromptEasier) {
  for (const char* name : {"llama3.2:1b", "llama3.1:8b", "llama-3.1-405b-instruct", "gpt-4o", "nobody"}) {
    core::Difficulty d = difficulty();
    const double load = chance_of(name, std::nullopt, sight_of(d, 0));
    EXPECT_GE(load, chance_of(name, std::nullopt, sight_of(d, 1))) << name;
  }
}

TEST(Sight, SharesAddUpAndEdgesAreFinite) {
  core::Difficulty d = difficulty();
  d.delta_info = 0;
  d.depth = 0;
  Sight sight = sight_of(d, 0);
  EXPECT_NEAR(sight.info, -8, 0.02);
  EXPECT_NEAR(sight.steps, 0, 1e-9);
  EXPECT_NEAR(sight.code + sight.recall + sight.making + sight.other, 0, 1e-12);
  d.delta_info = 1;
  EXPECT_NEAR(sight_of(d, 0).info, 8, 0.02);
}

}  // namespace
}  // namespace basin::upstream
