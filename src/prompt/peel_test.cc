#include "prompt/peel.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace basin::prompt {
namespace {

constexpr std::array kBlocks = {core::BlockMark{"<note>", "</note>"}, core::BlockMark{"<env>", "</env>"},
                                core::BlockMark{"# RULES for", ""}};
constexpr std::array kEnvelopes = {core::BlockMark{"<query>", "</query>"}};
constexpr core::HarnessMarks kMarks = {kBlocks, kEnvelopes, {}, {}, {}, {}};

std::string peeled(std::string_view text) {
  std::string out;
  for (const Span span : peel(text, kMarks)) out.append(text.substr(span.begin, span.size())) += '|';
  return out;
}

TEST(Peel, BlocksAreTakenAway) {
  EXPECT_EQ(peeled("just words"), "just words|");
  EXPECT_EQ(peeled("<note>x</note>"), "");
  EXPECT_EQ(peeled("<note>x</note> words"), "words|");
  EXPECT_EQ(peeled(" \n<note>x\n<env>\n</note>\n<env>y</env>\nwords\n  <note>z</note>\nmore "), "words|more|");
  EXPECT_EQ(peeled("<note>a</note><env>b</env>words"), "words|");
}

TEST(Peel, MarksCountOnlyWhereALineBeginsAndOnlyWhenClosed) {
  EXPECT_EQ(peeled("what does <note>x</note> mean?"), "what does <note>x</note> mean?|");
  EXPECT_EQ(peeled("see\n<note>never closed"), "see\n<note>never closed|");
  EXPECT_EQ(peeled("</note> stray"), "</note> stray|");
  EXPECT_EQ(peeled("<notes>x</notes>"), "<notes>x</notes>|");
}

TEST(Peel, AMarkWithoutAnEndTakesTheWholeText) {
  EXPECT_EQ(peeled(" <note>never closed\nhere"), "");
  EXPECT_EQ(peeled("# RULES for /home\n\nanything\nat all"), "");
  EXPECT_EQ(peeled("explain:\n# RULES for /home"), "explain:\n# RULES for /home|");
}

TEST(Peel, EnvelopesLeaveWhatTheyHold) {
  EXPECT_EQ(peeled("<query>fix it</query>"), "fix it|");
  EXPECT_EQ(peeled("<env>a</env>\n<query>\nfix\n<note>b</note>\nit\n</query>\n<note>c</note>"), "fix|it|");
  EXPECT_EQ(peeled("<query></query>"), "");
  EXPECT_EQ(peeled("<query>open"), "<query>open|");
  EXPECT_EQ(peeled("<query><query>in</query></query>"), "<query>in|</query>|");
}

TEST(Peel, AnyBytesWillDo) {
  EXPECT_EQ(peeled(""), "");
  EXPECT_EQ(peeled(" \n\t "), "");
  EXPECT_EQ(peeled("<"), "<|");
  EXPECT_EQ(peeled("\xff\xfe<note>"), "\xff\xfe<note>|");
}

TEST(Peel, ABeginningIsKnownInItsJsonSpellings) {
  EXPECT_TRUE(begins_with_mark({"<note>x", false}, kMarks));
  EXPECT_TRUE(begins_with_mark({R"(\n  <env>x)", true}, kMarks));
  EXPECT_TRUE(begins_with_mark({R"(\u003cnote\u003ex)", true}, kMarks));
  EXPECT_TRUE(begins_with_mark({"# RULES for me", false}, kMarks));
  EXPECT_FALSE(begins_with_mark({"words <note>", false}, kMarks));
  EXPECT_FALSE(begins_with_mark({"", false}, kMarks));
}

}  // namespace
}  // namespace basin::prompt
