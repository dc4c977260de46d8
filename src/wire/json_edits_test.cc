#include "wire/json_edits.h"

#include <gtest/gtest.h>

#include "wire/splice.h"

namespace basin::wire {
namespace {

using Path = std::vector<std::string_view>;

std::string spliced(std::string_view body, const std::vector<core::Edit>& edits) {
  const auto result = splice(body, edits);
  EXPECT_TRUE(result.ok());
  std::string out;
  for (const auto span : result->spans) out += span;
  return out;
}

std::string cut(const std::string& text, const std::vector<bool>& gone) {
  base::json::Document document;
  EXPECT_TRUE(document.parse(text).ok());
  const bool object = document.root().is(base::json::Kind::object);
  std::vector<core::Edit> edits;
  cut_items("x", object ? member_ranges(document.root()) : element_ranges(document.root()), gone, edits);
  return spliced(text, edits);
}

TEST(JsonEdits, CutWithTheirCommas) {
  const std::string list = "[ 1 , 2,3 ,\n4 ]";
  EXPECT_EQ(cut(list, {false, false, false, false}), list);
  EXPECT_EQ(cut(list, {true, false, false, false}), "[ 2,3 ,\n4 ]");
  EXPECT_EQ(cut(list, {false, false, false, true}), "[ 1 , 2,3 ]");
  EXPECT_EQ(cut(list, {false, true, true, false}), "[ 1 ,\n4 ]");
  EXPECT_EQ(cut(list, {true, false, true, false}), "[ 2 ,\n4 ]");
  EXPECT_EQ(cut(list, {true, true, true, true}), "[  ]");
  EXPECT_EQ(cut(R"({"a":1, "b" : {"c":2} ,"d":3})", {false, true, false}), R"({"a":1 ,"d":3})");
  EXPECT_EQ(cut(R"({"a":1, "b" : {"c":2} ,"d":3})", {true, false, true}), R"({"b" : {"c":2}})");
}

TEST(JsonEdits, EveryWayToCutAListLeavesTheRest) {
  const std::string list = "[0, 1 ,2,3 , 4]";
  for (unsigned mask = 0; mask < 32; ++mask) {
    std::vector<bool> gone;
    std::string wanted;
    for (unsigned i = 0; i < 5; ++i) {
      gone.push_back((mask >> i & 1U) != 0);
      if (!gone.back()) wanted += (wanted.empty() ? "" : ",") + std::to_string(i);
    }
    std::string left = cut(list, gone);
    std::erase(left, ' ');
    EXPECT_EQ(left, "[" + wanted + "]");
  }
}

std::string set(const std::string& text, const Path& path, std::string_view json = "1") {
  base::json::Document document;
  EXPECT_TRUE(document.parse(text).ok());
  const auto edit = set_absent("x", document.root(), path, json);
  return edit ? spliced(text, {*edit}) : "nothing";
}

TEST(JsonEdits, AMemberIsSetWhereNoneStands) {
  EXPECT_EQ(set(R"( {"a":2 } )", {"b"}), R"( {"a":2,"b":1 } )");
  EXPECT_EQ(set(R"({})", {"b"}), R"({"b":1})");
  EXPECT_EQ(set(R"({"a":2})", {"b", "c", "d"}), R"({"a":2,"b":{"c":{"d":1}}})");
  EXPECT_EQ(set(R"({"b":{"x":0},"a":2})", {"b", "c"}), R"({"b":{"x":0,"c":1},"a":2})");
  EXPECT_EQ(set(R"({"b":{ },"a":2})", {"b", "c"}), R"({"b":{"c":1 },"a":2})");
  EXPECT_EQ(set(R"({"b":null,"a":2})", {"b", "c"}), R"({"b":{"c":1},"a":2})");
  EXPECT_EQ(set(R"({"b":{"c" : null}})", {"b", "c"}, "\"low\""), R"({"b":{"c" : "low"}})");
}

TEST(JsonEdits, WhatTheClientSetStays) {
  EXPECT_EQ(set(R"({"b":0})", {"b"}), "nothing");
  EXPECT_EQ(set(R"({"b":{"c":"high"}})", {"b", "c"}), "nothing");
  EXPECT_EQ(set(R"({"b":3})", {"b", "c"}), "nothing");
  EXPECT_EQ(set(R"({"\u0062":0})", {"b"}), "nothing") << "a name written with escapes is the same name";
  EXPECT_EQ(set("[]", {"b"}), "nothing");
}

}  // namespace
}  // namespace basin::wire
