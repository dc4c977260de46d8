#include "upstream/discovery.h"

#include <gtest/gtest.h>

#include <map>

namespace basin::upstream {
namespace {

using core::Dialect;

// A machine on which one server runs, with the answers given by path.
Prober machine(std::string base, std::map<std::string, Probe> answers) {
  return [base, answers](const std::string&, const std::string& url, const std::string& body) -> std::optional<Probe> {
    EXPECT_TRUE(body.empty() || body == "{}") << "discovery sends no prompt";
    if (url.rfind(base, 0) != 0) return std::nullopt;
    const auto found = answers.find(url.substr(base.size()));
    return found == answers.end() ? Probe{404, ""} : found->second;
  };
}

TEST(Discovery, FindsAServerItsModelsAndItsDialects) {
  const auto d = discover(
      {}, machine("http://127.0.0.1:11434", {{"/v1/models", {200, R"({"data":[{"id":"a:8b"},{"id":"b"},{"x":1}]})"}},
                                             {"/v1/messages", {400, ""}},
                                             {"/v1/chat/completions", {400, ""}}}));
  ASSERT_EQ(d.found.size(), 1U);
  EXPECT_EQ(d.found[0].name, "ollama");
  EXPECT_TRUE(d.found[0].discovered);
  EXPECT_EQ(d.found[0].models, (std::vector<std::string>{"a:8b", "b"}));
  EXPECT_EQ(d.found[0].dialects, (std::vector<Dialect>{Dialect::anthropic, Dialect::openai_chat}));
}

TEST(Discovery, WhatListsNoModelsIsNotAModelServer) {
  for (const Probe& answer : {Probe{404, ""}, Probe{200, "<html>"}, Probe{200, "{}"}, Probe{200, R"({"data":3})"}}) {
    EXPECT_TRUE(discover({}, machine("http://127.0.0.1:8080", {{"/v1/models", answer}})).found.empty()) << answer.body;
  }
}

TEST(Discovery, LeavesConfiguredServersAlone) {
  const auto prober =
      machine("http://127.0.0.1:8000", {{"/v1/models", {200, R"({"data":[]})"}}, {"/v1/messages", {400, ""}}});
  ASSERT_EQ(discover({}, prober).found.size(), 1U);
  Options options;
  options.upstreams.push_back({.name = "mine", .base_url = "http://localhost:8000"});
  EXPECT_TRUE(discover(options, prober).found.empty());
}

TEST(Discovery, SwitchedOffLooksAtNothingButKeepsWhatATierNames) {
  Options options;
  options.discover = false;
  const auto nobody = [](const std::string&, const std::string&, const std::string&) { return std::optional<Probe>(); };
  EXPECT_TRUE(discover(options, nobody).found.empty());
  options.tiers.push_back({.name = "small", .upstream = "ollama", .model = "m"});
  const auto d = discover(options, nobody);
  ASSERT_EQ(d.found.size(), 1U);
  EXPECT_EQ(d.found[0].dialects.size(), 3U);
}

}  // namespace
}  // namespace basin::upstream
