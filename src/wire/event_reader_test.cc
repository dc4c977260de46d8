// anthropic_events.cc, chat_events.cc, block_queue.cc and event_sink.cc: what servers of the two dialects are known to
// do differently from the vendor.
#include "wire/event_reader.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/block_queue.h"
#include "wire/testing_answers.h"

namespace basin::wire {
namespace {

using core::Dialect;
using core::Event;

// A chat chunk with this delta.
std::string chunk(const std::string& delta, const std::string& finish = "") {
  return R"(data: {"id":"chatcmpl-1","model":"m","choices":[{"index":0,"delta":)" + delta + R"(,"finish_reason":)" +
         (finish.empty() ? "null" : "\"" + finish + "\"") + "}]}\n\n";
}

std::string call(int index, const std::string& arguments, const std::string& id = "", const std::string& name = "") {
  std::string out = R"({"tool_calls":[{"index":)" + std::to_string(index);
  if (!id.empty()) out += R"(,"id":")" + id + "\"";
  out += R"(,"function":{)";
  if (!name.empty()) out += R"("name":")" + name + R"(",)";
  out += R"("arguments":)";
  base::json::append_quoted(out, arguments);
  return out + "}}]}";
}

// The answer behind its id and model, or the failure; "grammar!" where the events break it.
std::string told(Dialect from, const std::string& stream) {
  EventReader reader(from);
  testing::GrammarCheck grammar;
  core::Reply reply;
  for (const std::vector<Event>& events : {reader.feed(stream), reader.end()}) {
    if (!grammar.take(events)) return "grammar!";
    for (const Event& event : events) {
      if (event.kind == Event::Kind::failure) return "failure: " + event.text;
      core::fold(reply, event);
    }
  }
  const std::string all = testing::summary(reply);
  return all.substr(all.find(':') + 2);
}
std::string chat(const std::string& stream) { return told(Dialect::openai_chat, stream); }

const std::string kDone = "data: [DONE]\n\n";

TEST(ChatReader, ReasoningStandsInAnyOfItsFields) {
  const std::string end = chunk(R"({"content":"yes"})", "stop") + kDone;
  const std::string want = "thinking(hm) text(yes) -> end_turn";
  EXPECT_EQ(chat(chunk(R"({"reasoning_content":"hm"})") + end), want);
  EXPECT_EQ(chat(chunk(R"({"reasoning":"hm"})") + end), want);
  EXPECT_EQ(chat(chunk(R"({"reasoning_details":[{"type":"reasoning.text","text":"h"},{"summary":"m"}]})") + end), want);
  EXPECT_EQ(chat(chunk(R"({"reasoning":"hm","reasoning_details":[{"text":"hm"}]})") + end), want) << "said once";
  EXPECT_EQ(chat(chunk(R"({"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]}]})") + end), want);
}

TEST(ChatReader, WhatSaysNothingMeansNothing) {
  EXPECT_EQ(
      chat(": OPENROUTER PROCESSING\n\n" +
           std::string(R"(data: {"id":"","model":"","choices":[],"prompt_filter_results":[]})") + "\n\n" +
           chunk(R"({"role":"assistant","content":null,"tool_calls":[]})") + chunk("{}") + chunk("null") +
           chunk(R"({"content":""})") + chunk(R"({"content":"a","refusal":null,"tool_calls":null})") +
           chunk(R"({"tool_calls":[{}]})") + chunk(R"({"content":"b","tool_calls":[]})") + chunk("{}", "stop") + kDone),
      "text(ab) -> end_turn");
}

TEST(ChatReader, InterleavedCallsAreSaidOneAfterAnother) {
  const std::string stream = chunk(call(0, "", "a", "f")) + chunk(call(1, "", "b", "g")) + chunk(call(1, "{\"y\"")) +
                             chunk(call(0, "{\"x\":")) + chunk(R"({"content":"and"})") + chunk(call(1, ":2}")) +
                             chunk(call(0, "1}")) + chunk("{}", "tool_calls");
  EXPECT_EQ(chat(stream), R"(tool_use(a f {"x":1}) tool_use(b g {"y":2}) text(and) -> tool_use)");
  // the first is streamed as it comes, whatever is held
  EventReader reader(Dialect::openai_chat);
  const auto events = reader.feed(stream.substr(0, stream.find("and")));
  EXPECT_EQ(events.back().kind, Event::Kind::delta);
  EXPECT_EQ(events.back().text, "{\"x\":");
}

TEST(ChatReader, ACallIsClosedWhenAnotherBeginsBehindIt) {
  EventReader reader(Dialect::openai_chat);
  auto events = reader.feed(chunk(call(0, "{\"s\":\"}\\\"\"}", "a", "f")));
  EXPECT_EQ(events.size(), 3U) << "begin, open, delta";
  events = reader.feed(chunk(call(1, "", "b", "g")));
  ASSERT_EQ(events.size(), 2U);
  EXPECT_EQ(events[0].kind, Event::Kind::close);
  EXPECT_EQ(events[1].id, "b");
}

TEST(ChatReader, CallsAreToldApartByIdWhereTheIndexDoesNot) {
  const std::string end = chunk("{}", "stop") + kDone;
  EXPECT_EQ(chat(chunk(call(0, "{}", "a", "f")) + chunk(call(0, "{\"x\":1}", "b", "f")) + end),
            R"(tool_use(a f {}) tool_use(b f {"x":1}) -> tool_use)");
  EXPECT_EQ(chat(chunk(call(0, "{\"x\":", "a", "f")) + chunk(call(0, "1}", "a", "f")) + end),
            R"(tool_use(a f {"x":1}) -> tool_use)")
      << "id and name are repeated";
  const std::string no_index =
      R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}},{"id":"b","function":{"name":"g","arguments":""}}]})";
  EXPECT_EQ(chat(chunk(no_index) + end), "tool_use(a f {}) tool_use(b g {}) -> tool_use");
}

TEST(ChatReader, ACallWithoutAnIdGetsOne) {
  EXPECT_EQ(chat(chunk(call(0, "{}", "", "f")) + chunk(call(1, "{}", "", "g")) + chunk("{}", "tool_calls")),
            "tool_use(call_1_0 f {}) tool_use(call_1_1 g {}) -> tool_use");
}

TEST(ChatReader, ACallWithoutANameWaitsForItAndFailsWithoutIt) {
  EXPECT_EQ(chat(chunk(call(0, "{\"a\"", "x")) + chunk(call(0, ":1}", "", "f")) + chunk("{}", "tool_calls")),
            R"(tool_use(x f {"a":1}) -> tool_use)");
  EXPECT_EQ(chat(chunk(call(0, "{}", "x")) + chunk("{}", "tool_calls")),
            "failure: the answer calls a tool without saying which");
}

TEST(ChatReader, ArgumentsAreNeverLostInSilence) {
  EXPECT_EQ(chat(chunk(call(0, "{}", "a", "f")) + chunk(call(1, "{}", "b", "g")) + chunk(call(0, "{\"x\":1}"))),
            "failure: arguments came for a call that was over");
  EXPECT_EQ(chat(chunk(call(0, "{\"x\":", "a", "f")) + chunk("{}", "length")), R"(tool_use(a f {"x":) -> max_tokens)");
}

TEST(ChatReader, ArgumentsMayBeAnObjectAndACallAFunctionCall) {
  EXPECT_EQ(
      chat(chunk(R"({"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x": 1}}}]})") + chunk("{}", "stop")),
      R"(tool_use(a f {"x": 1}) -> tool_use)");
  EXPECT_EQ(chat(chunk(R"({"function_call":{"name":"f","arguments":"{\"x\""}})") +
                 chunk(R"({"function_call":{"arguments":":1}"}})") + chunk("{}", "function_call") + kDone),
            R"(tool_use(call_1_0 f {"x":1}) -> tool_use)");
}

TEST(ChatReader, UsageMayStandAnywhere) {
  const auto with = [](std::string text, const std::string& more) { return text.insert(text.rfind('}'), "," + more); };
  const std::string usage = R"("usage":{"prompt_tokens":9,"completion_tokens":2,"prompt_tokens_details":null})";
  EXPECT_EQ(chat(with(chunk(R"({"content":"a"})"), R"("usage":{"prompt_tokens":9,"completion_tokens":1})") +
                 with(chunk("{}", "stop"), usage)),
            "text(a) -> end_turn 9 0 0 0 2 0");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "stop") + "data: {\"choices\":[]," + usage + "}\n\n"),
            "text(a) -> end_turn 9 0 0 0 2 0");
  EXPECT_EQ(chat(with(chunk(R"({"content":"a"})", "stop"),
                      R"("timings":{"cache_n":5,"prompt_n":7,"predicted_n":3,"predicted_ms":1.5})")),
            "text(a) -> end_turn 7 5 0 0 3 0");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "stop")), "text(a) -> end_turn") << "unknown is not nought";
}

TEST(ChatReader, AnAnswerEndsWithItsReason) {
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "stop")), "text(a) -> end_turn") << "no [DONE]";
  EXPECT_EQ(chat(chunk(R"({"content":"a"})") + kDone),
            "failure: the answer's stream is done, but the answer has no finish_reason");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})")), "failure: the model's server ended the stream before its answer's end");
  EXPECT_EQ(chat(""), "failure: the model's server ended the stream before its answer's end");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "error")), "failure: the model's server gave up: error");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "a_new_reason") + kDone), "text(a) -> end_turn");
  EXPECT_EQ(chat(chunk(R"({"content":"a"})", "tool_calls") + kDone), "text(a) -> end_turn") << "there is no call";
}

TEST(ChatReader, FailuresAreToldInTheServersWords) {
  const std::string start = chunk(R"({"content":"a"})");
  EXPECT_EQ(chat(start + "data: {\"error\":{\"message\":\"out of memory\",\"code\":500}}\n\n"),
            "failure: out of memory");
  EXPECT_EQ(chat(start + "data: {\"error\":\"out of memory\"}\n\n"), "failure: out of memory");
  EXPECT_EQ(chat(start + "data: {\"object\":\"error\",\"message\":\"out of memory\"}\n\n"), "failure: out of memory");
  EXPECT_EQ(chat(start + "event: error\ndata: out of memory\n\n"), "failure: out of memory");
  EXPECT_EQ(chat(start + "data: {\"id\":\n\n"), "failure: an event of the answer's stream is not JSON");
  EXPECT_EQ(chat(start + "data: " + std::string(kSseEventLimit + 1, 'x') + "\n\n"),
            "failure: an event of the answer's stream is longer than 2 MiB");
}

TEST(ChatReader, EveryBufferHasItsLimit) {
  const std::string big(kHeldLimit / 2, ' ');
  std::string held = chunk(call(0, "{", "a", "f")) + chunk(call(1, "{" + big, "b", "g"));
  EXPECT_EQ(chat(held + chunk("{}", "length")).substr(0, 9), "tool_use(");
  EXPECT_EQ(chat(held + chunk(call(1, big))).substr(0, 8), "failure:");
  std::string many;
  for (std::size_t i = 0; i < kCallsLimit; ++i) many += chunk(call(static_cast<int>(i), "{}", "", "f"));
  EXPECT_NE(chat(many + chunk("{}", "stop")).substr(0, 8), "failure:");
  EXPECT_EQ(chat(many + chunk(call(kCallsLimit, "{}", "", "f"))), "failure: the answer has more than 256 calls");
  std::string blocks;
  for (std::size_t i = 0; i < kBlocksLimit / 2; ++i) blocks += chunk(R"({"content":"a","reasoning":"b"})");
  EXPECT_NE(chat(blocks + chunk("{}", "stop")).substr(0, 8), "failure:");
  EXPECT_EQ(chat(blocks + chunk(R"({"reasoning":"b"})")), "failure: the answer has more than 4096 blocks");
  const std::string piece = chunk(R"({"content":")" + std::string(kAnswerLimit / 8, 'x') + "\"}");
  std::string eight;
  for (int i = 0; i < 8; ++i) eight += piece;
  EXPECT_EQ(chat(eight + chunk("{}", "stop")).substr(0, 5), "text(");
  EXPECT_EQ(chat(eight + chunk(R"({"content":"x"})")), "failure: the answer is longer than 8 MiB");
}

TEST(ChatReader, OnlyTheFirstChoiceCounts) {
  EXPECT_EQ(
      chat("data: {\"id\":\"1\",\"choices\":[{\"index\":1,\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"},"
           "{\"index\":0,\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"),
      "text(a) -> end_turn");
}

TEST(ChatReader, WholeAnswersThatAreNone) {
  EXPECT_FALSE(read_reply(Dialect::openai_chat, "<html>").ok());
  EXPECT_FALSE(read_reply(Dialect::openai_chat, R"({"choices":[]})").ok());
  EXPECT_FALSE(read_reply(Dialect::anthropic, R"({"id":"msg_1"})").ok());
  const auto failed = read_reply(Dialect::openai_chat, R"({"error":{"message":"no such model"}})");
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().message, "no such model");
}

// Anthropic.
std::string event(const std::string& type, const std::string& rest = "") {
  return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + (rest.empty() ? "" : "," + rest) + "}\n\n";
}
const std::string kStart = event("message_start", R"("message":{"id":"msg_1","model":"m","usage":{"input_tokens":5}})");
const std::string kEnd =
    event("message_delta", R"("delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3})") + event("message_stop");
std::string block(const std::string& start) {
  return event("content_block_start", R"("index":0,"content_block":)" + start);
}
std::string delta(const std::string& piece) { return event("content_block_delta", R"("index":0,"delta":)" + piece); }
const std::string kStop = event("content_block_stop", R"("index":0)");
std::string anthropic(const std::string& stream) { return told(Dialect::anthropic, stream); }

TEST(AnthropicReader, WhatIsNotKnownIsPassedOver) {
  EXPECT_EQ(anthropic(kStart + event("ping") + event("a_new_event") + block(R"({"type":"server_tool_use","id":"s"})") +
                      delta(R"({"type":"input_json_delta","partial_json":"{}"})") + kStop +
                      block(R"({"type":"text","text":"a"})") + delta(R"({"type":"citations_delta","citation":{}})") +
                      delta(R"({"type":"text_delta","text":"b"})") + kStop + kEnd),
            "text(ab) -> end_turn 5 0 0 0 3 0");
}

TEST(AnthropicReader, ACallsInputMayStandInItsStart) {
  const std::string start = block(R"({"type":"tool_use","id":"t","name":"f","input":{"a": 1}})");
  EXPECT_EQ(anthropic(kStart + start + kStop + kEnd), R"(tool_use(t f {"a": 1}) -> tool_use 5 0 0 0 3 0)");
  EXPECT_EQ(
      anthropic(kStart + start + delta(R"({"type":"input_json_delta","partial_json":"{\"b\":2}"})") + kStop + kEnd),
      R"(tool_use(t f {"b":2}) -> tool_use 5 0 0 0 3 0)");
}

TEST(AnthropicReader, UsageIsCumulative) {
  EXPECT_EQ(
      anthropic(kStart + event("message_delta", R"("delta":{},"usage":{"input_tokens":7,"output_tokens":1})") + kEnd),
      "-> end_turn 7 0 0 0 3 0");
}

TEST(AnthropicReader, WhatIsOutOfOrderIsAFailure) {
  EXPECT_EQ(anthropic(block(R"({"type":"text","text":""})")), "failure: content_block_start came before message_start");
  EXPECT_EQ(anthropic(kStart + delta(R"({"type":"text_delta","text":"a"})")),
            "failure: a piece came outside of a block of its kind: text");
  EXPECT_EQ(anthropic(kStart + block(R"({"type":"text","text":""})") +
                      delta(R"({"type":"input_json_delta","partial_json":"{"})")),
            "failure: a piece came outside of a block of its kind: tool_use");
  EXPECT_EQ(anthropic(kStart + block(R"({"type":"text","text":"a"})") + kStop).substr(0, 8), "failure:");
  EXPECT_EQ(anthropic(kStart + event("error", R"("error":{"type":"overloaded_error","message":"Overloaded"})")),
            "failure: Overloaded");
}

}  // namespace
}  // namespace basin::wire
