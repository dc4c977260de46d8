#include "wire/thinking.h"

#include <gtest/gtest.h>

#include "base/fingerprint.h"

namespace basin::wire {
namespace {

using Kind = ThinkingSeal::Kind;
constexpr auto kAnthropic = core::Dialect::anthropic;
constexpr auto kResponses = core::Dialect::openai_responses;

std::vector<ThinkingBlock> found_in(core::Dialect dialect, const std::string& body) {
  base::json::Document document;
  EXPECT_TRUE(document.parse(body).ok());
  return find_thinking(dialect, document.root());
}

TEST(Thinking, AnthropicBlocksAreKnownByTheirSeals) {
  const std::string body = R"({"model":"m","system":[{"type":"text","text":"s"}],"messages":[
    {"role":"user","content":"hi"},
    {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"Sig\/A="},
                                   {"type":"text","text":"a"}, {"type":"redacted_thinking","data":"Zm9v"}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":[{"type":"thinking"}]}]},
    {"role":"assistant","content":[{"type":"thinking","thinking":"caf\u00e9","signature":""},
                                   {"type":"thinking","thinking":"two"}, {"type":"thinking"},
                                   {"type":"compaction","content":"so far"}]}]})";
  const auto found = found_in(kAnthropic, body);
  ASSERT_EQ(found.size(), 6U);
  const auto text_at = [&](std::size_t i) {
    return body.substr(found[i].range.begin, found[i].range.end - found[i].range.begin);
  };
  EXPECT_EQ(text_at(0), R"({"type":"thinking","thinking":"hm","signature":"Sig\/A="})");
  EXPECT_EQ(found[0].seal.fingerprint, base::fingerprint("Sig/A=")) << "however the client escapes it";
  EXPECT_TRUE(found[0].seal.sealed);
  EXPECT_EQ(found[0].message, 1U);
  EXPECT_EQ(found[0].block, 0U);
  EXPECT_EQ(found[1].seal.kind, Kind::redacted);
  EXPECT_EQ(found[1].seal.fingerprint, base::fingerprint("Zm9v"));
  EXPECT_EQ(found[1].block, 2U);
  EXPECT_FALSE(found[2].seal.sealed);
  EXPECT_EQ(found[2].seal.fingerprint, base::fingerprint("caf\xc3\xa9"));
  EXPECT_EQ(found[3].seal.fingerprint, base::fingerprint("two"));
  EXPECT_EQ(found[4].seal.fingerprint, 0U) << "nothing to know it by";
  EXPECT_EQ(found[5].seal.kind, Kind::compaction);
  EXPECT_EQ(text_at(5), R"({"type":"compaction","content":"so far"})");
}

TEST(Thinking, ResponsesItemsAreKnownByTheirCiphertextOrTheirId) {
  const auto found = found_in(kResponses, R"({"instructions":"i","input":[{"role":"user","content":"hi"},
    {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"},
    {"type":"function_call","call_id":"c","name":"f","arguments":"{}"},
    {"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":null},
    {"type":"compaction","encrypted_content":"gBBBB"}]})");
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].message, 1U);
  EXPECT_EQ(found[0].seal.fingerprint, base::fingerprint("gAAAA"));
  EXPECT_EQ(found[0].seal.id_fingerprint, base::fingerprint("rs_1"));
  EXPECT_TRUE(found[0].seal.sealed);
  EXPECT_EQ(found[1].seal.fingerprint, base::fingerprint("rs_2"));
  EXPECT_FALSE(found[1].seal.sealed);
  EXPECT_EQ(found[2].seal.kind, Kind::compaction);
}

TEST(Thinking, ChatHasNoneThatIsBound) {
  EXPECT_TRUE(found_in(core::Dialect::openai_chat,
                       R"({"messages":[{"role":"assistant","content":"a","reasoning_content":"hm"}]})")
                  .empty());
}

TEST(Thinking, OddBodiesHoldNone) {
  for (const char* body : {"[]", "3", R"({"messages":3})", R"({"messages":[3,{"content":[3,{"type":5}]}]})",
                           R"({"messages":[{"content":"{\"type\":\"thinking\"}"}]})"}) {
    EXPECT_TRUE(found_in(kAnthropic, body).empty()) << body;
    EXPECT_TRUE(found_in(kResponses, body).empty()) << body;
  }
}

}  // namespace
}  // namespace basin::wire
