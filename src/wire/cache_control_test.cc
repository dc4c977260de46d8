#include "wire/cache_control.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

std::vector<std::string> carriers(const std::string& body) {
  base::json::Document document;
  EXPECT_TRUE(document.parse(body).ok());
  std::vector<std::string> out;
  for (const core::ByteRange range : cache_breakpoints(document.root()))
    out.push_back(body.substr(range.begin, range.end - range.begin));
  return out;
}

TEST(CacheControl, IsFoundWhereverItMayStand) {
  const std::string mark = R"("cache_control":{"type":"ephemeral"})";
  const std::string body = R"({"model":"m","tools":[{"name":"a"},{"name":"b",)" + mark +
                           R"(}],"system":[{"type":"text","text":"s",)" + mark +
                           R"(},{"type":"text","text":"t"}],"messages":[{"role":"user","content":"plain"},)" +
                           R"({"role":"user","content":[{"type":"tool_result","content":[{"type":"text","text":"r",)" +
                           mark + R"(}],)" + mark + R"(},{"type":"text","text":"u","cache_control":null}]}]})";
  const auto found = carriers(body);
  ASSERT_EQ(found.size(), kMostCacheBreakpoints);
  EXPECT_EQ(found[0], R"({"type":"text","text":"s",)" + mark + "}");
  EXPECT_EQ(found[1], R"({"name":"b",)" + mark + "}");
  EXPECT_TRUE(found[2].starts_with(R"({"type":"tool_result")"));
  EXPECT_EQ(found[3], R"({"type":"text","text":"r",)" + mark + "}");
}

TEST(CacheControl, TheAutomaticOneCounts) {
  EXPECT_EQ(carriers(R"({"cache_control":{"type":"ephemeral"},"messages":[]})").size(), 1U);
  EXPECT_EQ(carriers(R"({"cache_control":null,"messages":[]})").size(), 0U);
}

TEST(CacheControl, TextThatSpeaksOfItIsNone) {
  EXPECT_TRUE(carriers(R"({"messages":[{"content":"\"cache_control\":{}"}],"metadata":{"cache_control":{}}})").empty());
  EXPECT_TRUE(carriers("[]").empty());
}

}  // namespace
}  // namespace basin::wire
