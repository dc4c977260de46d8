#include "wire/usage_chunk.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::wire {
namespace {

constexpr std::string_view kText =
    R"(data: {"id":"c","choices":[{"index":0,"delta":{"content":"\"usage\":{} \"choices\":[]"}}],"usage":null})"
    "\n\n";
constexpr std::string_view kLast =
    "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
constexpr std::string_view kUsage =
    "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n";
constexpr std::string_view kDone = "data: [DONE]\n\n";

std::string operator+(std::string_view a, std::string_view b) { return std::string(a).append(b); }

std::string with_line_ends(std::string text, std::string_view end) {
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + end.size()))
    text.replace(at, 1, end);
  return text;
}

// The stream in pieces of these sizes, over and over.
std::string passed(std::string_view stream, const std::vector<std::size_t>& sizes) {
  UsageChunkFilter filter;
  std::string out;
  for (std::size_t i = 0; !stream.empty(); ++i) {
    const std::string piece(stream.substr(0, sizes[i % sizes.size()]));  // of its own: nothing of it is kept
    stream.remove_prefix(piece.size());
    out += filter.pass(piece);
  }
  return out += filter.rest();
}

void expect_passed(const std::string& stream, const std::string& wanted) {
  ASSERT_EQ(passed(stream, {stream.size() + 1}), wanted);
  ASSERT_EQ(passed(stream, {1}), wanted);
  ASSERT_EQ(passed(stream, {3, 1, 7}), wanted);
  for (std::size_t cut = 1; cut < stream.size(); ++cut) ASSERT_EQ(passed(stream, {cut, stream.size()}), wanted) << cut;
}

TEST(UsageChunk, IsTakenOutAndNothingElse) {
  for (const std::string_view end : {"\n", "\r", "\r\n"}) {
    const auto stream = [&](std::string_view text) { return with_line_ends(std::string(text), end); };
    expect_passed(stream(kText + kLast + (kUsage + kDone)), stream(kText + kLast + kDone));
    expect_passed(stream(kText + kUsage), stream(kText));
    expect_passed(stream(kUsage + kText), stream(kText));
    expect_passed(stream(kUsage + kUsage), "");
    expect_passed(stream(": ping\n\n\n" + kUsage + "\n\n" + kDone), stream(": ping\n\n\n\n\n" + kDone));
  }
}

TEST(UsageChunk, WhatOnlyLooksLikeItStays) {
  for (const std::string_view chunk :
       {R"({"choices":[],"prompt_filter_results":[{}]})", R"({"choices":[],"usage":null})",
        R"({"choices":[{"index":0,"delta":{}}],"usage":{"prompt_tokens":3}})", R"({"usage":{"prompt_tokens":3}})",
        R"({"choices":[],"usage":{},"error":{"message":"m"}})", R"({"choices":[],"usage":{})"}) {
    const std::string stream = "data: " + chunk + ("\n\n" + kDone);
    expect_passed(stream, stream);
  }
}

TEST(UsageChunk, AnUnendedStreamKeepsItsLastBytes) {
  for (std::size_t size = 0; size < kUsage.size(); ++size) {
    const std::string stream = kText + kUsage.substr(0, size);
    ASSERT_EQ(passed(stream, {4}), stream);
  }
}

TEST(UsageChunk, WholeEventsAreNotCopied) {
  UsageChunkFilter filter;
  const std::string piece = kText + kText;
  EXPECT_EQ(filter.pass(piece).data(), piece.data());
  EXPECT_TRUE(filter.pass(kUsage).empty());
  EXPECT_EQ(filter.pass(kDone).data(), kDone.data());
  EXPECT_TRUE(filter.rest().empty());
}

TEST(UsageChunk, OnlyALittleIsHeld) {
  const auto padded = [](std::size_t size) {
    const std::string head = "data: {\"choices\":[],\"usage\":{},\"pad\":\"";
    return head + std::string(size - head.size() - 2, 'x') + "\"}\r\n\r\n";
  };
  const std::size_t longest = kUsageChunkLimit - 4;
  for (const auto& sizes : {std::vector<std::size_t>{1U << 20U}, {1}, {longest + 3, 1}, {1000}}) {
    EXPECT_EQ(passed(padded(longest) + kDone, sizes), kDone);
    EXPECT_EQ(passed(padded(longest + 1) + kDone, sizes), padded(longest + 1) + kDone);
  }
  UsageChunkFilter filter;
  EXPECT_TRUE(filter.pass(std::string(kUsageChunkLimit, 'x')).empty());
  EXPECT_EQ(filter.pass("y").size(), kUsageChunkLimit + 1);
  EXPECT_EQ(filter.pass("z"), "z") << "the rest of a long event goes on as it comes";
}

std::string asked(core::Endpoint endpoint, const std::string& body) {
  base::json::Document document;
  const auto request = read_request(endpoint, body, document);
  EXPECT_TRUE(request.ok());
  const auto edit = include_usage_edit(*request, document.root());
  if (!edit) return "nothing";
  EXPECT_EQ(edit->what, "include_usage");
  std::string sent;
  const std::vector<core::Edit> edits = {*edit};
  const auto spliced = splice(body, edits);
  for (const auto span : spliced->spans) sent += span;
  return sent;
}

TEST(UsageChunk, IsAskedForWhereTheClientDoesNot) {
  constexpr auto kChat = core::Endpoint::chat_completions;
  EXPECT_EQ(asked(kChat, R"({"messages":[],"stream":true})"),
            R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(asked(kChat, R"({"messages":[],"stream":true,"stream_options":{"include_usage" : false }})"),
            R"({"messages":[],"stream":true,"stream_options":{"include_usage" : true }})");
  EXPECT_EQ(asked(kChat, R"({"stream_options":{"include_obfuscation":false},"messages":[],"stream":true})"),
            R"({"stream_options":{"include_obfuscation":false,"include_usage":true},"messages":[],"stream":true})");
  EXPECT_EQ(asked(kChat, R"({"messages":[],"stream":true,"stream_options":{"include_usage":true}})"), "nothing");
  EXPECT_EQ(asked(kChat, R"({"messages":[],"stream":false})"), "nothing");
  EXPECT_EQ(asked(kChat, R"({"messages":[]})"), "nothing");
  EXPECT_EQ(asked(core::Endpoint::messages, R"({"messages":[],"stream":true})"), "nothing");
}

}  // namespace
}  // namespace basin::wire
