#include "wire/vendor_error.h"

#include <gtest/gtest.h>

#include <string>

#include "wire/fields.h"

namespace basin::wire {
namespace {

using core::Dialect;

// "type code: message" of a body that was translated.
std::string said(Dialect from, int status, const std::string& body, Dialect to) {
  const std::string out = translate_error(from, status, body, to);
  base::json::Document document;
  EXPECT_TRUE(document.parse(out).ok()) << out;
  constexpr Names<3> kNames = {"type", "code", "message"};
  const auto [type, code, message] = collect(document.root().member("error"), kNames);
  std::string text = type.string().value_or("?");
  if (code.present()) text += " " + code.string().value_or("?");
  return text + ": " + message.string().value_or("?");
}
std::string for_anthropic(int status, const std::string& body) {
  return said(Dialect::openai_chat, status, body, Dialect::anthropic);
}

TEST(TranslateError, KindsAreKeptBothWays) {
  EXPECT_EQ(for_anthropic(429, R"({"error":{"message":"slow down","type":"tokens","code":"rate_limit_exceeded"}})"),
            "rate_limit_error: slow down");
  EXPECT_EQ(
      for_anthropic(429, R"({"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}})"),
      "billing_error: pay");
  EXPECT_EQ(
      for_anthropic(401, R"({"error":{"message":"key","type":"invalid_request_error","code":"invalid_api_key"}})"),
      "authentication_error: key");
  EXPECT_EQ(for_anthropic(404, R"({"error":{"message":"what","type":"invalid_request_error","code":null}})"),
            "not_found_error: what");
  EXPECT_EQ(for_anthropic(400, R"({"error":{"message":"no","type":"invalid_request_error"}})"),
            "invalid_request_error: no");
  EXPECT_EQ(for_anthropic(503, R"({"error":{"code":503,"message":"Loading model","type":"unavailable_error"}})"),
            "overloaded_error: Loading model");
  const auto for_openai = [](int status, const std::string& type) {
    return said(Dialect::anthropic, status, R"({"type":"error","error":{"type":")" + type + R"(","message":"m"}})",
                Dialect::openai_responses);
  };
  EXPECT_EQ(for_openai(529, "overloaded_error"), "server_error server_is_overloaded: m");
  EXPECT_EQ(for_openai(429, "rate_limit_error"), "rate_limit_error rate_limit_exceeded: m");
  EXPECT_EQ(for_openai(401, "authentication_error"), "invalid_request_error invalid_api_key: m");
  EXPECT_EQ(for_openai(400, "invalid_request_error"), "invalid_request_error: m");
  EXPECT_EQ(for_openai(418, "a_new_error"), "invalid_request_error: m");
}

TEST(TranslateError, AnyFormIsRead) {
  EXPECT_EQ(for_anthropic(404, R"({"error":"model 'x' not found"})"), "not_found_error: model 'x' not found");
  EXPECT_EQ(for_anthropic(400, R"({"object":"error","message":"bad","type":"BadRequestError","code":400})"),
            "invalid_request_error: bad");
  EXPECT_EQ(for_anthropic(422, R"({"detail":[{"loc":["body"],"msg":"field required"},{"msg":"and more"}]})"),
            "invalid_request_error: field required; and more");
  EXPECT_EQ(for_anthropic(405, R"({"detail":"Method Not Allowed"})"), "invalid_request_error: Method Not Allowed");
  EXPECT_EQ(for_anthropic(502, "  upstream down\n"), "api_error: upstream down");
  EXPECT_EQ(for_anthropic(502, "<html>502</html>"),
            "api_error: the server answered with status 502 and did not say why");
  EXPECT_EQ(for_anthropic(500, ""), "api_error: the server answered with status 500 and did not say why");
  EXPECT_EQ(for_anthropic(500, "\"just words\""), "api_error: just words");
  EXPECT_EQ(for_anthropic(400, R"({"error":{"message":"Provider returned error","metadata":{"raw":"too hot"}}})"),
            "invalid_request_error: Provider returned error: too hot");
  EXPECT_LT(translate_error(Dialect::openai_chat, 500, std::string(100000, 'x'), Dialect::anthropic).size(), 700U);
}

TEST(TranslateError, APromptThatIsTooLongIsSaidInTheWordsThatClientsActOn) {
  const auto long_for_anthropic = [](const std::string& message) {
    return for_anthropic(400, R"({"error":{"message":")" + message + R"(","type":"invalid_request_error"}})");
  };
  const std::string openai =
      "This model's maximum context length is 8192 tokens. However, your messages resulted in "
      "9001 tokens. Please reduce the length of the messages.";
  EXPECT_EQ(long_for_anthropic(openai),
            "invalid_request_error: prompt is too long: 9001 tokens > 8192 maximum (" + openai + ")");
  for (const std::string& message : {
           std::string("request (9001 tokens) exceeds the available context size (8192 tokens), try increasing it"),
           std::string(
               "This endpoint's maximum context length is 8192 tokens. However, you requested about 9001 tokens"),
           std::string("The input token count (9001) exceeds the maximum number of tokens allowed (8192)."),
           std::string("Prompt contains 9001 tokens, too large for model with 8192 maximum context length"),
       }) {
    EXPECT_EQ(long_for_anthropic(message),
              "invalid_request_error: prompt is too long: 9001 tokens > 8192 maximum (" + message + ")");
  }
  EXPECT_TRUE(long_for_anthropic("This model's maximum context length is 8192 tokens. However, you requested 9000 "
                                 "tokens (7000 in the messages, 2000 in the completion).")
                  .starts_with("invalid_request_error: input length and `max_tokens` exceed context limit: "
                               "7000 + 2000 > 8192, decrease input length or `max_tokens` and try again ("));
  EXPECT_TRUE(long_for_anthropic("'max_tokens' is too large: 5000. This model's maximum context length is 4096 tokens "
                                 "and your request has 100 input tokens (5000 > 4096 - 100).")
                  .starts_with("invalid_request_error: input length and `max_tokens` exceed context limit: "
                               "100 + 5000 > 4096"));
  EXPECT_EQ(long_for_anthropic("Your input exceeds the context window of this model."),
            "invalid_request_error: prompt is too long: Your input exceeds the context window of this model.");
  EXPECT_EQ(for_anthropic(400, R"({"error":{"code":400,"message":"the request exceeds the available context size",)"
                               R"("type":"exceed_context_size_error","n_prompt_tokens":9001,"n_ctx":8192}})"),
            "invalid_request_error: prompt is too long: 9001 tokens > 8192 maximum (the request exceeds the available "
            "context size)");
  const std::string anthropic = "prompt is too long: 210000 tokens > 200000 maximum";
  EXPECT_EQ(said(Dialect::anthropic, 400,
                 R"({"type":"error","error":{"type":"invalid_request_error","message":")" + anthropic + "\"}}",
                 Dialect::openai_chat),
            "invalid_request_error context_length_exceeded: " + anthropic);
}

TEST(TranslateError, WithinOneFamilyNothingChanges) {
  const std::string body = R"({"error": {"message":"m","type":"t","param":"messages","code":"c"}})";
  EXPECT_EQ(translate_error(Dialect::openai_chat, 400, body, Dialect::openai_responses), body);
  EXPECT_EQ(said(Dialect::openai_chat, 500, "oops", Dialect::openai_chat), "server_error server_error: oops");
  EXPECT_NE(translate_error(Dialect::anthropic, 500, R"({"error":"x","request_id":"req_1"})", Dialect::anthropic)
                .find("\"request_id\":\"req_1\""),
            std::string::npos);
}

}  // namespace
}  // namespace basin::wire
