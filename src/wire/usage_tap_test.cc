#include "wire/usage_tap.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

using core::Dialect;

AnswerFacts streamed(Dialect dialect, std::string_view stream) {
  UsageTap tap(dialect);
  tap.feed(stream);
  return tap.facts();
}

AnswerFacts whole(Dialect dialect, std::string_view body) {
  UsageTap tap(dialect);
  tap.read_body(body);
  return tap.facts();
}

constexpr std::string_view kAnthropic =
    "event: message_start\ndata: "
    "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"model\":\"m\",\"stop_reason\":null,\"usage\":"
    "{\"input_tokens\":12,\"cache_creation_input_tokens\":100,\"cache_read_input_tokens\":7,\"cache_creation\":"
    "{\"ephemeral_5m_input_tokens\":60,\"ephemeral_1h_input_tokens\":40},\"output_tokens\":1}}}\n\n"
    "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"delta\":{\"text\":\"\\\"usage\\\":{}\"}}\n\n"
    "event: message_delta\ndata: "
    "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":17,"
    "\"output_tokens_details\":{\"thinking_tokens\":5}}}\n\n"
    "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

TEST(UsageTap, AnthropicFiguresAreCumulativeNeverSummed) {
  const AnswerFacts facts = streamed(Dialect::anthropic, kAnthropic);
  EXPECT_TRUE(facts.usage.known);
  EXPECT_EQ(facts.usage.input, 12U);
  EXPECT_EQ(facts.usage.cache_read, 7U);
  EXPECT_EQ(facts.usage.cache_write_5m, 60U);
  EXPECT_EQ(facts.usage.cache_write_1h, 40U);
  EXPECT_EQ(facts.usage.output, 17U);
  EXPECT_EQ(facts.usage.reasoning, 5U);
  EXPECT_EQ(facts.id, "msg_1");
  EXPECT_EQ(facts.model, "m");
  EXPECT_EQ(facts.stop_reason, "end_turn");
  EXPECT_TRUE(facts.ended);
  EXPECT_FALSE(facts.failed);
}

TEST(UsageTap, AStreamCutAtAnyByteTellsTheSame) {
  for (std::size_t cut = 0; cut <= kAnthropic.size(); ++cut) {
    UsageTap tap(Dialect::anthropic);
    tap.feed(kAnthropic.substr(0, cut));
    EXPECT_EQ(tap.facts().ended, cut == kAnthropic.size()) << "only the whole stream has ended: " << cut;
    tap.feed(kAnthropic.substr(cut));
    EXPECT_EQ(tap.facts().usage.output, 17U);
    EXPECT_EQ(tap.facts().usage.input, 12U);
    EXPECT_TRUE(tap.facts().ended);
  }
}

TEST(UsageTap, UnnamedAnthropicEventsAreReadByTheirData) {
  std::string unnamed;
  for (std::size_t at = 0; at < kAnthropic.size();) {
    const std::size_t end = kAnthropic.find('\n', at) + 1;
    if (!kAnthropic.substr(at).starts_with("event:")) unnamed += kAnthropic.substr(at, end - at);
    at = end;
  }
  const AnswerFacts facts = streamed(Dialect::anthropic, unnamed);
  EXPECT_EQ(facts.usage.output, 17U);
  EXPECT_TRUE(facts.ended);
}

TEST(UsageTap, AnErrorEventEndsAStream) {
  const AnswerFacts facts = streamed(
      Dialect::anthropic, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n");
  EXPECT_TRUE(facts.ended);
  EXPECT_TRUE(facts.failed);
  EXPECT_TRUE(
      streamed(Dialect::openai_chat, "data: {\"id\":\"c\",\"choices\":[]}\n\ndata: {\"error\":{\"message\":\"x\"}}\n\n")
          .failed);
  EXPECT_TRUE(streamed(Dialect::openai_responses, "event: error\ndata: {\"type\":\"error\"}\n\n").failed);
}

TEST(UsageTap, ChatCachedTokensAreNotInputTwice) {
  const std::string stream =
      "data: "
      "{\"id\":\"c1\",\"model\":\"m\",\"choices\":[{\"delta\":{\"content\":\"\"},\"finish_reason\":null}],\"usage\":"
      "null}\n\n"
      "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{\"content\":\"hi\"},\"finish_reason\": null}],\"usage\": null}\n\n"
      "data: {\"id\":\"c1\",\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":null}\n\n";
  AnswerFacts facts = streamed(Dialect::openai_chat, stream);
  EXPECT_TRUE(facts.ended) << "the finish reason ends the answer, also where a server sends no [DONE]";
  EXPECT_EQ(facts.stop_reason, "stop");
  EXPECT_FALSE(facts.usage.known);
  facts = streamed(Dialect::openai_chat, stream +
                                             "data: "
                                             "{\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,"
                                             "\"completion_tokens\":20,\"prompt_tokens_details\":"
                                             "{\"cached_tokens\":60,\"cache_write_tokens\":10},\"completion_tokens_"
                                             "details\":{\"reasoning_tokens\":8}}}\n\ndata: [DONE]\n\n");
  EXPECT_TRUE(facts.usage.known);
  EXPECT_EQ(facts.usage.input, 30U);
  EXPECT_EQ(facts.usage.cache_read, 60U);
  EXPECT_EQ(facts.usage.cache_write_5m, 10U);
  EXPECT_EQ(facts.usage.output, 20U);
  EXPECT_EQ(facts.usage.reasoning, 8U);
  EXPECT_EQ(facts.id, "c1");
  EXPECT_FALSE(streamed(Dialect::openai_chat, stream.substr(0, stream.size() / 2)).ended);
}

TEST(UsageTap, ResponsesTellEverythingAtTheEnd) {
  const auto stream = [](const std::string& end, const std::string& rest) {
    return "event: response.created\ndata: "
           "{\"type\":\"response.created\",\"response\":{\"id\":\"r1\",\"model\":\"m\",\"status\":\"in_progress\","
           "\"usage\":null}}\n\n"
           "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\",\"delta\":\"x\"}\n\n"
           "event: " +
           end + "\ndata: {\"type\":\"" + end + "\",\"response\":{\"id\":\"r1\"," + rest + "}}\n\n";
  };
  const std::string usage =
      R"("usage":{"input_tokens":50,"input_tokens_details":{"cached_tokens":20},"output_tokens":9,"output_tokens_details":{"reasoning_tokens":4}})";
  AnswerFacts facts =
      streamed(Dialect::openai_responses, stream("response.completed", R"("status":"completed",)" + usage));
  EXPECT_EQ(facts.usage.input, 30U);
  EXPECT_EQ(facts.usage.cache_read, 20U);
  EXPECT_EQ(facts.usage.output, 9U);
  EXPECT_EQ(facts.usage.reasoning, 4U);
  EXPECT_EQ(facts.id, "r1");
  EXPECT_EQ(facts.stop_reason, "completed");
  EXPECT_TRUE(facts.ended && !facts.failed);
  facts = streamed(Dialect::openai_responses,
                   stream("response.incomplete",
                          R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"},)" + usage));
  EXPECT_EQ(facts.stop_reason, "max_output_tokens");
  EXPECT_TRUE(facts.ended && !facts.failed);
  EXPECT_TRUE(streamed(Dialect::openai_responses, stream("response.failed", R"("status":"failed")")).failed);
  EXPECT_FALSE(streamed(Dialect::openai_responses, stream("response.output_item.done", R"("x":1)")).ended);
}

TEST(UsageTap, WholeAnswers) {
  AnswerFacts facts = whole(
      Dialect::anthropic,
      R"({"id":"msg_1","model":"m","stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":4,"cache_creation_input_tokens":5}})");
  EXPECT_EQ(facts.usage.input, 3U);
  EXPECT_EQ(facts.usage.cache_write_5m, 5U);
  EXPECT_EQ(facts.stop_reason, "tool_use");
  EXPECT_TRUE(facts.ended);
  facts =
      whole(Dialect::openai_chat,
            R"({"id":"c","choices":[{"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
  EXPECT_EQ(facts.usage.output, 4U);
  EXPECT_EQ(facts.stop_reason, "length");
  facts = whole(Dialect::openai_responses,
                R"({"id":"r","status":"completed","error":null,"usage":{"input_tokens":3,"output_tokens":4}})");
  EXPECT_EQ(facts.usage.input, 3U);
  EXPECT_FALSE(facts.failed);
  EXPECT_TRUE(whole(Dialect::openai_chat, R"({"error":{"message":"x"}})").failed);
  EXPECT_FALSE(whole(Dialect::openai_chat, "<html>").usage.known);
}

TEST(UsageTap, NonsenseIsNotBelieved) {
  const AnswerFacts facts =
      whole(Dialect::openai_chat,
            R"({"usage":{"prompt_tokens":5,"prompt_tokens_details":{"cached_tokens":50},"completion_tokens":-1}})");
  EXPECT_EQ(facts.usage.input, 0U);
  EXPECT_EQ(facts.usage.output, 0U);
  EXPECT_FALSE(streamed(Dialect::anthropic, "event: message_delta\ndata: {broken\n\nevent: message_start\ndata: 7\n\n")
                   .usage.known);
}

TEST(UsageTap, AnErrorByItsEventsNameIsAnEnd) {
  UsageTap tap(core::Dialect::anthropic);
  tap.feed("event: error\ndata: {\"code\":500,\"message\":\"m\",\"type\":\"server_error\"}\n\n");
  EXPECT_TRUE(tap.facts().ended);
  EXPECT_TRUE(tap.facts().failed);
}

}  // namespace
}  // namespace basin::wire
