// Requests of real clients, taken apart: what is asked is what was typed, and the class is what the client would say.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/json.h"
#include "prompt/take_apart.h"
#include "recordings.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::engine_tests {
namespace {

using core::RequestClass;

class Captured : public testing::Test {
 protected:
  void SetUp() override {
    all_ = recordings();
    if (all_.empty()) GTEST_SKIP() << "no recordings: BASIN_SHARED is not set";
  }
  static core::ClientHints hints_of(const Recording& recording) {
    return wire::read_client_hints([&](std::string_view name) { return recording.header(name); });
  }
  // Calls use(recording, request, prompt) for each that is a conversation.
  template <class Use>
  void for_each(Use use) {
    base::json::Document document;
    for (const Recording& recording : all_) {
      const auto request = wire::read_request(recording.endpoint, recording.body, document);
      ASSERT_TRUE(request.ok()) << recording.name << ": " << request.error().message;
      if (recording.endpoint == core::Endpoint::count_tokens || recording.endpoint == core::Endpoint::embeddings)
        continue;
      use(recording, *request, prompt::take_apart(*request, hints_of(recording), wire::harness_marks()));
    }
  }
  std::vector<Recording> all_;
};

std::string without_quotes(std::string text) {
  std::erase_if(text, [](char c) { return c == '"' || c == '\\' || c == '\'' || c == '\n' || c == ' '; });
  return text;
}

TEST_F(Captured, TheAskIsWhatWasTyped) {
  int seen = 0;
  for_each([&](const Recording& recording, const core::Request&, const core::Prompt& prompt) {
    // a sub-agent is asked by its agent, and the rest by the client itself
    if (prompt.cls != RequestClass::main && prompt.cls != RequestClass::tool_exchange) return;
    const bool one_shot = recording.command.find("'-p'") != std::string::npos ||
                          recording.command.find("'exec'") != std::string::npos ||
                          recording.command.find("'run'") != std::string::npos;
    if (!one_shot) return;
    ++seen;
    ASSERT_FALSE(prompt.ask.empty()) << recording.name;
    const std::string typed = without_quotes(recording.command);
    for (std::size_t at = 0; at < prompt.ask.size();) {  // the ask may be joined from several spans
      const std::size_t end = std::min(prompt.ask.find('\n', at), prompt.ask.size());
      EXPECT_NE(typed.find(without_quotes(prompt.ask.substr(at, end - at))), std::string::npos)
          << recording.name << ": " << prompt.ask;
      at = end + 1;
    }
  });
  EXPECT_GT(seen, 80);
}

TEST_F(Captured, TheBodysShapeTellsTheClassThatTheHeadersTell) {
  std::map<RequestClass, int> seen;
  for_each([&](const Recording& recording, const core::Request& request, const core::Prompt& prompt) {
    ++seen[prompt.cls];
    const core::Prompt unaided = prompt::take_apart(request, {}, wire::harness_marks());
    EXPECT_EQ(core::name_of(unaided.cls), core::name_of(prompt.cls)) << recording.name;
    EXPECT_EQ(unaided.exploring, prompt.cls == RequestClass::sub_agent) << recording.name << ": all of them explore";
  });
  for (const auto cls : {RequestClass::main, RequestClass::tool_exchange, RequestClass::sub_agent,
                         RequestClass::compaction, RequestClass::side, RequestClass::followup, RequestClass::probe}) {
    EXPECT_GT(seen[cls], 1) << core::name_of(cls);
  }
}

TEST_F(Captured, AScenariosRequestsAreOneSession) {
  std::map<std::string, std::set<std::string>> sessions;
  for_each([&](const Recording& recording, const core::Request&, const core::Prompt& prompt) {
    if (recording.name.starts_with("claude-code") || recording.name.starts_with("opencode")) {
      sessions[recording.name.substr(0, recording.name.rfind('/'))].insert(prompt.session);
    }
  });
  EXPECT_GT(sessions.size(), 30U);
  for (const auto& [scenario, names] : sessions) {
    EXPECT_EQ(names.size(), 1U) << scenario;
    EXPECT_FALSE(names.begin()->empty()) << scenario;
  }
}

TEST_F(Captured, OnlyTheModelChangesOnTheWay) {
  for_each([&](const Recording& recording, const core::Request& request, const core::Prompt&) {
    const std::vector<core::Edit> edits = {wire::model_edit(request, "another/model:8b")};
    const auto spliced = wire::splice(recording.body, edits);
    ASSERT_TRUE(spliced.ok());
    std::string sent;
    for (const auto span : spliced->spans) sent += span;
    EXPECT_EQ(sent.size(), spliced->length);
    EXPECT_TRUE(wire::is_spliced(recording.body, edits, sent));
    base::json::Document document;
    const auto again = wire::read_request(recording.endpoint, sent, document);
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->model, "another/model:8b");
    EXPECT_EQ(again->parts.size(), request.parts.size());
  });
}

}  // namespace
}  // namespace basin::engine_tests
