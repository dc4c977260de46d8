#include "api/tipping.h"

#include <gtest/gtest.h>

namespace basin::api {
namespace {

using Clauses = std::vector<std::string_view>;

TEST(Clauses, AreSentencesLinesAndWhatCommasPart) {
  EXPECT_EQ(
      clauses_of("Fix the typo in README, then prove that it is sound. Keep version 3.5 as it is\nand thank me for it"),
      (Clauses{"Fix the typo in README,", "then prove that it is sound.", "Keep version 3.5 as it is",
               "and thank me for it"}));
}

TEST(Clauses, AFewWordsStayWithTheClauseBefore) {
  EXPECT_EQ(clauses_of("sort these by year, please"), (Clauses{"sort these by year, please"}));
  EXPECT_EQ(clauses_of(""), Clauses{});
  EXPECT_EQ(clauses_of(" \n "), Clauses{});
}

TEST(Clauses, WideMarksEndThemToo) {
  EXPECT_EQ(clauses_of("把下面这段文字里面的错别字都改正过来。然后证明每一个有界的单调数列都收敛。").size(), 2U);
}

TEST(Clauses, AreNeverMoreThanTheirLimit) {
  std::string many;
  for (int i = 0; i < 50; ++i) many += "one more thing to do. ";
  EXPECT_EQ(clauses_of(many).size(), kMostClauses);
}

// A prompt is as hard as the times it says "prove".
double by_proofs(const core::Prompt& prompt) {
  double p = 0.9;
  for (std::size_t at = prompt.ask.find("prove"); at != std::string::npos; at = prompt.ask.find("prove", at + 1))
    p -= 0.3;
  return p;
}

TEST(Tipping, NamesTheClauseThatMadeItLarge) {
  core::Prompt prompt;
  prompt.ask = "Fix the typo in README, then prove that it is sound, and sort the list.";
  EXPECT_EQ(what_made_it_large(prompt, 0.7, by_proofs),
            "without \"then prove that it is sound,\" it would be 0.90: small");
}

TEST(Tipping, NamesWhatWeighsMostWhereNothingTips) {
  core::Prompt prompt;
  prompt.ask = "First prove this one claim, then prove that other claim.";
  EXPECT_EQ(what_made_it_large(prompt, 0.7, by_proofs), "without \"First prove this one claim,\" it would be 0.60");
}

TEST(Tipping, SaysNothingOfWhatIsSmallOrOneClauseOrEvenlyHard) {
  core::Prompt prompt;
  prompt.ask = "sort the list by year, and then by the name";
  EXPECT_EQ(what_made_it_large(prompt, 0.7, by_proofs), "");
  prompt.ask = "prove it";
  EXPECT_EQ(what_made_it_large(prompt, 0.7, by_proofs), "");
  prompt.ask = "tell me all about that, and all about this";
  EXPECT_EQ(what_made_it_large(prompt, 0.7, [](const core::Prompt&) { return 0.2; }), "");
}

TEST(Tipping, CutsALongClauseBetweenCharacters) {
  core::Prompt prompt;
  prompt.ask = "Sort the list by year. Then prove " + std::string(40, 'x') +
               " \u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4 for good.";
  const std::string tip = what_made_it_large(prompt, 0.7, by_proofs);
  const std::size_t cut = tip.find("...\"");
  ASSERT_NE(cut, std::string::npos) << tip;
  EXPECT_NE(tip[cut - 1], '\xc3') << tip;
}

}  // namespace
}  // namespace basin::api
