#include "wire/splice.h"

#include <gtest/gtest.h>

#include "wire/read_request.h"

namespace basin::wire {
namespace {

std::string joined(const Spliced& spliced) {
  std::string out;
  for (const auto span : spliced.spans) out += span;
  return out;
}

TEST(Splice, OnlyTheModelChanges) {
  const std::string body =
      "{ \"a\" :1,\"model\"\t:\n\"big\" , "
      "\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}],\"model2\":\"big\"}\n";
  base::json::Document document;
  const auto request = read_request(core::Endpoint::messages, body, document);
  ASSERT_TRUE(request.ok());
  const std::vector<core::Edit> edits = {model_edit(*request, "small \"x\"")};
  EXPECT_EQ(edits[0].what, "model");
  const auto spliced = splice(body, edits);
  ASSERT_TRUE(spliced.ok());
  const std::string sent = joined(*spliced);
  EXPECT_EQ(sent,
            "{ \"a\" :1,\"model\"\t:\n\"small \\\"x\\\"\" , "
            "\"messages\":[{\"role\":\"user\",\"content\":\"\\u00e9\"}],\"model2\":\"big\"}\n");
  EXPECT_EQ(spliced->length, sent.size());
  EXPECT_TRUE(is_spliced(body, edits, sent));
  EXPECT_EQ(spliced->spans.front().data(), body.data()) << "the client's bytes are not copied";
}

TEST(Splice, NoEditsSendTheBodyAsItIs) {
  const auto spliced = splice("abc", {});
  ASSERT_TRUE(spliced.ok());
  EXPECT_EQ(spliced->spans, std::vector<std::string_view>{"abc"});
  EXPECT_TRUE(is_spliced("abc", {}, "abc"));
  EXPECT_FALSE(is_spliced("abc", {}, "abd"));
  EXPECT_TRUE(splice("", {})->spans.empty());
}

TEST(Splice, EditsMayInsertRemoveAndTouchTheEnds) {
  const std::vector<core::Edit> edits = {
      {"insert", {0, 0}, "<"}, {"remove", {1, 3}, ""}, {"adjacent", {3, 4}, "D"}, {"end", {6, 6}, ">"}};
  const auto spliced = splice("abcdef", edits);
  ASSERT_TRUE(spliced.ok());
  EXPECT_EQ(joined(*spliced), "<aDef>");
  EXPECT_TRUE(is_spliced("abcdef", edits, "<aDef>"));
  EXPECT_FALSE(is_spliced("abcdef", edits, "<aDef"));
  EXPECT_FALSE(is_spliced("abcdef", edits, "<aDef>>"));
  EXPECT_FALSE(is_spliced("abcdef", edits, "<abDef>"));
}

TEST(Splice, EditsThatDoNotFitAreOurFault) {
  const auto refused = [](std::vector<core::Edit> edits) {
    const auto spliced = splice("abcdef", edits);
    return !spliced.ok() && spliced.error().code == base::Code::internal && !is_spliced("abcdef", edits, "abcdef");
  };
  EXPECT_TRUE(refused({{"past", {5, 7}, ""}}));
  EXPECT_TRUE(refused({{"backward", {3, 2}, ""}}));
  EXPECT_TRUE(refused({{"one", {2, 4}, ""}, {"overlapping", {3, 5}, ""}}));
  EXPECT_TRUE(refused({{"two", {4, 5}, ""}, {"unordered", {0, 1}, ""}}));
}

}  // namespace
}  // namespace basin::wire
