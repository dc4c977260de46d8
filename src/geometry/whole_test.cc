#include "geometry/whole.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <string_view>

namespace basin::geometry {
namespace {

WholeMeasures measured(std::string_view ask, std::string_view material = "") {
  return measure_whole(ask, material, material.size());
}

double at(const WholeMeasures& m, Whole measure) { return static_cast<double>(m[static_cast<std::size_t>(measure)]); }
double count(const WholeMeasures& m, Whole measure) { return std::exp2(at(m, measure)) - 1; }

TEST(Whole, CountsWordsNumbersNamesAndSentences) {
  const auto m = measured("Tom has 12 apples. He gives Anna 5 apples, and Anna gives 12 to Tom. How many?");
  EXPECT_NEAR(count(m, Whole::words), 17, 1e-4);
  EXPECT_NEAR(count(m, Whole::numbers), 3, 1e-4);
  EXPECT_NEAR(count(m, Whole::distinct_numbers), 2, 1e-4);
  EXPECT_NEAR(at(m, Whole::longest_number), 2, 1e-6);
  EXPECT_NEAR(count(m, Whole::sentences), 3, 1e-4);
  EXPECT_NEAR(count(m, Whole::first_sentence), 4, 1e-4);
  EXPECT_NEAR(count(m, Whole::last_sentence), 2, 1e-4);
  EXPECT_NEAR(count(m, Whole::names), 3, 1e-4);  // Anna, Anna, Tom
  EXPECT_NEAR(count(m, Whole::distinct_names), 2, 1e-4);
  EXPECT_NEAR(count(m, Whole::commas), 1, 1e-4);
  EXPECT_EQ(at(m, Whole::ends_in_question), 1);
}

TEST(Whole, ATextThatRepeatsItselfHasFewDifferentWords) {
  std::string once, again;
  for (int i = 0; i < 60; ++i) {
    once += std::string("w") + static_cast<char>('a' + i % 26) + std::string(1, static_cast<char>('a' + i / 26)) + " ";
    again += i % 2 == 0 ? "again " : "another ";
  }
  const auto a = measured(once), b = measured(again);
  EXPECT_GT(at(a, Whole::distinct_share), 0.9);
  EXPECT_LT(at(b, Whole::distinct_share), 0.05);
  EXPECT_GT(at(a, Whole::lone_share), 0.9);
  EXPECT_EQ(at(b, Whole::lone_share), 0);
  EXPECT_LT(at(b, Whole::pair_share), 0.05);
  EXPECT_GT(at(b, Whole::long_again), 0.9);
}

TEST(Whole, KnowsHowMuchOfTheAskStandsInTheMaterial) {
  EXPECT_NEAR(at(measured("alpha beta", "Beta gamma beta delta"), Whole::ask_in_material), 0.5, 1e-6);
  EXPECT_EQ(at(measured("alpha beta alpha beta"), Whole::ask_in_material), 0);
}

TEST(Whole, CountsLinesItemsAndOptions) {
  const auto m = measured("Which one?\n(A) red\n(B) blue\nC. green\n\n- an item\n12. another\n    indented");
  EXPECT_NEAR(count(m, Whole::lines), 7, 1e-4);
  EXPECT_NEAR(count(m, Whole::options), 3, 1e-4);
  EXPECT_NEAR(count(m, Whole::items), 2, 1e-4);
  EXPECT_NEAR(count(m, Whole::indented), 1, 1e-4);
}

TEST(Whole, ChineseHasWordsToo) {
  std::string text;
  for (int i = 0; i < 64; ++i) text += "\xE4\xBD\xA0";
  EXPECT_NEAR(count(measured(text), Whole::words), 8, 1e-4);
}

TEST(Whole, PastTheHeadOnlyTheTailIsRead) {
  const auto words = [](std::size_t bytes) {
    std::string material;
    while (material.size() < bytes) material += "ab ";
    material.resize(bytes);
    return at(measured("", material), Whole::words);
  };
  EXPECT_LT(words(kWholeHead), words(kWholeHead + kWholeTail));
  EXPECT_NEAR(words(kWholeHead + kWholeTail), words(5 * kWholeHead), 0.01);
}

std::string spaced(std::string_view text) {
  std::string wide = " \n ";
  for (const char c : text) wide.append(c == ' ' ? 2 : 1, c);
  return wide + "  \n";
}

// How a text is spaced says nothing of its answer.
TEST(Whole, BlanksMoveNothing) {
  const std::string letter =
      "Dear Ann. We met 3 times, or 4?\n  - \"so it goes\" (said Tom)\nB) two  blanks\n\n 12. an item \nThe end. ";
  std::string pages;
  for (int i = 0; i < 80; ++i) pages += std::to_string(i * i) + ". " + letter + "\n";
  ASSERT_GT(pages.size(), kWholeHead + kWholeTail);
  EXPECT_EQ(measured(letter), measured(spaced(letter)));
  EXPECT_EQ(measured("Why? ", letter), measured(spaced("Why?"), spaced(letter)));
  const auto close = measured(pages), wide = measured(spaced(pages));
  for (std::size_t i = static_cast<std::size_t>(Whole::words); i < kWholeMeasures; ++i)
    EXPECT_EQ(close[i], wide[i]) << i;
  EXPECT_NEAR(count(wide, Whole::bytes) / count(close, Whole::bytes), 1, 0.01);
}

TEST(Whole, CapitalsMoveOnlyTheMeasuresOfCapitals) {
  constexpr std::string_view kTyped = "Tell Ann of Rome.\nA) Why\nB) How\nROME, Rome\nRome, rome";
  std::string lower(kTyped);
  for (char& c : lower) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  auto typed = measured(kTyped);
  const auto low = measured(lower);
  for (const Whole capital : {Whole::names, Whole::distinct_names, Whole::capitals, Whole::capital_share,
                              Whole::upper_share, Whole::ask_names}) {
    EXPECT_GT(at(typed, capital), 0.1);
    EXPECT_NEAR(at(low, capital), 0, 1e-6);
    typed[static_cast<std::size_t>(capital)] = low[static_cast<std::size_t>(capital)];
  }
  EXPECT_EQ(typed, low);
}

TEST(Whole, LinesThatSayTheSameAreOne) {
  const auto m = measured("red, blue\n  red, blue\nblue, red\nRed,  blue");
  EXPECT_NEAR(at(m, Whole::distinct_lines), 0.5, 1e-6);
}

TEST(Whole, NothingAndAnyBytesAreFinite) {
  std::string bytes;
  for (int i = 0; i < 3 * 256; ++i) bytes.push_back(static_cast<char>(i * 7));
  for (const std::string& text : {std::string(), std::string("\n\n \t"), std::string("?"), bytes}) {
    for (const float value : measured(text, text)) EXPECT_TRUE(std::isfinite(value));
  }
}

}  // namespace
}  // namespace basin::geometry
