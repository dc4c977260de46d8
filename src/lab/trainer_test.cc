#include "lab/trainer.h"

#include <gtest/gtest.h>

#include "geometry/measure.h"
#include "lab/evaluate.h"
#include "lab/hold_out.h"
#include "prompt/ask.h"

namespace basin::lab {
namespace {

Example labelled(const std::string& text, bool large, std::size_t i) {
  Example e;
  e.id = std::to_string(i);
  e.source = "test";
  e.length = text.size();
  e.prompt = prompt::prompt_of(text);
  e.large = large;
  e.p_small = large ? 0.1 : 0.95;
  e.new_share = large ? 0.8 : 0.1;
  e.steps = large ? 8 : 1;
  e.topology = large ? core::Topology::reason : core::Topology::refine;
  e.realistic = true;
  return e;
}

// A toy world: what begins with "prove" is hard, what begins with "tidy" is easy.
std::vector<Example> toy_world() {
  std::vector<Example> examples;
  const char* things[] = {"letter", "list", "map", "ring", "field", "tree", "word", "graph", "table", "clock"};
  for (std::size_t i = 0; i < 60; ++i) {
    const bool large = i % 2 == 1;
    examples.push_back(labelled(std::string(large ? "prove a fact about the " : "tidy up the ") + things[i % 10] +
                                    " and the " + things[(i / 10 + 3) % 10],
                                large, i));
  }
  return examples;
}

TrainOptions quick() {
  TrainOptions options;
  options.epochs = 4;
  options.rate = 0.1;
  options.folds = 3;
  return options;
}

TEST(Trainer, LearnsWhatSeparates) {
  const auto examples = toy_world();
  const auto rows = prepare(examples);
  const auto parts = train(rows, quick(), [](const std::string&) {}).parts;
  const auto model = build(parts);
  const Report report = evaluate(examples, *model);
  EXPECT_GT(report.auc.value, 0.98);
  geometry::Scratch scratch;
  const auto easy = geometry::measure(prompt::prompt_of("tidy up the garden"), *model, scratch);
  const auto hard = geometry::measure(prompt::prompt_of("prove a fact about the garden"), *model, scratch);
  EXPECT_LT(easy.difficulty, hard.difficulty);
  EXPECT_LT(easy.delta_info, hard.delta_info);
  EXPECT_LT(easy.depth, hard.depth);
  EXPECT_GE(parts.head.info_slope, 0);
  EXPECT_GE(parts.head.depth_slope, 0);
}

TEST(Trainer, SameSeedSameBytes) {
  const auto examples = toy_world();
  const auto rows = prepare(examples);
  const auto silent = [](const std::string&) {};
  TrainOptions options = quick();
  const std::string once = geometry::encode(train(rows, options, silent).parts);
  EXPECT_EQ(once, geometry::encode(train(rows, options, silent).parts));
  options.seed = 2;
  EXPECT_NE(once, geometry::encode(train(rows, options, silent).parts));
}

TEST(HoldOut, ScoresEachSourceByAModelThatHasNotSeenIt) {
  auto examples = toy_world();
  for (std::size_t i = 0; i < examples.size(); ++i) examples[i].source = i < kLeastRows ? "many" : "few";
  std::vector<std::string> sources;
  leave_one_source_out(prepare(examples), quick(), [&](const std::string& source, const Report& report) {
    sources.push_back(source);
    EXPECT_EQ(report.n, kLeastRows);
    EXPECT_GT(report.auc.value, 0.9);
  });
  EXPECT_EQ(sources, std::vector<std::string>{"many"});  // one row fewer than the least says nothing
}

TEST(Evaluate, CountsErrorsPairsAndGroups) {
  auto examples = toy_world();
  examples.resize(4);
  examples[0].pair = examples[1].pair = "a";
  examples[2].pair = examples[3].pair = "b";
  examples[0].family = examples[1].family = "one";
  // small, large, small, large
  const Report report = evaluate(examples, std::vector<double>{-2, 2, 3, 1});
  EXPECT_EQ(report.n, 4u);
  EXPECT_EQ(report.pairs, 2u);
  EXPECT_EQ(report.pairs_right, 1u);
  EXPECT_EQ(report.accuracy, 0.75);
  EXPECT_EQ(report.large_sent_small, 0);
  EXPECT_EQ(report.small_sent_large, 0.5);
  EXPECT_EQ(report.by.at("one").auc.value, 1);
  EXPECT_EQ(report.by.at("test").auc.value, 0);
  EXPECT_EQ(report.by.at("test").n, 2u);
  EXPECT_TRUE(report.by_language.empty());
  EXPECT_EQ(report.errors.size(), 51u);
  EXPECT_EQ(report.errors.front().large_sent_small, 1);
  EXPECT_EQ(report.errors.back().small_sent_large, 1);
  ASSERT_EQ(report.reliability.size(), 4u);
  EXPECT_EQ(report.reliability.front().small, 1);  // the small one at 3: promised least
  EXPECT_NE(to_json(report).find("\"schema\":\"basin.eval/1\""), std::string::npos);
}

TEST(Evaluate, FlipsAreCountedOverVersions) {
  const auto examples = toy_world();
  const auto rows = prepare(examples);
  std::vector<const Prepared*> all;
  for (const Prepared& row : rows) all.push_back(&row);
  const Report report = evaluate(examples, *build(fit(all, quick())));
  EXPECT_EQ(report.flips.at("lower_case").n, examples.size());
  EXPECT_EQ(report.flips.at("lower_case").flipped, 0u);
  EXPECT_EQ(report.flips.at("politeness").n, 2 * examples.size());
  EXPECT_EQ(report.flips.at("bait").n, 0u);  // no material
  EXPECT_EQ(report.flips.at("bait").share(), 0);
}

}  // namespace
}  // namespace basin::lab
