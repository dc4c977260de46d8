#include "upstream/doors.h"

#include <gtest/gtest.h>

#include <map>

namespace basin::upstream {
namespace {

TEST(Doors, WhatServersAnswerWhereThereIsOne) {
  const Probe open[] = {
      {400, R"({"type":"error","error":{"type":"invalid_request_error","message":"model is required"}})"},  // Ollama
      {404, R"({"error":{"message":"model '' not found","type":"not_found_error","code":null}})"},          // Ollama
      {404, R"({"type":"error","error":{"type":"not_found_error","message":"model '' not found"}})"},       // Ollama
      {500, R"({"error":{"code":500,"message":"[json.exception] key 'messages' not found"}})"},             // llama.cpp
      {422, R"({"detail":[{"type":"missing","loc":["body","messages"]}]})"},                                // vLLM
      {404, R"({"error":{"message":"The model `` does not exist.","type":"NotFoundError","code":404}})"},   // vLLM
      {400, R"({"error":"'messages' field is required"})"},                                                 // LM Studio
      {200, R"({"id":"x","choices":[]})"}};
  for (const Probe& answer : open) EXPECT_EQ(door_in(answer), Door::open) << answer.status << answer.body;
}

TEST(Doors, WhatServersAnswerWhereThereIsNone) {
  const Probe absent[] = {{404, "404 page not found"},
                          {404, R"({"error":{"code":404,"message":"File Not Found","type":"not_found_error"}})"},
                          {404, R"({"detail":"Not Found"})"},
                          {405, R"({"detail":"Method Not Allowed"})"},
                          {501, ""},
                          {200, R"x({"error":"Unexpected endpoint or method. (POST /v1/messages)"})x"},
                          {200, "<!doctype html><title>my app</title>"}};
  for (const Probe& answer : absent) EXPECT_EQ(door_in(answer), Door::absent) << answer.status << answer.body;
}

TEST(Doors, AServerThatWantsAKeySaysNothingOfItsPaths) {
  EXPECT_EQ(door_in({401, R"({"error":{"message":"Invalid API Key","type":"authentication_error"}})"}), Door::locked);
  EXPECT_EQ(door_in({403, ""}), Door::locked);
}

TEST(Doors, KnocksAtEachWithAnEmptyObjectAndTheKey) {
  std::map<std::string, int> asked;
  const Doors doors = doors_of("http://127.0.0.1:9/api", {{"x-api-key", "k"}}, [&](const Question& question) {
    EXPECT_EQ(question.method, "POST");
    EXPECT_EQ(question.body, "{}");
    EXPECT_EQ(question.fields.size(), 1U);
    ++asked[question.url];
    if (question.url.ends_with("/responses")) return std::optional<Probe>();
    return std::optional(Probe{question.url.ends_with("/messages") ? 404 : 400, ""});
  });
  EXPECT_EQ(doors.open, (std::vector{core::Dialect::openai_chat}));
  EXPECT_FALSE(doors.locked);
  EXPECT_EQ(asked.size(), 3U);
  EXPECT_EQ(asked.count("http://127.0.0.1:9/api/v1/chat/completions"), 1U);
}

}  // namespace
}  // namespace basin::upstream
