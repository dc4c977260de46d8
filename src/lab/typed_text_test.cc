#include "lab/typed_text.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

std::optional<TypedText> typed(const std::string& row) {
  base::json::Document document;
  EXPECT_TRUE(document.parse(row));
  return typed_text(document.root());
}

TEST(TypedText, IsThePromptOrTheLastTextOfTheLastUser) {
  EXPECT_EQ(typed(R"({"id":1,"prompt":"a\nb"})")->text, "a\nb");
  EXPECT_EQ(typed(R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},
                                  {"role":"assistant","content":"c"}]})")
                ->text,
            "b");
  EXPECT_EQ(typed(R"({"messages":[{"role":"user","content":[{"text":"a"},{"type":"image"},{"text":"b"}]}]})")->text,
            "b");
  EXPECT_FALSE(typed(R"({"messages":[{"role":"assistant","content":"c"}]})"));
  EXPECT_FALSE(typed(R"({"input":1})"));
}

TEST(TypedText, AnotherTextInItsPlace) {
  const std::string row = R"({"messages":[{"role":"user","content":"a"}],"n":1})";
  EXPECT_EQ(with_text(row, *typed(row), "x\"\ny"), R"({"messages":[{"role":"user","content":"x\"\ny"}],"n":1})");
}

}  // namespace
}  // namespace basin::lab
