#include "prompt/lines.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "prompt/quotations.h"

namespace basin::prompt {
namespace {

std::vector<Line> lines_of(std::string_view text) {
  std::vector<Line> lines;
  cut_lines(text, 0, text.size(), lines);
  return lines;
}
Line line_of(std::string_view text) { return lines_of(text).front(); }

TEST(Lines, SpansAreWithoutWhiteSpaceAndBlankLinesAreEmpty) {
  const auto lines = lines_of("  a b \r\n \t \n\tc");
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(lines[0].span, (Span{2, 5}));
  EXPECT_EQ(lines[1].shape, LineShape::blank);
  EXPECT_EQ(lines[1].span.size(), 0u);
  EXPECT_EQ(lines[2].span, (Span{13, 14}));
  EXPECT_TRUE(lines[2].indented);
}

TEST(Lines, ShapesAreReadOffCounts) {
  EXPECT_EQ(line_of("Please fix what I wrote to Nora.").shape, LineShape::prose);
  EXPECT_EQ(line_of("```cpp").shape, LineShape::fence);
  EXPECT_EQ(line_of("> she said so").shape, LineShape::quote);
  EXPECT_EQ(line_of("2026-11-24 09:17:33 WARN queue full").shape, LineShape::data);
  EXPECT_EQ(line_of("for (const auto& x : xs) total += x.price;").shape, LineShape::data);
}

TEST(Lines, CellsAreDelimitersWithoutASpaceBehindThem) {
  EXPECT_EQ(line_of("a,b,c").cells, 2u);
  EXPECT_EQ(line_of("a, b, c").cells, 0u);
  EXPECT_EQ(line_of("a;b;c;d,e").cells, 3u);
  EXPECT_EQ(line_of("a\tb\tc").cells, 2u);
  EXPECT_EQ(line_of("| a | b |").cells, 3u);
}

TEST(Lines, OnlyBytesThatOpenAQuotationMakeALineQuoting) {
  EXPECT_FALSE(line_of("don't say so").quoting);
  for (const std::string_view mark : {"\"", "“", "„", "«", "「", "『", "‘"})
    EXPECT_TRUE(line_of(std::string("he said ") + std::string(mark)).quoting) << mark;
}

TEST(Lines, MarksOfLists) {
  for (const char* line : {"- pear", "* pear", "-pear", "• pear", "・梨を三つ"})
    EXPECT_EQ(line_of(line).mark, '-') << line;
  for (const char* line : {"1. pear", "12) pear"}) EXPECT_EQ(line_of(line).mark, '1') << line;
  EXPECT_EQ(line_of("b) pear").mark, 'a');
  for (const char* line : {"B) pear", "**pear**", "-- pear", "1984 was", "-", "pear"})
    EXPECT_EQ(line_of(line).mark, 0) << line;
}

TEST(Lines, ASentenceIsClosedAndSpeechIsQuoted) {
  EXPECT_TRUE(line_of("Fix it.").closed);
  EXPECT_FALSE(line_of("pear and plum").closed);
  EXPECT_TRUE(line_of("He said: \"fix it\"").speech);
  EXPECT_FALSE(line_of("He said: fix it").speech);
}

TEST(Lines, AsManyWordsAsAPersonCounts) {
  EXPECT_EQ(line_of("don't stop 3 times, Zoë").words, 5u);
  EXPECT_EQ(line_of("会议记录").words, 3u);  // one run, and half a word for each sign
  EXPECT_EQ(count_words("one two three four", 3), 3u);
  EXPECT_EQ(count_words("one two", 3), 2u);
}

// The table of counters against the definition, on bytes of every kind.
TEST(Lines, ThePassCountsWhatPlainLoopsCount) {
  std::mt19937 random(11);
  constexpr std::string_view kBytes = "abcXYZ019 \t.,;|'\"-:(){}\xc3\xa9\xe4\xbc\x9a\xf0\x9f";
  for (int round = 0; round < 2000; ++round) {
    std::string text = "x";
    for (std::size_t n = random() % 80; n > 0; --n) text += kBytes[random() % kBytes.size()];
    text += 'x';
    std::size_t bars = 0, commas = 0, semicolons = 0, tabs = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const bool tight = text[i + 1] != ' ';
      bars += text[i] == '|' ? 1 : 0;
      tabs += text[i] == '\t' ? 1 : 0;
      commas += text[i] == ',' && tight ? 1 : 0;
      semicolons += text[i] == ';' && tight ? 1 : 0;
    }
    const Line line = line_of(text);
    EXPECT_EQ(line.cells, std::max({bars, commas, semicolons, tabs})) << text;
    EXPECT_EQ(line.words, count_words(text, text.size())) << text;
  }
}

TEST(Quotations, LongOnesAreFoundAndUnclosedOnesAreNot) {
  const std::string text = "fix “this is what Nora said to me yesterday” and \"stubborn\" «and more";
  Quotations quotations(text, {0, text.size()});
  const Span found = quotations.next();
  EXPECT_EQ(text.substr(found.begin, found.size()), "“this is what Nora said to me yesterday”");
  EXPECT_EQ(quotations.next().size(), 0u);
}

}  // namespace
}  // namespace basin::prompt
