#include "geometry/prose_words.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::geometry {
namespace {

// The words, parted by spaces; a capital has a ^, the beginning of a sentence a >.
std::string words_in(std::string_view text) {
  std::string all;
  ProseWord word;
  for (ProseWords words(text); words.next(word);) {
    if (!all.empty()) all += ' ';
    if (word.opens) all += '>';
    if (word.capital) all += '^';
    all += text.substr(word.begin, word.end - word.begin);
  }
  return all;
}

TEST(ProseWords, AreRunsOfLettersInAnyScriptThatPartsWords) {
  EXPECT_EQ(words_in("please fix this: grüße, wörter"), ">please this >grüße wörter");
  EXPECT_EQ(words_in("переведи письмо 修正错字 please"), ">переведи письмо please");
  EXPECT_EQ(words_in("step-by-step doesn't"), ">step step doesn");
}

TEST(ProseWords, OfFourToTwentyFourLetters) {
  EXPECT_EQ(words_in("abc abcd"), "abcd");
  EXPECT_EQ(words_in(std::string(24, 'x')), '>' + std::string(24, 'x'));
  EXPECT_EQ(words_in(std::string(25, 'x')), "");
}

TEST(ProseWords, TellWhatOpensASentenceFromAName) {
  EXPECT_EQ(words_in("Write Nora. Then \"Stop\"\nGoods"), ">^Write ^Nora >^Then ^Stop >^Goods");
}

TEST(ProseWords, PassOverNames) {
  for (const char* text :
       {"NASA",      "camelCase", "PascalCase", "snake_case", "word2vec",  "2nd4th",   "a.name",
        "file.json", "call(x)",   "list[0]",    "@nora",      "#topic",    "src/main", "https://here",
        "std::move", "$HOME",     "<body",      "class=",     "user@host", "`retrun`", "```\nretrun x\n```"})
    EXPECT_EQ(words_in(text), "") << text;
  EXPECT_EQ(words_in("`code` then prose (here) and \"there\"."), "then prose here there");
  EXPECT_EQ(words_in("**bold** words: list, colon; end? yeah!"), ">bold words >list colon >yeah");
}

TEST(ProseWords, GiveOneHashForBothCases) {
  ProseWord small, large;
  ASSERT_TRUE(ProseWords("straße").next(small));
  ASSERT_TRUE(ProseWords("Straße").next(large));
  EXPECT_EQ(small.hash, large.hash);
  EXPECT_EQ(small.length, 6u);
  EXPECT_EQ(large.characters[4], 0xdfu);
}

}  // namespace
}  // namespace basin::geometry
