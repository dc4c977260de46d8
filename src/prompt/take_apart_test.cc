#include "prompt/take_apart.h"

#include <gtest/gtest.h>

#include <array>
#include <deque>
#include <string>

#include "base/json.h"
#include "prompt/identity.h"
#include "prompt/request_class.h"
#include "prompt/words.h"

namespace basin::prompt {
namespace {

using core::PartKind;
using core::Request;
using core::RequestClass;
using core::Role;

constexpr std::array kBlocks = {core::BlockMark{"<note>", "</note>"}, core::BlockMark{"# RULES for", ""}};
constexpr std::array kEnvelopes = {core::BlockMark{"<query>", "</query>"}};
constexpr std::array kLastUser = {core::ClassMark{"CRITICAL: text only", RequestClass::compaction},
                                  core::ClassMark{"Page content:", RequestClass::side}};
constexpr std::array kSystem = {core::ClassMark{"You name things", RequestClass::side}};
constexpr std::array<std::string_view, 1> kSubAgent = {"is_agent=true"};
constexpr std::array<std::string_view, 1> kExploring = {"You look for files"};
constexpr core::HarnessMarks kMarks = {kBlocks, kEnvelopes, kLastUser, kSystem, kSubAgent, kExploring};

// Builds a request part by part; owns the texts.
class Conversation {
 public:
  Conversation& message(Role role, const std::vector<std::string>& texts) {
    request_.messages.push_back({role, static_cast<std::uint32_t>(request_.parts.size()), 0});
    for (const std::string& text : texts) part(PartKind::text, text);
    return *this;
  }
  Conversation& user(const std::string& text) { return message(Role::user, {text}); }
  Conversation& model(const std::string& text) { return message(Role::assistant, {text}); }
  Conversation& part(PartKind kind, const std::string& text = "") {
    std::string quoted;
    base::json::append_quoted(quoted, text);
    const std::string& kept = texts_.emplace_back(quoted.substr(1, quoted.size() - 2));
    core::Part part;
    part.kind = kind;
    part.text = {kept, kept.find('\\') != std::string::npos};
    part.bytes = static_cast<std::uint32_t>(kept.size());
    request_.parts.push_back(part);
    ++request_.messages.back().part_count;
    return *this;
  }
  Conversation& system(const std::string& text) {
    request_.has_top_system = true;
    return message(Role::system, {text});
  }
  Request& request() { return request_; }
  core::Prompt apart(const core::ClientHints& hints = {}) const { return take_apart(request_, hints, kMarks); }

 private:
  Request request_;
  std::deque<std::string> texts_;
};

TEST(TakeApart, APersonsTurnIsMain) {
  const core::Prompt prompt = Conversation().system("You are an agent").user("fix the typo").apart();
  EXPECT_EQ(prompt.ask, "fix the typo");
  EXPECT_EQ(prompt.cls, RequestClass::main);
  EXPECT_EQ(prompt.turns, 1U);
  EXPECT_FALSE(prompt.tool_exchange);
  ASSERT_EQ(prompt.ask_spans.size(), 1U);
  EXPECT_EQ(prompt.ask_spans[0].message, 0) << "the system prompt at the top is message -1";
  EXPECT_EQ(prompt.ask_spans[0].end, 12U);
  EXPECT_EQ(prompt.harness_bytes, 16U);
  EXPECT_EQ(prompt.branch, "main");
  EXPECT_TRUE(prompt.previous_ask.empty());
}

TEST(TakeApart, HarnessTextIsPeeledOff) {
  Conversation c;
  c.message(Role::user, {"<note>a\nb</note>", "<note>c</note>\n<query>fix it</query>\n<note>d</note>"})
      .message(Role::system, {"date"});
  const core::Prompt prompt = c.apart();
  EXPECT_EQ(prompt.ask, "fix it");
  ASSERT_EQ(prompt.ask_spans.size(), 1U);
  EXPECT_EQ(prompt.ask_spans[0].block, 1);
  EXPECT_EQ(prompt.ask_spans[0].start, 22U);
  EXPECT_EQ(prompt.ask_spans[0].end, 28U);
  EXPECT_EQ(prompt.cls, RequestClass::main);
  EXPECT_GT(prompt.harness_bytes, 40U);
}

TEST(TakeApart, SpansPointIntoTheDecodedBlocks) {
  const std::string first = "<note>é</note>Summarise \"this\" for me, please:";
  const std::string second = "```\nline one\nline two é\n```";
  Conversation c;
  c.user("before").model("ok").message(Role::user, {first, second});
  const core::Prompt prompt = c.apart();
  ASSERT_FALSE(prompt.ask_spans.empty());
  std::string asked;
  for (const auto& span : prompt.ask_spans) {
    EXPECT_EQ(span.message, 2);
    asked += (span.block == 0 ? first : second).substr(span.start, span.end - span.start);
  }
  EXPECT_EQ(asked, prompt.ask);
  EXPECT_EQ(prompt.ask, "Summarise \"this\" for me, please:");
  EXPECT_NE(prompt.material.find("line one"), std::string::npos);
  EXPECT_EQ(prompt.previous_ask, "before");
  EXPECT_EQ(prompt.turns, 2U);
}

TEST(TakeApart, AToolsAnswerSaysThatTheTurnIsUnderWay) {
  Conversation c;
  c.user("run it")
      .model("calling")
      .part(PartKind::tool_use)
      .message(Role::user, {})
      .part(PartKind::tool_result, "out")
      .part(PartKind::text, "Tool loaded.");
  c.message(Role::system, {"tokens left"});
  const core::Prompt prompt = c.apart();
  EXPECT_EQ(prompt.ask, "run it");
  EXPECT_EQ(prompt.cls, RequestClass::tool_exchange);
  EXPECT_TRUE(prompt.tool_exchange);
  EXPECT_EQ(prompt.turns, 1U);
  EXPECT_EQ(prompt.history_bytes, 22U) << "calling, out, Tool loaded.";
}

TEST(TakeApart, ANoticeIsNoPersonsTurn) {
  const core::Prompt prompt = Conversation().user("go").model("started").user("<note>a task has ended</note>").apart();
  EXPECT_EQ(prompt.ask, "go");
  EXPECT_EQ(prompt.cls, RequestClass::tool_exchange);
  EXPECT_TRUE(prompt.tool_exchange);
}

TEST(TakeApart, TheBeginningOfAnAnswerIsNoExchange) {
  const core::Prompt prompt = Conversation().user("give me JSON").model("{").apart();
  EXPECT_EQ(prompt.ask, "give me JSON");
  EXPECT_EQ(prompt.cls, RequestClass::main);
  EXPECT_FALSE(prompt.tool_exchange);
}

TEST(TakeApart, WithoutAPersonsWordsTheLastTextStandsForThem) {
  EXPECT_EQ(Conversation().user("<note>only this</note>").apart().ask, "<note>only this</note>");
  EXPECT_EQ(Conversation().user("<note>only this</note>").apart().cls, RequestClass::main);
  EXPECT_TRUE(Conversation().apart().ask.empty());
  EXPECT_TRUE(Conversation().message(Role::user, {}).apart().ask.empty());
  EXPECT_TRUE(Conversation().model("hello").apart().ask.empty());
  const core::Prompt image =
      Conversation().user("before").model("x").message(Role::user, {}).part(PartKind::image).apart();
  EXPECT_EQ(image.turns, 2U);
  EXPECT_TRUE(image.ask.empty());
}

TEST(TakeApart, TheClassIsTheClientsWordOrTheBodysShape) {
  const auto cls = [](Conversation& c, const core::ClientHints& hints = {}) { return c.apart(hints).cls; };
  Conversation title;
  title.system("x").user("<session>hello</session>");
  title.request().output_title_hint.raw = "title";
  const core::ClientHints agent{.session = "s"};
  EXPECT_EQ(cls(title, agent), RequestClass::side);
  EXPECT_EQ(cls(title), RequestClass::main) << "anybody's form with a title in it";
  title.request().user_id = {"user_abc_account__session_s-old", false};
  EXPECT_EQ(cls(title), RequestClass::side);
  title.request().tool_count = 2;
  EXPECT_EQ(cls(title), RequestClass::main) << "a form with a title filled by an agent is a turn";
  EXPECT_EQ(cls(Conversation().system("You name things.").user("hello")), RequestClass::side);
  EXPECT_EQ(cls(Conversation().system("billing: is_agent=true;").user("list the files")), RequestClass::sub_agent);
  EXPECT_EQ(cls(Conversation().user("a").model("b").user("CRITICAL: text only. Summarise.")), RequestClass::compaction);
  EXPECT_EQ(cls(Conversation().user("CRITICAL: text only.").model("b").user("next")), RequestClass::main);
  Conversation probe;
  probe.user("quota").request().max_output_tokens = 1;
  EXPECT_EQ(cls(probe, agent), RequestClass::probe);
  Conversation load;
  load.user("").request().max_output_tokens = 1;
  EXPECT_EQ(cls(load), RequestClass::probe) << "nothing is asked: a server is to load its model";
  EXPECT_EQ(cls(probe), RequestClass::main) << "anybody's choice between A and B";
  Conversation warm_up;
  warm_up.user("a").model("b").user("c").request().max_output_tokens = 1;
  EXPECT_EQ(cls(warm_up), RequestClass::followup) << "it warms the main model's cache";
  Conversation search;
  search.user("look up x").request().only_server_tools = true;
  EXPECT_EQ(cls(search, agent), RequestClass::side);
  EXPECT_EQ(cls(search), RequestClass::main);
  EXPECT_EQ(cls(Conversation().user("Page content: much"), agent), RequestClass::side);
  EXPECT_EQ(cls(Conversation().user("Page content: much")), RequestClass::main) << "a person may begin so";

  core::ClientHints hints;
  hints.cls = RequestClass::followup;
  EXPECT_EQ(cls(Conversation().user("what is 2+2"), hints), RequestClass::followup);
  hints.cls = RequestClass::main;
  EXPECT_EQ(cls(Conversation().user("CRITICAL: text only"), hints), RequestClass::main) << "the client knows better";
  EXPECT_EQ(cls(Conversation()
                    .user("a")
                    .model("b")
                    .part(PartKind::tool_use)
                    .message(Role::tool, {})
                    .part(PartKind::tool_result, "c"),
                hints),
            RequestClass::tool_exchange);
}

TEST(TakeApart, ASubAgentThatOnlyLooksIsTold) {
  Conversation agent;
  agent.message(Role::system, {"billing: is_agent=true;", "You look for files."}).user("where is main?");
  EXPECT_TRUE(agent.apart().exploring);
  EXPECT_FALSE(Conversation().system("billing: is_agent=true;").user("write main").apart().exploring);
  EXPECT_FALSE(Conversation().system("You look for files.").user("hi").apart().exploring) << "not a sub-agent";
  core::ClientHints hints;
  hints.cls = RequestClass::sub_agent;
  hints.exploring = true;
  EXPECT_TRUE(Conversation().user("where is main?").apart(hints).exploring);
}

TEST(TakeApart, ACompactionBesideAToolsResultIsSeen) {
  Conversation c;
  c.user("a")
      .model("b")
      .part(PartKind::tool_use)
      .message(Role::user, {})
      .part(PartKind::tool_result, "out")
      .part(PartKind::text, "CRITICAL: text only");
  const core::Prompt prompt = c.apart();
  EXPECT_EQ(prompt.cls, RequestClass::compaction);
  EXPECT_TRUE(prompt.tool_exchange);
}

TEST(TakeApart, SessionsAreNamedByTheBestSourceThereIs) {
  core::ClientHints hints{.session = "s-header", .branch = "agent-7", .turn = "turn-3", .compacted = true};
  Conversation c;
  c.system("You are").user("hello");
  c.request().user_id = {R"({\"device_id\":\"d\",\"session_id\":\"s-body\"})", true};
  c.request().prompt_cache_key = {"s-key", false};
  core::Prompt prompt = c.apart(hints);
  EXPECT_EQ(prompt.session, "s-header");
  EXPECT_EQ(prompt.branch, "agent-7");
  EXPECT_EQ(prompt.turn, "turn-3");
  EXPECT_TRUE(prompt.compacted);
  EXPECT_EQ(c.apart().session, "s-body");
  c.request().user_id = {"user_abc_account__session_s-old", false};
  EXPECT_EQ(c.apart().session, "s-old");
  c.request().user_id = {"just a name", false};
  EXPECT_TRUE(c.apart().session.starts_with("text-"));
}

// Applications send one key with all of their prompts, to keep what those share warm.
TEST(TakeApart, ACacheKeyIsPartOfAConversationsNameAndNotAllOfIt) {
  const auto session = [](std::string_view key, const std::string& ask) {
    Conversation c;
    c.user(ask);
    c.request().prompt_cache_key = {key, false};
    return c.apart().session;
  };
  EXPECT_EQ(session("app", "hello"), session("app", "hello"));
  EXPECT_NE(session("app", "hello"), session("app", "good day"));
  EXPECT_NE(session("app", "hello"), session("another", "hello"));
  EXPECT_EQ(session("app", ""), "app") << "without any words it is all there is";
}

TEST(TakeApart, WithoutANameTheBeginningOfAConversationNamesIt) {
  Conversation first, later, other;
  first.system("You are").user("hello");
  later.system("You are").user("hello").model("hi").user("and now?");
  other.system("You are").user("hello there");
  const std::string session = first.apart().session;
  EXPECT_EQ(session.size(), 21U);
  EXPECT_EQ(later.apart().session, session);
  EXPECT_NE(other.apart().session, session);
  EXPECT_TRUE(Conversation().apart().session.empty());
}

TEST(TakeApart, ThinkingAndTurnsOfTheHistoryAreSeen) {
  Conversation c;
  c.user("<note>x</note>").user("first").model("a").part(PartKind::thinking).user("second").model("b").user("third");
  const core::Prompt prompt = c.apart();
  EXPECT_TRUE(prompt.has_thinking);
  EXPECT_EQ(prompt.turns, 3U);
  EXPECT_EQ(prompt.previous_ask, "second");
  EXPECT_FALSE(Conversation().user("x").apart().has_thinking);
}

TEST(TakeApart, AHugePasteIsSampledAndCountedWhole) {
  std::string log;
  while (log.size() < (3U << 20U)) log += "2026-01-01T00:00:00 [error] \"request\" 17 failed: code=42 path=/a/b/c\n";
  const std::string text = "Summarise what went wrong in this log:\n\n" + log + "\nKeep it to three lines, please.";
  const core::Prompt prompt = Conversation().user(text).apart();
  EXPECT_NE(prompt.ask.find("Summarise what went wrong"), std::string::npos);
  EXPECT_LE(prompt.ask.size(), core::kAskLimit);
  EXPECT_LE(prompt.material.size(), core::kMaterialSample + 1);
  EXPECT_GT(prompt.material_bytes, text.size() - 200);
  EXPECT_LE(prompt.material_bytes, text.size());
  for (const auto& span : prompt.ask_spans) {
    ASSERT_LE(span.end, text.size());
    EXPECT_NE(prompt.ask.find(text.substr(span.start, span.end - span.start)), std::string::npos) << span.start;
  }
}

}  // namespace
}  // namespace basin::prompt
