#include "wire/client_marks.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace basin::wire {
namespace {

using core::RequestClass;

core::ClientHints hints(const std::map<std::string, std::string, std::less<>>& headers) {
  return read_client_hints([&](std::string_view name) {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string_view() : std::string_view(found->second);
  });
}

std::optional<RequestClass> cls(const std::string& own, const std::string& vendor) {
  return hints({{"x-claude-code-request-class", own}, {"x-claude-1p-request-class", vendor}}).cls;
}

TEST(ClientMarks, WithoutHeadersNothingIsSaid) {
  const core::ClientHints none = hints({{"user-agent", "curl"}});
  EXPECT_EQ(none.cls, std::nullopt);
  EXPECT_TRUE(none.session.empty() && none.branch.empty() && none.turn.empty() && !none.compacted);
}

TEST(ClientMarks, ClaudeCodesClasses) {
  EXPECT_EQ(cls("main", "main"), RequestClass::main);
  EXPECT_EQ(cls("subagent", "blocking-subagent"), RequestClass::sub_agent);
  EXPECT_EQ(cls("workflow", ""), RequestClass::sub_agent);
  EXPECT_EQ(cls("compaction", "main"), RequestClass::compaction);
  EXPECT_EQ(cls("auxiliary", "summary-extraction"), RequestClass::side);
  EXPECT_EQ(cls("auxiliary", "followup-generation"), RequestClass::followup);
  EXPECT_EQ(cls("auxiliary", "main"), RequestClass::followup) << "a side question shares the main cache";
  EXPECT_EQ(cls("auxiliary", ""), RequestClass::followup) << "missing information goes up";
  EXPECT_EQ(cls("side_reply", ""), RequestClass::followup);
  EXPECT_EQ(cls("", "background-task"), RequestClass::sub_agent);
  EXPECT_EQ(cls("a class of next year", ""), std::nullopt);
}

TEST(ClientMarks, ClaudeCodesNames) {
  core::ClientHints told = hints({{"x-claude-code-session-id", "s"},
                                  {"x-claude-code-agent-id", "a"},
                                  {"x-claude-code-prompt-id", "p"},
                                  {"x-claude-code-context-compacted", "auto"}});
  EXPECT_EQ(told.session, "s");
  EXPECT_EQ(told.branch, "a");
  EXPECT_EQ(told.turn, "p");
  EXPECT_EQ(told.cls, RequestClass::sub_agent) << "sub-agents have ids also where the classes are switched off";
  EXPECT_TRUE(told.compacted);
  EXPECT_FALSE(told.exploring);
  EXPECT_TRUE(hints({{"x-claude-code-agent-type", "Explore"}}).exploring);
  told = hints({{"x-claude-code-compaction", "manual"}});
  EXPECT_EQ(told.cls, RequestClass::compaction);
  EXPECT_FALSE(told.compacted);
}

TEST(ClientMarks, CodexTellsItsTurnInJson) {
  const auto metadata = [](const std::string& json) {
    return hints({{"session-id", "t"}, {"x-codex-turn-metadata", json}});
  };
  core::ClientHints told = metadata(
      R"({"session_id":"other","turn_id":"u1","agent_name":"/root","request_kind":"turn","thread_source":"user"})");
  EXPECT_EQ(told.cls, RequestClass::main);
  EXPECT_EQ(told.session, "t");
  EXPECT_EQ(told.turn, "u1");
  EXPECT_TRUE(told.branch.empty());
  told = metadata(R"({"agent_name":"/review","request_kind":"turn","thread_source":"subagent"})");
  EXPECT_EQ(told.cls, RequestClass::sub_agent);
  EXPECT_EQ(told.branch, "/review");
  EXPECT_EQ(metadata(R"({"request_kind":"remote_compaction"})").cls, RequestClass::compaction);
  EXPECT_EQ(metadata(R"({"request_kind":"prewarm"})").cls, RequestClass::probe);
  EXPECT_EQ(metadata("{broken").cls, std::nullopt);
  EXPECT_EQ(metadata("[1]").cls, std::nullopt);
  EXPECT_EQ(metadata(R"({"request_kind":5,"turn_id":[]})").turn, "");
  told = hints({{"thread-id", "child"}, {"x-openai-subagent", "collab_spawn"}});
  EXPECT_EQ(told.cls, RequestClass::sub_agent);
  EXPECT_EQ(told.branch, "child");
  EXPECT_EQ(hints({{"x-openai-subagent", "compact"}}).cls, RequestClass::compaction);
}

TEST(ClientMarks, OpencodesSession) {
  EXPECT_EQ(hints({{"x-session-id", "ses_1"}, {"x-session-affinity", "ses_2"}}).session, "ses_1");
  EXPECT_EQ(hints({{"x-session-affinity", "ses_2"}}).session, "ses_2");
}

TEST(ClientMarks, LabelsAreCut) {
  EXPECT_EQ(hints({{"x-session-id", std::string(kHintLimit, 's')}}).session.size(), kHintLimit);
  EXPECT_EQ(hints({{"x-session-id", std::string(kHintLimit + 1, 's')}}).session.size(), kHintLimit);
  EXPECT_EQ(hints({{"x-session-id", std::string(kHintLimit - 1, 's') + "é"}}).session.size(), kHintLimit - 1);
}

TEST(ClientMarks, TheTablesAreWellFormed) {
  const core::HarnessMarks& marks = harness_marks();
  for (const auto& mark : marks.blocks) {
    EXPECT_FALSE(mark.open.empty());
    EXPECT_EQ(mark.open.front() == '<', !mark.close.empty()) << mark.open << ": a tag is closed, a phrase is not";
  }
  for (const auto& mark : marks.envelopes) EXPECT_FALSE(mark.open.empty() || mark.close.empty());
  for (const auto& mark : marks.last_user) EXPECT_GT(mark.prefix.size(), 12U) << "short prefixes catch people's words";
  for (const auto& mark : marks.system) EXPECT_GT(mark.prefix.size(), 12U);
}

}  // namespace
}  // namespace basin::wire
