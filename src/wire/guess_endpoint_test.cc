#include "wire/guess_endpoint.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

using core::Endpoint;

base::Result<Endpoint> guess(std::string body, core::Dialect client = core::Dialect::openai_chat) {
  base::json::Document document;
  return guess_endpoint(body, client, document);
}

TEST(GuessEndpoint, ByShape) {
  EXPECT_EQ(*guess(R"({"input":"hi"})"), Endpoint::responses);
  EXPECT_EQ(*guess(R"({"messages":[]})"), Endpoint::chat_completions);
  EXPECT_EQ(*guess(R"({"messages":[],"system":"s"})"), Endpoint::messages);
  EXPECT_EQ(*guess(R"({"messages":[]})", core::Dialect::anthropic), Endpoint::messages);
}

TEST(GuessEndpoint, RefusesWhatIsNoRequest) {
  for (const char* body : {"", "[]", "{}", "{", R"({"prompt":"x"})", "3"}) EXPECT_FALSE(guess(body).ok()) << body;
}

}  // namespace
}  // namespace basin::wire
