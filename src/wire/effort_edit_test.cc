#include "wire/effort_edit.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::wire {
namespace {

using core::Endpoint;

// What is sent where an edit is made, "nothing" where none is.
std::string with(Endpoint endpoint, const std::string& body, const core::Effort& effort) {
  base::json::Document document;
  const auto request = read_request(endpoint, body, document);
  EXPECT_TRUE(request.ok()) << body;
  const auto edit = effort_edit(*request, document.root(), effort);
  if (!edit) return "nothing";
  EXPECT_EQ(edit->what, "effort");
  std::vector<core::Edit> edits;
  if (!request->model_value.empty()) edits.push_back(model_edit(*request, "m"));
  edits.push_back(*edit);
  std::sort(edits.begin(), edits.end(), [](auto& a, auto& b) { return a.range.begin < b.range.begin; });
  const auto spliced = splice(body, edits);
  EXPECT_TRUE(spliced.ok()) << "beside the edit of the model";
  std::string sent;
  for (const auto span : spliced->spans) sent += span;
  return sent;
}

core::Effort word(std::string name) { return {std::move(name), 0}; }
constexpr auto kSays = R"("messages":[{"role":"user","content":"hi"}])";

std::string body(const std::string& rest) { return std::string("{") + kSays + rest + "}"; }

TEST(EffortEdit, AnthropicHasItInOutputConfig) {
  const auto sent = [](const std::string& rest, const core::Effort& effort) {
    return with(Endpoint::messages, body(rest), effort);
  };
  EXPECT_EQ(sent(R"(,"model":"m")", word("low")), body(R"(,"model":"m","output_config":{"effort":"low"})"));
  EXPECT_EQ(sent(R"(,"output_config":{"format":{}},"stream":true)", word("max")),
            body(R"(,"output_config":{"format":{},"effort":"max"},"stream":true)"));
  EXPECT_EQ(sent("", word("minimal")), body(R"(,"output_config":{"effort":"low"})"));
  EXPECT_EQ(sent("", word("none")), body(R"(,"thinking":{"type":"disabled"})"));
  EXPECT_EQ(sent(R"(,"output_config":{"effort":"high"})", word("low")), "nothing") << "the client's own";
  EXPECT_EQ(sent(R"(,"output_config":{"effort":7})", word("low")), "nothing");
  EXPECT_EQ(sent(R"(,"thinking":{"type":"adaptive"})", word("none")), "nothing");
  EXPECT_EQ(sent("", {}), "nothing");
}

TEST(EffortEdit, AThinkingBudgetWhereItIsTaken) {
  const core::Effort budget{"", 2048};
  const auto sent = [&](const std::string& rest) { return with(Endpoint::messages, body(rest), budget); };
  EXPECT_EQ(sent(R"(,"max_tokens":2049)"),
            body(R"(,"max_tokens":2049,"thinking":{"type":"enabled","budget_tokens":2048})"));
  EXPECT_NE(sent(R"(,"max_tokens":9000,"tool_choice":{"type":"auto"})"), "nothing");
  for (const std::string rest :
       {"", R"(,"max_tokens":2048)", R"(,"max_tokens":9000,"thinking":{"type":"disabled"})",
        R"(,"max_tokens":9000,"temperature":0.5)", R"(,"max_tokens":9000,"top_p":0.5)",
        R"(,"max_tokens":9000,"top_k":3)", R"(,"max_tokens":9000,"tool_choice":{"type":"any"})",
        R"(,"max_tokens":9000,"tool_choice":{"type":"tool","name":"f"})"}) {
    EXPECT_EQ(sent(rest), "nothing") << rest;
  }
  const auto messages = [&](const std::string& list) {
    return with(Endpoint::messages, R"({"max_tokens":9000,"messages":[)" + list + "]}", budget);
  };
  const std::string ask = R"({"role":"user","content":"hi"})";
  EXPECT_NE(messages(ask + R"(,{"role":"system","content":"s"})"), "nothing");
  EXPECT_EQ(messages(ask + R"(,{"role":"assistant","content":"{"})"), "nothing") << "a prefilled answer";
  EXPECT_EQ(messages(ask + R"(,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},)" +
                     R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"}]})"),
            "nothing");
}

TEST(EffortEdit, OpenAiDialects) {
  EXPECT_EQ(with(Endpoint::chat_completions, body(""), word("xhigh")), body(R"(,"reasoning_effort":"xhigh")"));
  EXPECT_EQ(with(Endpoint::chat_completions, body(R"(,"reasoning_effort":null)"), word("none")),
            body(R"(,"reasoning_effort":"none")"));
  EXPECT_EQ(with(Endpoint::chat_completions, body(R"(,"reasoning_effort":"low")"), word("high")), "nothing");
  EXPECT_EQ(with(Endpoint::chat_completions, body(R"(,"max_tokens":9000)"), {"", 2048}), "nothing");
  EXPECT_EQ(with(Endpoint::responses, R"({"reasoning":{"summary":"auto"},"input":"hi"})", word("low")),
            R"({"reasoning":{"summary":"auto","effort":"low"},"input":"hi"})");
  EXPECT_EQ(with(Endpoint::responses, R"({"input":"hi"})", word("low")),
            R"({"input":"hi","reasoning":{"effort":"low"}})");
  EXPECT_EQ(with(Endpoint::responses, R"({"reasoning":{"effort":"high"},"input":"hi"})", word("low")), "nothing");
}

TEST(EffortEdit, OnlyConversationsHaveOne) {
  EXPECT_EQ(with(Endpoint::count_tokens, body(""), word("low")), "nothing");
  EXPECT_EQ(with(Endpoint::embeddings, R"({"input":"hi"})", word("low")), "nothing");
}

}  // namespace
}  // namespace basin::wire
