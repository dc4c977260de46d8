#include "lab/reorder.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

std::string fields(const std::string& text) { return with_fields_reordered(text).value_or("as it was"); }

TEST(Reorder, MembersOfAnObject) {
  EXPECT_EQ(fields("which is set?\n```\n{\n  \"a\": {\"x\": 1},\n  \"b\": \"}\"\n}\n```"),
            "which is set?\n```\n{\n  \"b\": \"}\",\n  \"a\": {\"x\": 1}\n}\n```");
  EXPECT_EQ(fields("is it valid?\n```\n{\"a\": 1, \"b\"\n```"), "as it was");
}

TEST(Reorder, LinesWithKeys) {
  EXPECT_EQ(fields("how old?\n\nName: Ida\nAge: 31\nTown: Bergen"), "how old?\n\nTown: Bergen\nAge: 31\nName: Ida");
  // speakers come back: the order of what they say means something
  EXPECT_EQ(fields("sum up\n\nIda: hi\nOlaf: hello\nIda: bye\nOlaf: bye"), "as it was");
}

TEST(Reorder, ColumnsOfATable) {
  EXPECT_EQ(fields("sum\n\na,b,c\n1,2,3\n4,5,6"), "sum\n\nc,b,a\n3,2,1\n6,5,4");
  EXPECT_EQ(fields("sum\n\n| a | b |\n| 1 | 2 |\n| 3 | 4 |"), "sum\n\n| b | a |\n| 2 | 1 |\n| 4 | 3 |");
  EXPECT_EQ(fields("sum\n\na,b,c\n1,2,3"), "as it was");  // two rows are none
}

TEST(Reorder, KeysOfARequestAndItsMessages) {
  base::json::Document document;
  const std::string row = R"({"id":"1","messages":[{"role":"user","content":"hi"}]})";
  ASSERT_TRUE(document.parse(row));
  EXPECT_EQ(row_with_fields_reordered(document.root()), R"({"messages":[{"content":"hi","role":"user"}],"id":"1"})");
  const std::string prompt = R"({"id":"1","prompt":"hi"})";
  ASSERT_TRUE(document.parse(prompt));
  EXPECT_EQ(row_with_fields_reordered(document.root()), std::nullopt);
}

}  // namespace
}  // namespace basin::lab
