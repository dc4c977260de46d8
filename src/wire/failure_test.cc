#include "wire/failure.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "wire/retry_after.h"

namespace basin::wire {
namespace {

constexpr std::int64_t kNow = 1'795'577'580'000;  // 2026-11-25T03:33:00Z
using Head = std::map<std::string, std::string, std::less<>>;

Failure failure(int status, const std::string& body, const Head& head = {}) {
  return failure_of(
      status,
      [&](std::string_view name) {
        const auto found = head.find(name);
        return found == head.end() ? std::string_view() : std::string_view(found->second);
      },
      body, kNow);
}

struct Case {
  int status;
  std::string body;
  Cause cause;
  Scope scope;
};

const Case kCases[] = {
    // Anthropic
    {400, R"({"type":"error","error":{"type":"invalid_request_error","message":"messages: at least one"}})",
     Cause::bad_request, Scope::prompt},
    {400, R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 2 tokens > 1"}})",
     Cause::too_long, Scope::prompt},
    {400,
     R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to ..."}})",
     Cause::no_credit, Scope::key},
    {401, R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})", Cause::bad_key,
     Scope::key},
    {402, R"({"type":"error","error":{"type":"billing_error","message":"x"}})", Cause::no_credit, Scope::key},
    {403, R"({"type":"error","error":{"type":"permission_error","message":"x"}})", Cause::bad_key, Scope::model},
    {404, R"({"type":"error","error":{"type":"not_found_error","message":"model: claude-x"}})", Cause::bad_model,
     Scope::model},
    {413, R"({"type":"error","error":{"type":"request_too_large","message":"x"}})", Cause::too_long, Scope::prompt},
    {429, R"({"type":"error","error":{"type":"rate_limit_error","message":"x"}})", Cause::limited, Scope::model},
    {500, R"({"type":"error","error":{"type":"api_error","message":"Internal server error"}})", Cause::server_error,
     Scope::model},
    {529, R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}})", Cause::overloaded,
     Scope::model},
    {504, R"({"type":"error","error":{"type":"timeout_error","message":"x"}})", Cause::timeout, Scope::model},
    // OpenAI, ChatGPT
    {400, R"({"error":{"message":"too long","type":"invalid_request_error","code":"context_length_exceeded"}})",
     Cause::too_long, Scope::prompt},
    {401, R"({"error":{"message":"Incorrect API key provided: sk-abcd","code":"invalid_api_key"}})", Cause::bad_key,
     Scope::key},
    {404, R"({"error":{"message":"The model `x` does not exist","code":"model_not_found"}})", Cause::bad_model,
     Scope::model},
    {429, R"({"error":{"message":"x","type":"insufficient_quota","code":"insufficient_quota"}})", Cause::wall,
     Scope::key},
    {429, R"({"error":{"message":"x","type":"tokens","code":"rate_limit_exceeded"}})", Cause::limited, Scope::model},
    {429, R"({"error":{"message":"Request too large for gpt on tokens per min","code":"rate_limit_exceeded"}})",
     Cause::too_long, Scope::prompt},
    {429, R"({"error":{"type":"usage_limit_reached","message":"x","resets_in_seconds":13872}})", Cause::wall,
     Scope::key},
    {503, R"({"error":{"message":"x","type":"server_error"}})", Cause::server_error, Scope::model},
    // llama.cpp
    {400, R"({"error":{"code":400,"message":"x","type":"exceed_context_size_error","n_prompt_tokens":7,"n_ctx":4}})",
     Cause::too_long, Scope::prompt},
    {503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})", Cause::loading,
     Scope::model},
    // Ollama
    {404, R"({"error":"model 'llama9' not found"})", Cause::bad_model, Scope::model},
    {500, R"({"error":"model requires more system memory (9 GiB) than is available"})", Cause::bad_model, Scope::model},
    {400, R"({"error":"registry.ollama.ai/library/x does not support tools"})", Cause::bad_request, Scope::prompt},
    {400, R"({"error":"{\"error\":{\"code\":400,\"message\":\"x\",\"n_prompt_tokens\":7,\"n_ctx\":4}}"})",
     Cause::too_long, Scope::prompt},
    // LM Studio, vLLM
    {400, R"({"error":"Trying to keep the first 9 tokens when ... with context length of only 4 tokens"})",
     Cause::too_long, Scope::prompt},
    {404, R"({"error":{"message":"No models loaded. Please load a model","type":"invalid_request_error"}})",
     Cause::bad_model, Scope::model},
    {404, R"({"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","code":404})",
     Cause::bad_model, Scope::model},
    {400, R"({"object":"error","message":"This model's maximum context length is 8 tokens","code":400})",
     Cause::too_long, Scope::prompt},
    {422, R"({"detail":[{"loc":["body"],"msg":"field required"}]})", Cause::bad_request, Scope::prompt},
    // no JSON
    {404, "404 page not found", Cause::bad_model, Scope::model},
    {502, "<html><body>Bad gateway: invalid api key</body></html>", Cause::server_error, Scope::model},
    {503, "", Cause::overloaded, Scope::model},
    {429, R"({"error":{"message":"cut in the mid)", Cause::limited, Scope::model},
    {400, R"({"error":{"message":"prompt is too long: 9 tokens > 4 maximum and the bo)", Cause::too_long,
     Scope::prompt},
    {302, "", Cause::server_error, Scope::model},
};

TEST(Failure, EveryVendorsErrorsMeanOneThing) {
  for (const Case& one : kCases) {
    const Failure got = failure(one.status, one.body);
    EXPECT_EQ(name_of(got.cause), name_of(one.cause)) << one.status << " " << one.body;
    EXPECT_EQ(name_of(got.scope), name_of(one.scope)) << one.status << " " << one.body;
    EXPECT_EQ(got.again, remedy_of(one.cause).again) << one.body;
    EXPECT_EQ(got.detail.substr(0, 3), std::to_string(one.status));
    // the vendors' own errors in their streams, before anything of an answer
    if (one.status >= 400 && !one.body.empty() && one.body.back() == '}' && one.body.find("type\"") < one.body.size()) {
      const Failure streamed = failure(200, "event: error\ndata: " + one.body + "\n\n");
      EXPECT_NE(streamed.cause, Cause::none) << one.body;
    }
  }
}

TEST(Failure, AnAnswerIsNone) {
  EXPECT_EQ(failure(200, R"({"id":"msg_1","type":"message","content":[]})").cause, Cause::none);
  EXPECT_EQ(failure(200, R"({"object":"response","error":null,"status":"completed"})").cause, Cause::none);
  EXPECT_EQ(failure(200, R"({"id":"x","message":"the user wrote: prompt is too long"})").cause, Cause::none);
  EXPECT_EQ(failure(200, "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{}}\n\n").cause,
            Cause::none);
  EXPECT_EQ(failure(200, "event: error\ndata: {\"type\":\"err").cause, Cause::none) << "not whole yet";
  EXPECT_EQ(failure(200, "").cause, Cause::none);
  EXPECT_EQ(failure(204, "", {{"retry-after", "5"}}).cause, Cause::none);
}

TEST(Failure, AStreamMayBeginWithAnError) {
  EXPECT_EQ(
      failure(200, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n").cause,
      Cause::overloaded);
  EXPECT_EQ(failure(200, ": queued\n\ndata: {\"error\":{\"code\":400,\"message\":\"x\",\"n_ctx\":4}}\n\n").context, 4U);
  EXPECT_EQ(failure(200,
                    "data: {\"type\":\"response.failed\",\"response\":{\"error\":{\"code\":\"server_error\","
                    "\"message\":\"x\"}}}\n\n")
                .cause,
            Cause::server_error);
  EXPECT_EQ(failure(200, R"({"error":"unexpected EOF"})").cause, Cause::server_error);
}

TEST(Failure, TooLongTellsTheContextInForce) {
  const Failure typed =
      failure(400, R"({"error":{"code":400,"type":"exceed_context_size_error","n_prompt_tokens":14429,"n_ctx":8192}})");
  EXPECT_EQ(typed.context, 8192U);
  EXPECT_EQ(typed.prompt_tokens, 14429U);
  const Failure worded = failure(400, R"({"error":{"message":"prompt is too long: 202609 tokens > 200000 maximum"}})");
  EXPECT_EQ(worded.context, 200'000U);
  EXPECT_EQ(worded.prompt_tokens, 202'609U);
  EXPECT_EQ(failure(413, "").context, std::nullopt);
}

TEST(Failure, AWallIsNoBurst) {
  const std::string body = R"({"type":"error","error":{"type":"rate_limit_error","message":"x"}})";
  const std::string reset = std::to_string(kNow / 1000 + 7'200);
  const Failure wall = failure(
      429, body, {{"anthropic-ratelimit-unified-status", "rejected"}, {"anthropic-ratelimit-unified-reset", reset}});
  EXPECT_EQ(wall.cause, Cause::wall);
  EXPECT_EQ(wall.scope, Scope::key);
  EXPECT_EQ(wall.wait_ms, 7'200'000);
  EXPECT_FALSE(wall.again);
  const Failure burst = failure(
      429, body, {{"anthropic-ratelimit-unified-status", "allowed"}, {"anthropic-ratelimit-unified-reset", reset}});
  EXPECT_EQ(burst.cause, Cause::limited);
  EXPECT_EQ(burst.wait_ms, std::nullopt) << "missing is not zero";
  for (const auto& [claim, scope] :
       {std::pair("five_hour", Scope::key), std::pair("seven_day", Scope::key), std::pair("overage", Scope::key),
        std::pair("seven_day_opus", Scope::model), std::pair("7d_sonnet", Scope::model)}) {
    const Failure one = failure(429, body,
                                {{"anthropic-ratelimit-unified-status", "rejected"},
                                 {"anthropic-ratelimit-unified-representative-claim", claim}});
    EXPECT_EQ(one.scope, scope) << claim;
  }
  EXPECT_EQ(failure(429, R"({"error":{"type":"usage_limit_reached","resets_in_seconds":602705}})").wait_ms,
            602'705'000);
  EXPECT_EQ(failure(429, R"({"error":{"type":"usage_limit_reached","resets_at":1795577640}})").wait_ms, 60'000);
  EXPECT_EQ(failure(429, R"({"error":{"type":"usage_limit_reached","resets_at":"2026-11-25T03:34:00Z"}})").wait_ms,
            60'000);
}

TEST(Failure, TheWaitIsWhatTheUpstreamSays) {
  EXPECT_EQ(failure(429, "", {{"retry-after", "7980"}}).wait_ms, 7'980'000) << "two hours stay two hours";
  EXPECT_EQ(failure(529, "", {{"retry-after", "3"}}).wait_ms, 3'000);
  EXPECT_EQ(failure(429, "", {{"x-ratelimit-reset-tokens", "6m0s"}}).wait_ms, 360'000);
  EXPECT_EQ(failure(500, "", {{"x-ratelimit-reset-tokens", "6m0s"}}).wait_ms, std::nullopt)
      << "limits are told with every answer";
  EXPECT_EQ(failure(429, R"({"error":{"type":"usage_limit_reached","resets_in_seconds":60}})", {{"retry-after", "5"}})
                .wait_ms,
            60'000)
      << "the longer of two";
}

TEST(Failure, XShouldRetryHasTheLastWord) {
  EXPECT_FALSE(failure(529, "", {{"x-should-retry", "false"}}).again);
  EXPECT_TRUE(failure(400, "", {{"x-should-retry", "true"}}).again);
}

TEST(Failure, TheDetailIsOneShortLineWithoutKeys) {
  EXPECT_EQ(failure(401, R"({"error":{"message":"Incorrect API key provided: sk-secret"}})").detail,
            "401: the key was refused");
  const Failure quoted = failure(400, R"({"error":{"type":"invalid_request_error","message":"a\nb\u0000c"}})");
  EXPECT_EQ(quoted.detail, "400 invalid_request_error: a b c");
  std::string umlauts;
  for (int i = 0; i < 400; ++i) umlauts += "\xC3\xA4";
  EXPECT_EQ(failure(400, umlauts).detail.size(), kFailureDetail - 1) << "no character is split";
}

TEST(Failure, SilenceIsTheHosts) {
  using base::Code;
  EXPECT_EQ(failure_of({Code::unreachable, "refused"}).cause, Cause::unreachable);
  EXPECT_EQ(failure_of({Code::unreachable, "refused"}).scope, Scope::host);
  EXPECT_EQ(failure_of({Code::timeout, "x"}).cause, Cause::timeout);
  EXPECT_FALSE(failure_of({Code::timeout, "x"}).again);
  EXPECT_EQ(failure_of({Code::closed_early, "x"}).cause, Cause::cut);
  EXPECT_EQ(failure_of({Code::bad_upstream, "x"}).scope, Scope::host);
  for (const Code ours : {Code::cancelled, Code::internal, Code::invalid, Code::too_large, Code::configuration})
    EXPECT_EQ(failure_of({ours, "x"}).cause, Cause::none);
}

TEST(Failure, EveryCauseHasANameAndARemedy) {
  for (int i = 0; i <= static_cast<int>(Cause::cut); ++i) {
    const auto cause = static_cast<Cause>(i);
    EXPECT_FALSE(name_of(cause).empty());
    const Remedy remedy = remedy_of(cause);
    EXPECT_TRUE(remedy.elsewhere || !remedy.again) << "where waiting helps, going elsewhere helps, too";
    EXPECT_EQ(remedy.scope == Scope::nobody, cause == Cause::none);
  }
}

}  // namespace
}  // namespace basin::wire
