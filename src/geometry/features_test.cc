#include "geometry/features.h"

#include <gtest/gtest.h>

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

const std::vector<std::uint32_t>& group(const Scratch& scratch, Group which) {
  return scratch.groups[static_cast<std::size_t>(which)];
}

TEST(Extract, CaseAndSpacesGiveTheSameWords) {
  Scratch plain, other;
  extract(prompt_with("sort the names of Zurich"), plain);
  extract(prompt_with("  SORT   the Names of\tzurich "), other);
  for (const Group which : {Group::words, Group::pairs, Group::pieces, Group::place})
    EXPECT_EQ(group(plain, which), group(other, which));
}

TEST(Extract, NumbersCountByLengthNotByValue) {
  Scratch a, b, c;
  extract(prompt_with("add 12"), a);
  extract(prompt_with("add 79"), b);
  extract(prompt_with("add 790"), c);
  EXPECT_EQ(group(a, Group::words), group(b, Group::words));
  EXPECT_NE(group(a, Group::words), group(c, Group::words));
}

TEST(Extract, SignsOfScriptsWithoutSpacesAreWords) {
  Scratch scratch;
  extract(prompt_with("修正错字"), scratch);
  EXPECT_EQ(group(scratch, Group::words).size(), 4u);
}

TEST(Extract, AskMaterialAndEarlierAskAreKeptApart) {
  Scratch scratch;
  core::Prompt prompt = prompt_with("sort", std::string(400, ' ') + "sort");
  prompt.previous_ask = "sort";
  extract(prompt, scratch);
  EXPECT_NE(group(scratch, Group::words)[0], group(scratch, Group::material_words)[0]);
  EXPECT_NE(group(scratch, Group::material_words)[0], group(scratch, Group::previous_words)[0]);
}

TEST(Extract, ShortMaterialHasWordsOfItsOwn) {
  Scratch scratch;
  extract(prompt_with("bug:", std::string(320, 'x')), scratch);
  EXPECT_EQ(group(scratch, Group::inline_words).size(), 2u);  // a word and a pair
  EXPECT_TRUE(group(scratch, Group::material_words).empty());
  extract(prompt_with("bug:", std::string(321, 'x')), scratch);
  EXPECT_TRUE(group(scratch, Group::inline_words).empty());
  EXPECT_EQ(group(scratch, Group::material_words).size(), 1u);
}

TEST(Extract, EndsOfAnAskOfSeveralLines) {
  Scratch scratch;
  extract(prompt_with("one line only"), scratch);
  EXPECT_TRUE(group(scratch, Group::ends).empty());
  extract(prompt_with("told Ada\nthe boat is late\nwho waits"), scratch);
  EXPECT_EQ(group(scratch, Group::ends).size(), 8u);  // two words and two pairs of either line
}

TEST(Extract, GroupsStopAtTheirLimit) {
  std::string ask;
  for (int i = 0; ask.size() + 8 < core::kAskLimit; ++i) ask += "w" + std::to_string(i) + " ";
  Scratch scratch;
  extract(prompt_with(ask, std::string(core::kMaterialSample, 'm')), scratch);
  for (const auto& group : scratch.groups) {
    EXPECT_LE(group.size(), kGroupLimit);
    for (const std::uint32_t row : group) EXPECT_LT(row, kRows);
  }
  for (const WeightedRow& measure : scratch.measures) EXPECT_LT(measure.row, kMeasureRows);
  // One byte past the limit of the ask changes nothing.
  const auto words = scratch.groups[0];
  ask.resize(core::kAskLimit, 'z');
  extract(prompt_with(ask), scratch);
  const auto at_limit = scratch.groups[0];
  extract(prompt_with(ask + "z"), scratch);
  EXPECT_EQ(scratch.groups[0], at_limit);
}

}  // namespace
}  // namespace basin::geometry
