#include "basin/engine.h"

#include <gtest/gtest.h>

#include <thread>

namespace basin {
namespace {

TEST(Engine, ExplainsWithNothingButStdTypes) {
  const Engine engine = Engine::builtin();
  const std::string prompt = "fix the grammar: me and him goes home";
  const Explanation e = engine.explain(prompt);
  EXPECT_EQ(e.topology, "refine");
  ASSERT_EQ(e.ask.size(), 1u);
  EXPECT_EQ(prompt.substr(e.ask[0].begin, e.ask[0].end - e.ask[0].begin), "fix the grammar:");
  EXPECT_LE(e.p_low, e.p_small_ok);
  EXPECT_GE(e.p_high, e.p_small_ok);
  double sum = 0;
  for (const auto& [name, share] : e.topologies) sum += share;
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_EQ(engine.weights_sha256().size(), 64u);
}

TEST(Engine, AnyBytesAreAPrompt) {
  const Engine engine = Engine::builtin();
  for (const std::string& prompt :
       {std::string(), std::string(1, '\0'), std::string("\xff\xfe\xed\xa0\x80"), std::string(200000, 'a')})
    EXPECT_GT(engine.explain(prompt).p_small_ok, 0);
}

TEST(Engine, RefusesWhatIsNoWeightFile) {
  EXPECT_FALSE(Engine::from_weights("").has_value());
  EXPECT_FALSE(Engine::from_weights("basin.w\n").has_value());
}

TEST(Engine, OneEngineManyThreads) {
  const Engine engine = Engine::builtin();
  const double expected = engine.explain("sort these names").difficulty;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) EXPECT_EQ(engine.explain("sort these names").difficulty, expected);
    });
  }
}

}  // namespace
}  // namespace basin
