#include "geometry/shape.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

TEST(Shape, CountsWhatProseIsMadeOf) {
  const Shape s = shape_of("Where is Ada now? She left, with 2 bags, for Oslo.");
  EXPECT_EQ(s.words, 10u);
  EXPECT_EQ(s.sentences, 2u);
  EXPECT_EQ(s.marks.questions, 1u);
  EXPECT_EQ(s.marks.commas, 2u);
  EXPECT_EQ(s.numbers, 1u);
  EXPECT_EQ(s.names, 2u);
  EXPECT_FALSE(s.ends_in_question);
  EXPECT_EQ(s.script, Script::latin);
}

TEST(Shape, QuestionsInOtherScripts) {
  EXPECT_TRUE(shape_of("几点开门？").ends_in_question);
  EXPECT_TRUE(shape_of("ما الساعة؟ ").ends_in_question);
  EXPECT_EQ(shape_of("几点开门？").script, Script::han);
}

TEST(Shape, IdentifiersAreNotWordsOfProse) {
  EXPECT_EQ(shape_of("call loadUser and user_name in a.b() please").identifiers, 3u);
  EXPECT_EQ(shape_of("don't well-known Ada's").identifiers, 0u);
}

TEST(Shape, LinesByKind) {
  const Shape code = shape_of("int f(int a) {\n  return a + 1;\n}\n");
  EXPECT_EQ(code.lines.code, 3u);
  const Shape table = shape_of("a,b,c\n1,2,3\n4,5,6\n");
  EXPECT_EQ(table.lines.table, 3u);
  const Shape log = shape_of("2024-01-02 10:11:12 started\n2024-01-02 10:11:13 stopped\n");
  EXPECT_EQ(log.lines.log, 2u);
  const Shape prose = shape_of("We met at the station.\nIt was late and cold.\n");
  EXPECT_EQ(prose.lines.prose, 2u);
  EXPECT_EQ(shape_of("- one thing\n- another thing\n").lines.items, 2u);
}

TEST(Shape, EmptyAndHostile) {
  EXPECT_EQ(shape_of("").words, 0u);
  EXPECT_EQ(shape_of("\n\n\n").lines.all, 0u);
  EXPECT_EQ(shape_of(std::string(5000, '(')).words, 0u);
}

}  // namespace
}  // namespace basin::geometry
