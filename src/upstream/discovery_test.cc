#include "upstream/discovery.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "upstream/testing.h"

namespace basin::upstream {
namespace {

using core::Dialect;
using test::Machine;

constexpr const char* kOllama = "http://127.0.0.1:11434";
const Probe kTwoModels{200, R"({"data":[{"id":"a:8b"},{"id":"b"},{"x":1}]})"};

std::vector<std::string> names_of(const std::vector<ServedModel>& models) {
  std::vector<std::string> names;
  for (const ServedModel& model : models) names.push_back(model.name);
  return names;
}

TEST(Discovery, FindsAServerItsModelsAndItsDialects) {
  Machine machine;
  machine.runs(kOllama, {{"/v1/models", kTwoModels}, {"/v1/messages", {400, ""}}, {"/v1/chat/completions", {400, ""}}});
  const auto d = discover({}, machine.prober());
  ASSERT_EQ(d.found.size(), 1U);
  EXPECT_EQ(d.found[0].name, "ollama");
  EXPECT_TRUE(d.found[0].discovered);
  EXPECT_EQ(names_of(d.found[0].models), (std::vector<std::string>{"a:8b", "b"}));
  EXPECT_EQ(d.found[0].dialects, (std::vector<Dialect>{Dialect::anthropic, Dialect::openai_chat}));
  for (const Question& question : machine.asked) EXPECT_TRUE(question.fields.empty()) << "a key was sent";
}

TEST(Discovery, AnOlderServerComesOutAsWhatItSpeaks) {
  Machine machine;
  const Probe lost{200, R"x({"error":"Unexpected endpoint or method. (POST /v1/messages)"})x"};
  machine.runs("http://127.0.0.1:1234",
               {{"/v1/models", kTwoModels}, {"/v1/chat/completions", {400, R"({"error":"'messages' is required"})"}}},
               lost);
  const auto d = discover({}, machine.prober());
  ASSERT_EQ(d.found.size(), 1U);
  EXPECT_EQ(d.found[0].dialects, (std::vector<Dialect>{Dialect::openai_chat}));
}

TEST(Discovery, WhatListsNoModelsIsNotAModelServer) {
  for (const Probe& answer : {Probe{404, ""}, Probe{200, "<html>"}, Probe{200, "{}"}, Probe{200, R"({"data":3})"}}) {
    Machine machine;
    machine.runs("http://127.0.0.1:8080", {{"/v1/models", answer}, {"/v1/messages", {400, ""}}});
    EXPECT_TRUE(discover({}, machine.prober()).found.empty()) << answer.body;
  }
}

TEST(Discovery, AServerThatWantsAKeyIsNamedAndLeft) {
  Machine machine;
  machine.runs("http://127.0.0.1:8080", {{"/v1/models", kTwoModels}}, {401, ""});
  const auto d = discover({}, machine.prober());
  EXPECT_TRUE(d.found.empty());
  ASSERT_EQ(d.remarks.size(), 1U);
  EXPECT_NE(d.remarks[0].find("wants a key"), std::string::npos);
}

TEST(Discovery, LeavesConfiguredServersAndItselfAlone) {
  Machine machine;
  machine.runs("http://127.0.0.1:8000", {{"/v1/models", {200, R"({"data":[]})"}}, {"/v1/messages", {400, ""}}});
  ASSERT_EQ(discover({}, machine.prober()).found.size(), 1U);
  Options options;
  options.upstreams.push_back({.name = "mine", .base_url = "http://localhost:8000"});
  EXPECT_TRUE(discover(options, machine.prober()).found.empty());
  Options ours;
  ours.own_port = 8000;
  EXPECT_TRUE(discover(ours, machine.prober()).found.empty());
}

TEST(Discovery, SwitchedOffLooksAtNothingButKeepsWhatATierNames) {
  Machine nobody;
  Options options;
  options.discover = false;
  EXPECT_TRUE(discover(options, nobody.prober()).found.empty());
  EXPECT_TRUE(nobody.asked.empty());
  options.tiers.push_back({.name = "small", .upstream = "ollama", .model = "m"});
  const auto d = discover(options, nobody.prober());
  ASSERT_EQ(d.found.size(), 1U);
  EXPECT_TRUE(d.found[0].silent);
  EXPECT_EQ(d.found[0].dialects.size(), 3U);
}

// A configured server at port 9, asked or not.
struct Configured : testing::Test {
  Configured() { options.upstreams.push_back({.name = "mine", .base_url = "http://127.0.0.1:9/v1"}); }

  base::Status ask() { return ask_configured(options, machine.prober(), discovery); }
  UpstreamOptions& mine() { return options.upstreams.front(); }

  Machine machine;
  Options options;
  Discovery discovery;
};

TEST_F(Configured, IsAskedWhatTheFileLeavesOut) {
  mine().key = base::Secret("canary");
  machine.runs("http://127.0.0.1:9", {{"/v1/models", kTwoModels}, {"/v1/chat/completions", {400, ""}}});
  ASSERT_TRUE(ask().ok());
  EXPECT_EQ(mine().dialects, (std::vector<Dialect>{Dialect::openai_chat}));
  EXPECT_EQ(mine().models.size(), 2U);
  EXPECT_FALSE(mine().silent);
  for (const Question& question : machine.asked) EXPECT_EQ(question.fields.size(), 2U) << "its own key goes along";
}

TEST_F(Configured, KeepsWhatTheFileSays) {
  mine().dialects = {Dialect::anthropic};
  machine.runs("http://127.0.0.1:9", {{"/v1/models", kTwoModels}, {"/v1/chat/completions", {400, ""}}});
  ASSERT_TRUE(ask().ok());
  EXPECT_EQ(mine().dialects, (std::vector<Dialect>{Dialect::anthropic}));
  EXPECT_EQ(mine().models.size(), 2U);
  for (const Question& question : machine.asked) EXPECT_EQ(question.method, "GET") << question.url;
  machine.asked.clear();
  options.discover = false;
  ASSERT_TRUE(ask().ok());
  EXPECT_TRUE(machine.asked.empty()) << "discovery is switched off";
}

TEST_F(Configured, ThatDoesNotAnswerSpeaksWhatEverythingDoesForNow) {
  ASSERT_TRUE(ask().ok());
  EXPECT_TRUE(mine().silent);
  EXPECT_EQ(mine().dialects, (std::vector<Dialect>{Dialect::openai_chat}));
  ASSERT_EQ(discovery.remarks.size(), 1U);
  EXPECT_NE(discovery.remarks[0].find("\"mine\" does not answer"), std::string::npos);
}

TEST_F(Configured, ThatSpeaksNothingIsAMistakeThatNamesTheKey) {
  machine.runs("http://127.0.0.1:9", {{"/v1/models", kTwoModels}});
  auto asked = ask();
  ASSERT_FALSE(asked.ok());
  EXPECT_EQ(asked.error().code, base::Code::configuration);
  EXPECT_NE(asked.error().message.find("[[upstream]] \"mine\": dialects"), std::string::npos) << asked.error().message;
  Machine locked;
  locked.runs("http://127.0.0.1:9", {}, {401, ""});
  asked = ask_configured(options, locked.prober(), discovery);
  ASSERT_FALSE(asked.ok());
  EXPECT_NE(asked.error().message.find("key_env"), std::string::npos) << asked.error().message;
}

TEST_F(Configured, ElsewhereIsNotAsked) {
  mine().base_url = "https://models.example.com";
  mine().dialects = {Dialect::openai_chat};
  ASSERT_TRUE(ask().ok());
  EXPECT_TRUE(machine.asked.empty());
}

TEST_F(Configured, WhoIsSilentOrLoadingIsAwaited) {
  ASSERT_TRUE(ask().ok());
  EXPECT_EQ(discovery.awaited, (Awaited{.closed = {9}, .loading = {}}));
  Machine loading;
  loading.runs("http://127.0.0.1:9", {{"/v1/models", {503, ""}}});
  mine().dialects.clear();
  discovery = {};
  ASSERT_TRUE(ask_configured(options, loading.prober(), discovery).ok());
  EXPECT_EQ(discovery.awaited, (Awaited{.closed = {}, .loading = {"http://127.0.0.1:9/v1/models"}}));
  EXPECT_NE(discovery.remarks.at(0).find("not ready yet"), std::string::npos);
  EXPECT_EQ(discover({}, machine.prober()).awaited.closed, (std::vector<std::uint16_t>{11434, 8080, 1234, 8000}));
}

}  // namespace
}  // namespace basin::upstream
