#include "wire/errors.h"

#include <gtest/gtest.h>

#include "wire/usage_tap.h"

namespace basin::wire {
namespace {

using base::Code;
using core::Dialect;

const base::Error kTooLarge{Code::too_large, "the body is \"too\" long"};
const base::Error kClosed{Code::closed_early, "the upstream ended early"};

TEST(Errors, EachDialectHasItsBody) {
  EXPECT_EQ(
      error_body(Dialect::anthropic, kTooLarge, "req_1"),
      R"({"type":"error","error":{"type":"request_too_large","message":"the body is \"too\" long"},"request_id":"req_1"})");
  EXPECT_EQ(
      error_body(Dialect::openai_chat, kTooLarge, "req_1"),
      R"({"error":{"message":"the body is \"too\" long","type":"invalid_request_error","param":null,"code":"request_too_large"}})");
  EXPECT_EQ(error_body(Dialect::openai_responses, {Code::invalid, "x"}, ""),
            R"({"error":{"message":"x","type":"invalid_request_error","param":null,"code":null}})");
}

TEST(Errors, EveryCodeHasItsStatus) {
  EXPECT_EQ(http_status(Code::invalid), 400);
  EXPECT_EQ(http_status(Code::unauthorized), 401);
  EXPECT_EQ(http_status(Code::forbidden), 403);
  EXPECT_EQ(http_status(Code::not_found), 404);
  EXPECT_EQ(http_status(Code::too_large), 413);
  EXPECT_EQ(http_status(Code::unreachable), 502);
  EXPECT_EQ(http_status(Code::configuration), 503);
  EXPECT_EQ(http_status(Code::busy), 503);
  EXPECT_EQ(http_status(Code::timeout), 504);
  for (int code = 0; code <= static_cast<int>(Code::internal); ++code) {
    const int status = http_status(static_cast<Code>(code));
    EXPECT_TRUE(status >= 400 && status < 600);
    const bool caller_must_change = status < 500;
    EXPECT_FALSE(caller_must_change && worth_retrying(static_cast<Code>(code))) << code;
  }
  EXPECT_TRUE(worth_retrying(Code::unreachable));
  EXPECT_TRUE(worth_retrying(Code::busy));
  EXPECT_FALSE(worth_retrying(Code::configuration));
}

TEST(Errors, AStreamIsEndedInItsOwnWords) {
  EXPECT_EQ(error_events(Dialect::anthropic, kClosed, true),
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"the upstream "
            "ended early\"}}\n\n");
  const std::string chat = error_events(Dialect::openai_chat, kClosed, true);
  EXPECT_EQ(chat,
            "data: {\"error\":{\"message\":\"the upstream ended "
            "early\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_closed_early\"}}\n\n");
  EXPECT_EQ(chat.find("[DONE]"), std::string::npos);
  const std::string responses = error_events(Dialect::openai_responses, kClosed, true, "resp_1");
  EXPECT_EQ(responses.find("event: error\n"), 0U);
  EXPECT_NE(
      responses.find("event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"resp_1\""),
      std::string::npos);
}

TEST(Errors, ATornEventDoesNotSwallowTheError) {
  for (const auto dialect : {Dialect::anthropic, Dialect::openai_chat, Dialect::openai_responses}) {
    for (const std::string torn :
         {"", "event: content_block_delta\nda", "data: {\"a\":", "data: {}\n", "even", "data: {}\r"}) {
      UsageTap tap(dialect);
      tap.feed(torn);
      EXPECT_EQ(tap.between_events(), torn.empty()) << torn;
      tap.feed(error_events(dialect, kClosed, tap.between_events()));
      EXPECT_TRUE(tap.facts().failed) << torn;
      EXPECT_TRUE(tap.between_events());
    }
  }
}

}  // namespace
}  // namespace basin::wire
