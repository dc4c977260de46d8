#include "upstream/inspection.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "upstream/testing.h"

namespace basin::upstream {
namespace {

constexpr const char* kBase = "http://127.0.0.1:9";

struct Kinds : testing::Test {
  test::Machine machine;

  Inspection look(std::vector<std::string> wanted = {}) {
    return inspect({.base_url = kBase, .fields = {}, .wanted = std::move(wanted)}, machine.prober());
  }
  std::size_t asked(std::string_view end) const {
    return static_cast<std::size_t>(std::count_if(machine.asked.begin(), machine.asked.end(),
                                                  [&](const Question& q) { return q.url.ends_with(end); }));
  }
};

TEST_F(Kinds, OllamaOnAnyPort) {
  machine.runs(kBase,
               {{"/v1/models", {200, R"({"object":"list","data":[{"id":"a","owned_by":"library"}]})"}},
                {"/api/version", {200, R"({"version":"0.13.5"})"}},
                {"/api/tags", {200, R"({"models":[{"name":"a"},{"name":"b"}]})"}},
                {"/api/ps", {200, R"({"models":[{"name":"b","context_length":8192}]})"}},
                {R"(/api/show {"model":"a"})",
                 {200, R"({"model_info":{"general.architecture":"x","x.block_count":16,"x.embedding_length":2048}})"}},
                {R"(/api/show {"model":"b"})", {500, ""}}});
  const Inspection found = look();
  EXPECT_EQ(found.answer, Inspection::Answer::models);
  EXPECT_EQ(found.kind, ServerKind::ollama);
  ASSERT_EQ(found.models.size(), 2U);
  EXPECT_EQ(found.models[0].shape.layers, 16U);
  EXPECT_EQ(found.models[0].loaded, false);
  EXPECT_EQ(found.models[1].context, 8192U);
}

TEST_F(Kinds, OfManyModelsTheWantedAndTheLoadedAreAskedAbout) {
  std::string tags;
  for (int i = 0; i < 100; ++i) tags += std::string(i ? "," : "") + R"({"name":"m)" + std::to_string(i) + R"("})";
  machine.runs(kBase, {{"/v1/models", {200, R"({"data":[]})"}},
                       {"/api/version", {200, R"({"version":"0.13.5"})"}},
                       {"/api/tags", {200, R"({"models":[)" + tags + "]}"}},
                       {"/api/ps", {200, R"({"models":[{"name":"m77","context_length":8192}]})"}},
                       {"/api/show", {200, R"({"capabilities":["completion"]})"}}});
  const Inspection found = look({"m99"});
  EXPECT_EQ(found.models.size(), 100U);
  EXPECT_EQ(asked("/api/show"), kInspectedModels);
  EXPECT_TRUE(found.models[99].shape.tools.has_value());
  EXPECT_TRUE(found.models[77].shape.tools.has_value());
  EXPECT_FALSE(found.models[98].shape.tools.has_value());
}

TEST_F(Kinds, LlamaCppWithItsSlots) {
  machine.runs(kBase, {{"/v1/models",
                        {200, R"({"data":[{"id":"q","owned_by":"llamacpp","meta":{"n_embd":1024,"n_params":6e8}}]})"}},
                       {"/props", {200, R"({"default_generation_settings":{"n_ctx":4096},"total_slots":2})"}},
                       {"/slots", {200, R"([{"is_processing":true},{"is_processing":false}])"}}});
  const Inspection found = look();
  EXPECT_EQ(found.kind, ServerKind::llamacpp);
  ASSERT_EQ(found.models.size(), 1U);
  EXPECT_EQ(found.models[0].context, 4096U);
  EXPECT_EQ(found.models[0].free_slots, 1U);
  EXPECT_EQ(asked("/api/version"), 0U) << "the list said whose it is";
}

TEST_F(Kinds, LlamaCppThatLoadsListsItsModelAlready) {
  machine.runs(kBase, {{"/v1/models", {200, R"({"data":[{"id":"q","owned_by":"llamacpp","meta":null}]})"}},
                       {"/props", {503, R"({"error":{"message":"Loading model","code":503}})"}}});
  const Inspection found = look();
  EXPECT_EQ(found.answer, Inspection::Answer::loading);
  EXPECT_EQ(found.unready, std::string(kBase) + "/props");
}

TEST_F(Kinds, ALlamaCppRouterIsNotMadeToLoadWhatIsCold) {
  machine.runs(
      kBase, {{"/v1/models", {200, R"({"data":[{"id":"hot one","owned_by":"llamacpp","status":{"value":"loaded"}},
                                               {"id":"cold","owned_by":"llamacpp","status":{"value":"unloaded"}}]})"}},
              {"/props", {200, R"({"role":"router"})"}},
              {"/props?model=hot%20one", {200, R"({"default_generation_settings":{"n_ctx":9000},"total_slots":1})"}}});
  const Inspection found = look({"cold"});
  EXPECT_EQ(found.kind, ServerKind::llamacpp);
  EXPECT_EQ(found.models.at(0).context, 9000U);
  EXPECT_EQ(asked("model=cold"), 0U);
}

TEST_F(Kinds, LmStudioWhichAnswersEveryPath) {
  const Probe lost{200, R"({"error":"Unexpected endpoint or method."})"};
  machine.runs(kBase,
               {{"/v1/models", {200, R"({"data":[{"id":"k","owned_by":"organization_owner"}]})"}},
                {"/api/v0/models", {200, R"({"data":[{"id":"k","state":"loaded","loaded_context_length":4096}]})"}}},
               lost);
  const Inspection found = look();
  EXPECT_EQ(found.kind, ServerKind::lmstudio);
  EXPECT_EQ(found.models.at(0).context, 4096U);
}

TEST_F(Kinds, VllmAndWhateverElseListsModels) {
  machine.runs(
      kBase,
      {{"/v1/models", {200, R"({"data":[{"id":"m","owned_by":"vllm","root":"Qwen/Qwen3-8B","max_model_len":32768}]})"}},
       {"/version", {200, R"({"version":"0.11.0"})"}}});
  EXPECT_EQ(look().kind, ServerKind::vllm);
  test::Machine other;
  other.runs(kBase, {{"/v1/models", {200, R"({"data":[{"id":"m","context_length":8192}]})"}}});
  const Inspection found = inspect({.base_url = kBase, .fields = {{"x-api-key", "k"}}, .wanted = {}}, other.prober());
  EXPECT_EQ(found.kind, ServerKind::other);
  EXPECT_EQ(found.models.at(0).context, 8192U);
  for (const Question& question : other.asked) EXPECT_EQ(question.fields.size(), 1U) << question.url;
}

TEST_F(Kinds, AnOwnerThatTheServerDoesNotBearOutIsNotBelieved) {
  machine.runs(kBase, {{"/v1/models", {200, R"({"data":[{"id":"m","owned_by":"llamacpp"}]})"}}});
  EXPECT_EQ(look().kind, ServerKind::other);
}

TEST_F(Kinds, WhatIsNoModelServer) {
  EXPECT_EQ(look().answer, Inspection::Answer::nobody);
  const std::pair<Probe, Inspection::Answer> answers[] = {{{503, "loading"}, Inspection::Answer::loading},
                                                          {{401, ""}, Inspection::Answer::locked},
                                                          {{404, ""}, Inspection::Answer::other},
                                                          {{200, "<html>"}, Inspection::Answer::other},
                                                          {{200, R"({"data":3})"}, Inspection::Answer::other}};
  for (const auto& [answer, meaning] : answers) {
    test::Machine one;
    one.runs(kBase, {{"/v1/models", answer}});
    EXPECT_EQ(inspect({.base_url = kBase, .fields = {}, .wanted = {}}, one.prober()).answer, meaning) << answer.body;
    EXPECT_EQ(one.asked.size(), 1U);
  }
}

}  // namespace
}  // namespace basin::upstream
