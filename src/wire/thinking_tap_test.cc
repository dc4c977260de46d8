#include "wire/thinking_tap.h"

#include <gtest/gtest.h>

#include <string>

#include "base/fingerprint.h"
#include "wire/usage_tap.h"

namespace basin::wire {
namespace {

using base::fingerprint;
using Noted = std::vector<std::uint64_t>;

Noted noted_in_pieces(core::Dialect dialect, std::string_view stream, std::size_t cut) {
  UsageTap tap(dialect);
  tap.feed(stream.substr(0, cut));
  tap.feed(stream.substr(cut));
  return tap.thinking();
}

void expect_noted(core::Dialect dialect, std::string_view stream, const Noted& wanted) {
  for (std::size_t cut = 0; cut <= stream.size(); ++cut)
    ASSERT_EQ(noted_in_pieces(dialect, stream, cut), wanted) << cut;
}

constexpr std::string_view kAnthropicStream =
    "event: message_start\n"
    R"(data: {"type":"message_start","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":3}}})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me"}})"
    "\n\nevent: ping\ndata: {\"type\":\"ping\"}"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"Sig\/A="}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":0})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"Zm9v"}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":1})"
    "\n\nevent: content_block_start\n"
    R"(data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}})"
    "\n\nevent: content_block_delta\n"
    R"(data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"signature thinking"}})"
    "\n\nevent: content_block_stop\n"
    R"(data: {"type":"content_block_stop","index":2})"
    "\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";

TEST(ThinkingTap, AnthropicStreamsCutAtEveryByte) {
  expect_noted(core::Dialect::anthropic, kAnthropicStream, {fingerprint("Sig/A="), fingerprint("Zm9v")});
}

TEST(ThinkingTap, EventsNeedNoNames) {
  std::string unnamed(kAnthropicStream);
  for (std::size_t at = unnamed.find("event: "); at != std::string::npos; at = unnamed.find("event: "))
    unnamed.erase(at, unnamed.find('\n', at) + 1 - at);
  expect_noted(core::Dialect::anthropic, unnamed, {fingerprint("Sig/A="), fingerprint("Zm9v")});
}

TEST(ThinkingTap, UnsignedThinkingIsKnownByItsText) {
  expect_noted(
      core::Dialect::anthropic,
      "event: content_block_start\n"
      R"(data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"A","signature":""}})"
      "\n\nevent: content_block_delta\n"
      R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":" b\u00e9"}})"
      "\n\nevent: content_block_delta\n"
      R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"c"}})"
      "\n\nevent: content_block_delta\n"
      R"(data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":""}})"
      "\n\nevent: content_block_stop\n"
      R"(data: {"type":"content_block_stop","index":0})"
      "\n\n",
      {fingerprint("A b\xc3\xa9"
                   "c")});
}

TEST(ThinkingTap, ABlockThatWasCutOffIsNotNoted) {
  const std::size_t signature = kAnthropicStream.find("event: content_block_stop");
  expect_noted(core::Dialect::anthropic, kAnthropicStream.substr(0, signature), {});
}

TEST(ThinkingTap, ResponsesStreamsCutAtEveryByte) {
  constexpr std::string_view kReasoning =
      R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"gAAAA"})";
  std::string stream =
      "event: response.created\n"
      R"(data: {"type":"response.created","response":{"id":"resp_1","model":"m","reasoning":{"effort":"low"},"output":[]}})"
      "\n\nevent: response.output_item.added\n"
      R"(data: {"type":"response.output_item.added","item":{"type":"reasoning","id":"rs_1","encrypted_content":"not yet"}})"
      "\n\nevent: response.output_item.done\ndata: {\"type\":\"response.output_item.done\",\"item\":";
  stream.append(kReasoning) +=
      "}\n\nevent: response.output_item.done\n"
      R"(data: {"type":"response.output_item.done","item":{"type":"message","content":[{"text":"\"reasoning\""}]}})"
      "\n\n";
  const Noted wanted = {fingerprint("gAAAA"), fingerprint("rs_1")};
  expect_noted(core::Dialect::openai_responses, stream, wanted);
  std::string end = R"(data: {"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[)";
  end.append(kReasoning) += ",{\"type\":\"reasoning\",\"id\":\"rs_2\"}]}}\n\n";
  expect_noted(core::Dialect::openai_responses, "event: response.completed\n" + end,
               {fingerprint("gAAAA"), fingerprint("rs_1"), fingerprint("rs_2")});
  expect_noted(core::Dialect::openai_responses, stream + "event: response.completed\n" + end,
               {fingerprint("gAAAA"), fingerprint("rs_1"), fingerprint("rs_2")});
  expect_noted(core::Dialect::openai_responses, end, {fingerprint("gAAAA"), fingerprint("rs_1"), fingerprint("rs_2")});
}

TEST(ThinkingTap, WholeAnswers) {
  UsageTap message(core::Dialect::anthropic);
  message.read_body(R"({"id":"msg_1","content":[{"type":"thinking","thinking":"t","signature":"S"},
    {"type":"text","text":"x"},{"type":"redacted_thinking","data":"D"}],"usage":{"output_tokens":2}})");
  EXPECT_EQ(message.thinking(), (Noted{fingerprint("S"), fingerprint("D")}));
  UsageTap response(core::Dialect::openai_responses);
  response.read_body(R"({"id":"resp_1","status":"completed","output":[{"type":"reasoning","id":"rs_1"}]})");
  EXPECT_EQ(response.thinking(), Noted{fingerprint("rs_1")});
}

TEST(ThinkingTap, ChatHasNone) {
  expect_noted(core::Dialect::openai_chat,
               "data: {\"id\":\"c\",\"choices\":[{\"delta\":{\"reasoning_content\":\"hm\"}}]}\n\ndata: [DONE]\n\n", {});
}

TEST(ThinkingTap, NotesAreBounded) {
  ThinkingTap tap(core::Dialect::openai_responses);
  std::string body = R"({"output":[)";
  for (std::size_t i = 0; i <= ThinkingTap::kMostNoted; ++i)
    body += (i > 0 ? R"(,{"type":"reasoning","id":")" : R"({"type":"reasoning","id":")") + std::to_string(i) + "\"}";
  base::json::Document document;
  ASSERT_TRUE(document.parse(body += "]}").ok());
  tap.answer(document.root());
  EXPECT_EQ(tap.noted().size(), ThinkingTap::kMostNoted);
}

}  // namespace
}  // namespace basin::wire
