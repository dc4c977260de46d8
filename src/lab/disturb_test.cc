#include "lab/disturb.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

Example example_of(const std::string& row) {
  base::json::Document document;
  EXPECT_TRUE(document.parse(row));
  return std::move(read_example(document.root())).value();
}
std::vector<std::string> asks(const std::string& ask, Disturbance disturbance) {
  Example example;
  example.prompt.ask = ask;
  std::vector<std::string> all;
  for (const core::Prompt& prompt : disturbed(example, disturbance)) all.push_back(prompt.ask);
  return all;
}
using Texts = std::vector<std::string>;

TEST(Disturb, AsksAreWrittenDifferently) {
  EXPECT_EQ(asks("Fix THIS now", Disturbance::lower_case), Texts{"fix this now"});
  EXPECT_EQ(asks("a b", Disturbance::spaces), Texts{" a  b "});
  EXPECT_EQ(asks("please sort it", Disturbance::typos), Texts{"plaese sort it"});
  EXPECT_EQ(asks("a bc def", Disturbance::typos), Texts{"a bc def"});
  EXPECT_EQ(asks("", Disturbance::typos), Texts{""});
  EXPECT_EQ(asks("sort it", Disturbance::politeness).size(), 2u);
}

TEST(Disturb, BaitStandsInTheMaterialAndTheAskStays) {
  const Example example = example_of(
      R"({"prompt":"which is late?\n\nTask;due;who\nwash;3 May;Ida\ncook;9 May;Olaf\ndry;4 May;Ida","tier":"small"})");
  const auto prompts = disturbed(example, Disturbance::bait);
  ASSERT_EQ(prompts.size(), 3u);
  for (const core::Prompt& prompt : prompts) EXPECT_EQ(prompt.ask, example.prompt.ask);
  EXPECT_TRUE(disturbed(example_of(R"({"prompt":"write a haiku","tier":"small"})"), Disturbance::bait).empty());
}

TEST(Disturb, FieldsInAnotherOrderHoldTheSame) {
  const Example example = example_of(
      R"({"messages":[{"role":"user","content":"how many?\n\nName: Ida\nAge: 31\nTown: Bergen"}],"tier":"small"})");
  const auto prompts = disturbed(example, Disturbance::reordered_fields);
  ASSERT_EQ(prompts.size(), 1u);
  EXPECT_EQ(prompts[0].ask, "how many?");
  EXPECT_EQ(prompts[0].material, "Town: Bergen\nAge: 31\nName: Ida");
  EXPECT_TRUE(disturbed(example_of(R"({"prompt":"write","tier":"small"})"), Disturbance::reordered_fields).empty());
}

TEST(Disturb, EveryOneHasItsName) {
  for (const Disturbance disturbance : kDisturbances) EXPECT_NE(name_of(disturbance), "");
}

}  // namespace
}  // namespace basin::lab
