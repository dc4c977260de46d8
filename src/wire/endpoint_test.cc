#include "wire/endpoint.h"

#include <gtest/gtest.h>

namespace basin::wire {
namespace {

using core::Dialect;
using core::Endpoint;

TEST(Endpoint, PathsAreMatchedWithoutTheirQuery) {
  EXPECT_EQ(endpoint_of("/v1/messages"), Endpoint::messages);
  EXPECT_EQ(endpoint_of("/v1/messages?beta=true"), Endpoint::messages);
  EXPECT_EQ(endpoint_of("/v1/messages/"), Endpoint::messages);
  EXPECT_EQ(endpoint_of("/v1/messages/?x#y"), Endpoint::messages);
  EXPECT_EQ(endpoint_of("/v1/messages/count_tokens?beta=true"), Endpoint::count_tokens);
  EXPECT_EQ(endpoint_of("/v1/chat/completions"), Endpoint::chat_completions);
  EXPECT_EQ(endpoint_of("/v1/responses"), Endpoint::responses);
  EXPECT_EQ(endpoint_of("/v1/embeddings"), Endpoint::embeddings);
  for (const char* other :
       {"", "/", "/v1", "/v1/models", "/v1/messagesx", "/V1/messages", "/v1/responses/resp_1", "//v1/messages"}) {
    EXPECT_EQ(endpoint_of(other), std::nullopt) << other;
  }
}

TEST(Endpoint, APathThatClimbsIsKnownHoweverItIsWritten) {
  for (const char* target : {"/v1/..", "/v1/../x", "/v1/./x", "/v1/%2e%2E/x", "/v1/.%2e", "/v1/a%2f..%2fb", "/v1/..\\x",
                             "/v1/%2e%2e%5cx", "/v1/x#/../y", "/.."}) {
    EXPECT_TRUE(climbs(target)) << target;
  }
  for (const char* target : {"", "/", "/v1/models/qwen2.5", "/v1/...", "/v1/..x", "/v1/x..", "/v1/x?y=/../z", "/v1/%",
                             "/v1/%2", "/v1/%zz.."}) {
    EXPECT_FALSE(climbs(target)) << target;
  }
}

TEST(Endpoint, TheDialectIsThePathsOrTheHeaders) {
  const FindHeader none = [](std::string_view) { return std::string_view(); };
  const FindHeader anthropic = [](std::string_view name) {
    return name == "anthropic-version" ? "2023-06-01" : std::string_view();
  };
  EXPECT_EQ(dialect_for("/v1/models", none), Dialect::openai_chat);
  EXPECT_EQ(dialect_for("/v1/models?limit=1000", anthropic), Dialect::anthropic);
  EXPECT_EQ(dialect_for("/v1/messages?beta=true", none), Dialect::anthropic);
  EXPECT_EQ(dialect_for("/v1/messages/batches", none), Dialect::anthropic);
  EXPECT_EQ(dialect_for("/v1/responses", anthropic), Dialect::openai_responses);
  EXPECT_EQ(dialect_for("/v1/responses/r/cancel", none), Dialect::openai_responses);
  EXPECT_EQ(dialect_for("/nowhere", none), Dialect::openai_chat);
}

}  // namespace
}  // namespace basin::wire
