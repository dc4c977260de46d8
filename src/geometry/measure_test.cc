#include "geometry/measure.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "geometry/arithmetic.h"
#include "geometry/builtin.h"
#include "geometry/testing.h"

namespace basin::geometry {
namespace {

core::Prompt prompt_with(std::string ask, std::string material = {}) {
  core::Prompt prompt;
  prompt.ask = std::move(ask);
  prompt.material_bytes = material.size();
  prompt.material = std::move(material);
  prompt.turns = 1;
  return prompt;
}

core::Difficulty measured(const core::Prompt& prompt) {
  static const auto model = builtin_model();
  Scratch scratch;
  return measure(prompt, *model, scratch);
}

TEST(Arithmetic, AgreesWithTheLibraryToNineDigits) {
  for (double x = -30; x <= 30; x += 0.37) EXPECT_NEAR(exp_of(x) / std::exp(x), 1, 1e-9) << x;
  for (double x = 1; x < 1e9; x *= 1.7) EXPECT_NEAR(log2_of(x), std::log2(x), 1e-7) << x;
  EXPECT_EQ(exp_of(-1000), 0);
  EXPECT_TRUE(std::isfinite(exp_of(1000)));
}

TEST(Measure, EverythingIsInItsRange) {
  for (const char* ask : {"", "y", "why?", "prove that there are infinitely many primes", "\xff\xfe", "修正错字"}) {
    const core::Difficulty d = measured(prompt_with(ask, "some text that was pasted"));
    EXPECT_GT(d.p_small_ok, 0) << ask;
    EXPECT_LT(d.p_small_ok, 1) << ask;
    EXPECT_LE(d.p_low, d.p_small_ok);
    EXPECT_GE(d.p_high, d.p_small_ok);
    EXPECT_GE(d.delta_info, 0);
    EXPECT_LE(d.delta_info, 1);
    EXPECT_GE(d.depth, 0);
    EXPECT_GE(d.delta_tokens, 0);
    double sum = 0;
    for (const double share : d.topology) sum += share;
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_FALSE(d.tip.empty());
  }
}

TEST(Measure, SamePromptSameBits) {
  const core::Prompt prompt = prompt_with("sort by date, newest first", "2024-01-03,a\n2023-09-01,b\n");
  const core::Difficulty once = measured(prompt);
  const auto model = builtin_model();
  Scratch used;
  measure(prompt_with("something else first, to dirty the scratch", std::string(5000, 'x')), *model, used);
  const core::Difficulty again = measure(prompt, *model, used);
  EXPECT_EQ(once.difficulty, again.difficulty);
  EXPECT_EQ(once.topology, again.topology);
  EXPECT_EQ(once.delta_tokens, again.delta_tokens);
}

TEST(Measure, TheHarnessNeverMovesTheScore) {
  core::Prompt plain = prompt_with("fix the typo in the header");
  core::Prompt agent = plain;
  agent.harness_bytes = 60'000;
  agent.history_bytes = 900'000;
  agent.tool_count = 40;
  agent.has_thinking = true;
  agent.session = "s";
  EXPECT_EQ(measured(plain).difficulty, measured(agent).difficulty);
}

// d = a(dI) + b(D) + rest, monotone in both: with a hand-made model whose table is zero but for one row.
TEST(Measure, DifficultyRisesWithBothTerms) {
  ModelParts parts;
  parts.rows.resize(kRows);
  parts.scale.fill(0.01f);
  parts.head = {0.7f, 0.9f, -0.2f};
  parts.bands = {{std::numeric_limits<float>::infinity(), 0, 1, 1}};
  const auto difficulty_at = [&](float info, float steps) {
    parts.bias[kInfoColumn] = info;
    parts.bias[kDepthColumn] = steps;
    Scratch scratch;
    return measure(prompt_with("x"), **Model::load(encode(parts)), scratch).difficulty;
  };
  EXPECT_LT(difficulty_at(-1, 1), difficulty_at(0, 1));
  EXPECT_LT(difficulty_at(0, 1), difficulty_at(0, 2));
  EXPECT_NEAR(difficulty_at(0.5f, 1.5f), 0.7 * 0.5 + 0.9 * 1.5 - 0.2, 1e-6);
}

TEST(Measure, PartsAddUpToTheirTerms) {
  const core::Difficulty d = measured(prompt_with("write the release notes", "- faster start\n- fewer crashes\n"));
  double info = 0, depth = 0;
  for (const auto& part : d.delta_info_parts) info += part.value;
  for (const auto& part : d.depth_parts) depth += part.value;
  const auto model = builtin_model();
  const double logit = std::log(d.delta_info / (1 - d.delta_info));
  // Each part left out is smaller than 0.005.
  EXPECT_NEAR(info, model->head().info_slope * logit, 0.05);
  if (d.depth > 0) {
    EXPECT_NEAR(depth, model->head().depth_slope * std::log1p(d.depth), 0.05);
  }
}

// A forest's leaf is a part of dI, or of D, and reaches the difficulty through it.
TEST(Measure, ForestsAreAPartOfDeltaInfoAndOfDepth) {
  ModelParts parts;
  parts.rows.resize(kRows);
  parts.scale.fill(0.01f);
  parts.bias[kDepthColumn] = 1;
  parts.head = {0.7f, 0.9f, 0};
  parts.bands = {{std::numeric_limits<float>::infinity(), 0, 1, 1}};
  Tree tree;
  tree.measure.fill(static_cast<std::uint8_t>(Whole::numbers));
  tree.at_least.fill(1.5f);  // two numbers and more
  tree.leaf.back() = 0.5f;
  parts.forests = {{{tree}}, {{tree, tree}}};
  const auto model = Model::load(encode(parts)).value();
  Scratch scratch;
  const auto few = measure(prompt_with("add 3"), *model, scratch),
             more = measure(prompt_with("add 3 and 4"), *model, scratch);
  EXPECT_NEAR(few.delta_info, 0.5, 1e-9);
  EXPECT_NEAR(std::log(more.delta_info / (1 - more.delta_info)), 0.5, 1e-6);
  EXPECT_NEAR(std::log1p(more.depth) - std::log1p(few.depth), 1, 1e-6);
  EXPECT_NEAR(more.difficulty - few.difficulty, 0.7 * 0.5 + 0.9, 1e-5);
  ASSERT_EQ(more.delta_info_parts.size(), 1u);
  EXPECT_EQ(more.delta_info_parts[0].name, "the prompt as a whole");
}

core::Difficulty first_of(const core::Prompt& prompt, const Model& model) {
  Scratch scratch;
  return measure(prompt, model, scratch);
}

TEST(SecondStage, JoinsTheFirstByItsBlend) {
  const auto model = two_stage_model(random_encoder_loaded(1));
  core::Difficulty first = first_of(prompt_with("fix the typo"), *model);
  first.delta_info = 0.3;
  first.depth = 2;
  EncoderOutputs outputs{};
  outputs[kLargeOutput] = 0.7f;
  outputs[kInfoOutput] = 1.5f;
  outputs[kDepthOutput] = 0.6931472f;  // two thirds of the way to level 3: level 2, six steps
  outputs[kTopologyOutput + 3] = 5;
  const core::Difficulty d = refine(first, outputs, model->head(), *model->blend());
  EXPECT_EQ(first.stage, 1);
  EXPECT_EQ(d.stage, 2);
  EXPECT_NEAR(d.difficulty, 0.5 * first.difficulty + 2 * 0.7 - 0.25, 1e-6);
  EXPECT_NEAR(d.p_small_ok, 1 / (1 + std::exp(d.difficulty)), 1e-9);
  EXPECT_NEAR(std::log(d.delta_info / (1 - d.delta_info)), (std::log(0.3 / 0.7) + 1.5) / 2, 1e-6);
  EXPECT_NEAR(std::log1p(d.depth), 0.75 * std::log(3.0) + 0.25 * std::log(7.0), 1e-6);
  const double softmax = std::exp(5.0) / (std::exp(5.0) + 13);
  EXPECT_NEAR(d.topology[3], 0.25 * first.topology[3] + 0.75 * softmax, 1e-9);
  double sum = 0;
  for (const double share : d.topology) sum += share;
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_EQ(d.n, 12u);  // the band of d >= 0
  EXPECT_LE(d.p_low, d.p_small_ok);
  EXPECT_GE(d.p_high, d.p_small_ok);
}

TEST(SecondStage, PartsStillAddUp) {
  const auto model = two_stage_model(random_encoder_loaded(1));
  Scratch scratch;
  EncoderScratch encoder_scratch;
  const core::Difficulty d = measure_in_full(prompt_with("prove the theorem"), *model, scratch, encoder_scratch);
  ASSERT_EQ(d.stage, 2);
  double info = 0, depth = 0;
  for (const auto& part : d.delta_info_parts) info += part.value;
  for (const auto& part : d.depth_parts) depth += part.value;
  EXPECT_NEAR(info, 0.5 * std::log(d.delta_info / (1 - d.delta_info)), 0.05);
  EXPECT_NEAR(depth, 0.5 * std::log1p(d.depth), 0.05);
}

TEST(SecondStage, IsAskedOnlyWhereTheFirstIsUnsure) {
  const auto encoder = random_encoder_loaded(1);
  ModelParts parts = two_stage_parts(*encoder);
  const core::Prompt prompt = prompt_with("fix the typo");
  const core::Difficulty first = first_of(prompt, *two_stage_model(encoder));
  const auto unsure = [&](double low, double high) {
    parts.blend->low = static_cast<float>(low);
    parts.blend->high = static_cast<float>(high);
    return is_unsure(prompt, first, *Model::load(encode(parts)).value()->with(encoder).value());
  };
  const double p = first.p_small_ok;
  EXPECT_TRUE(unsure(p - 0.01, p + 0.01));
  EXPECT_FALSE(unsure(p + 0.01, 1));
  EXPECT_FALSE(unsure(0, p - 0.01));
  EXPECT_FALSE(unsure(1, 0));
  EXPECT_FALSE(is_unsure(prompt, first, *Model::load(encode(parts)).value()));  // it has no encoder
  EXPECT_FALSE(is_unsure(prompt_with(""), first, *two_stage_model(encoder)));
}

TEST(Measure, CaseAndSpacesDoNotMatterMuch) {
  const double plain = measured(prompt_with("translate this to spanish please", "see you on monday")).difficulty;
  const double shouted = measured(prompt_with("Translate  This To Spanish   Please", "see you on monday")).difficulty;
  EXPECT_NEAR(plain, shouted, 1.0);
}

// The shipped words: a mistyped ask is measured as the one that was meant, in both stages.
TEST(Measure, AMistypedAskHasTheDifficultyOfTheOneThatWasMeant) {
  const auto model = builtin_model();
  ASSERT_NE(model->spelling(), nullptr);
  Scratch scratch;
  EncoderScratch encoder_scratch;
  const auto difficulty = [&](std::string_view ask, const Model& by) {
    core::Prompt prompt;
    prompt.ask = ask;
    return measure_in_full(prompt, by, scratch, encoder_scratch).difficulty;
  };
  constexpr std::string_view kMeant =
      "Please translate this letter into German, keep the sentences short, and explain the difference";
  constexpr std::string_view kTyped =
      "Plaese translate this lettter into German, keep the sentences short, and explain the diffrence";
  EXPECT_EQ(difficulty(kTyped, *model), difficulty(kMeant, *model));
  EXPECT_NE(difficulty(kTyped, *model->with(std::shared_ptr<const Spelling>())), difficulty(kMeant, *model));
}

}  // namespace
}  // namespace basin::geometry
