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

core::ModelShape shape(double billions, std::uint32_t d_model, std::uint32_t layers) {
  core::ModelShape shape;
  shape.parameters = shape.active_parameters = static_cast<std::uint64_t>(billions * 1e9);
  shape.d_model = d_model;
  shape.layers = layers;
  return shape;
}

TEST(Ability, GeometrySpeaksForAnUnknownName) {
  const auto of = [](const core::ModelShape& s) { return odds_over_reference("nobody", s, difficulty()).value(); };
  EXPECT_NEAR(of(shape(8, 4096, 32)), 1, 1e-9);
  EXPECT_LT(of(shape(1.2, 2048, 16)), of(shape(8, 4096, 32)));
  EXPECT_LT(of(shape(8, 4096, 32)), of(shape(8, 4096, 64))) << "deep ones hold more steps";
  EXPECT_NEAR(of(shape(8, 0, 0)), of(shape(8, 4096, 32)), 1e-9) << "what is not said is told from the size";
  core::ModelShape mixture = shape(30, 2048, 48);
  mixture.active_parameters = 3'000'000'000;
  EXPECT_LT(of(mixture), of(shape(30, 2048, 48)));
  EXPECT_EQ(ability_from("nobody", mixture), AbilityFrom::geometry);
  EXPECT_EQ(ability_from("nobody", shape(8, 0, 0)), AbilityFrom::size);
  EXPECT_EQ(ability_from("nobody:8b", {}), AbilityFrom::size);
  EXPECT_EQ(ability_from("nobody", {}), AbilityFrom::nothing);
}

TEST(Ability, AnEvenChanceIsTheReferencesOwn) {
  EXPECT_NEAR(even_chance("nobody", shape(8, 4096, 32)).value(), 0.5, 1e-9);
  EXPECT_LT(even_chance("nobody", shape(1.2, 2048, 16)).value(), 0.5);
  EXPECT_GT(even_chance("llama-3.1-405b-instruct", {}).value(), 0.5);
  EXPECT_FALSE(even_chance("nobody", {}));
  EXPECT_GT(even_chance_of_frontier(), 0.75);
}

TEST(Ability, ANameThatIsKnownSaysMoreThanGeometry) {
  core::ModelShape said = shape(7.6, 3584, 28);
  EXPECT_EQ(odds_over_reference("qwen2.5:7b", said, difficulty()),
            odds_over_reference("qwen2.5:7b", std::nullopt, difficulty()));
  said.name = "Qwen2.5 7B Instruct";
  EXPECT_EQ(odds_over_reference("mine:latest", said, difficulty()),
            odds_over_reference("qwen2.5:7b", std::nullopt, difficulty()));
  EXPECT_EQ(ability_from("mine:latest", said), AbilityFrom::name);
}

TEST(Ability, AHostileShapeIsBounded) {
  const std::uint32_t most = 0xffffffffU;
  for (const auto& odd : {shape(1e9, most, most), shape(1e-9, 1, 1), shape(8, most, 1), shape(8, 1, most)}) {
    const double odds = odds_over_reference("nobody", odd, difficulty()).value_or(1);
    EXPECT_GT(odds, 0.2);
    EXPECT_LT(odds, 4.6);
  }
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
