// What each dialect's reader (anthropic_messages.cc, openai_chat.cc, openai_responses.cc) and what they share
// (reading.cc) make of bodies.
#include "wire/read_request.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

using core::Bound;
using core::Endpoint;
using core::PartKind;
using core::Role;

// Keeps the body alive beside the request that points into it.
struct Read {
  std::string body;
  base::json::Document document;
  base::Result<core::Request> result;
  Read(Endpoint endpoint, std::string text) : body(std::move(text)), result(read_request(endpoint, body, document)) {}
  const core::Request& operator*() const { return *result; }
  const core::Request* operator->() const { return &*result; }
  std::string complaint() const { return result.ok() ? "" : result.error().message; }
};

// "u:text(hi) a:tool_use[Bash]": one word per part.
std::string sketch(const core::Request& request) {
  constexpr std::string_view kRoles = "sduat";
  constexpr std::string_view kKinds[] = {"text", "tool_use", "tool_result", "thinking", "image", "document", "other"};
  std::string out;
  for (const auto& message : request.messages) {
    if (!out.empty()) out += ' ';
    out += kRoles[static_cast<std::size_t>(message.role)];
    for (std::uint32_t i = 0; i < message.part_count; ++i) {
      const auto& part = request.parts[message.first_part + i];
      (out += ':') += kKinds[static_cast<std::size_t>(part.kind)];
      if (part.text.raw.data() != nullptr) (out += '(').append(part.text.raw) += ')';
      if (!part.name.empty()) (out += '[').append(part.name) += ']';
    }
  }
  return out;
}

TEST(ReadRequest, AnthropicMessages) {
  const Read read(Endpoint::messages, R"({
    "messages": [
      {"content": "fix \"this\"", "role": "user"},
      {"role": "system", "content": [{"type": "text", "text": "date"}]},
      {"role": "assistant", "content": [{"type": "thinking", "thinking": "h", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"text": "ok", "type": "text"}, {"type": "tool_use", "id": "t1", "name": "Bash",
          "input": {"text": "not a text"}}]},
      {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text",
        "text": "one"}, {"type": "text", "text": "two"}]},
        {"type": "tool_result", "tool_use_id": "t2", "content": "plain"},
          {"type": "tool_result", "tool_use_id": "t3"}, {"type": "brand_new", "text": "?"}]}],
    "system": [{"type": "text", "text": "You are"},
      {"type": "text", "text": "an agent", "cache_control": {"type": "ephemeral"}}],
    "tools": [{"name": "Bash", "input_schema": {"type": "object"}}, {"name": "x", "type": "custom"},
      {"type": "bash_20250124", "name": "bash"}],
    "model": "m-1", "stream": true, "max_tokens": 128000, "metadata": {"user_id": "{\"session_id\":\"s\"}"},
    "output_config": {"effort": "medium"}, "an_invented_field": [1, {"model": "no"}]})");
  ASSERT_TRUE(read.result.ok()) << read.complaint();
  EXPECT_EQ(sketch(*read),
            "s:text(You are):text(an agent) u:text(fix \\\"this\\\") s:text(date) "
            "a:thinking:thinking:text(ok):tool_use[Bash] "
            "u:tool_result(one):tool_result(plain):tool_result:other");
  EXPECT_TRUE(read->has_top_system);
  EXPECT_EQ(read->model, "m-1");
  EXPECT_EQ(read.body.substr(read->model_value.begin, read->model_value.end - read->model_value.begin), "\"m-1\"");
  EXPECT_TRUE(read->stream);
  EXPECT_EQ(read->max_output_tokens, 128000U);
  EXPECT_EQ(read->tool_count, 3U);
  EXPECT_GT(read->tools_bytes, 100U);
  EXPECT_EQ(read->user_id.raw, R"({\"session_id\":\"s\"})");
  EXPECT_TRUE(read->user_id.escaped);
  EXPECT_EQ(read->effort.raw, "medium");
  EXPECT_EQ(read->bound, Bound::none);
  EXPECT_TRUE(read->parts[2].text.escaped);
  for (const auto& part : read->parts)
    EXPECT_NE(std::string_view("{\"").find(read.body[part.begin]), std::string_view::npos);
}

TEST(ReadRequest, OpenAiChat) {
  const Read read(Endpoint::chat_completions, R"({"model": "m",
    "messages": [{"role": "system", "content": "S"},
      {"role": "developer", "content": [{"type": "text", "text": "D"}]},
      {"role": "user", "content": "hi"}, {"role": "assistant", "content": null, "reasoning_content": "open",
        "tool_calls": [{"id": "c", "type": "function", "function": {"arguments": "{}", "name": "bash"}},
          {"type": "custom", "custom": {"name": "patch"}}]},
      {"role": "tool", "tool_call_id": "c", "content": "out"},
        {"role": "tool", "content": [{"type": "text", "text": "parts"}]},
      {"role": "assistant", "function_call": {"name": "old"}}, {"role": "whoever", "content": "w"}],
    "tools": [{"type": "function", "function": {"name": "bash"}}],
      "stream": null, "max_tokens": 5, "max_completion_tokens": 4096,
    "reasoning_effort": "low", "prompt_cache_key": "k", "user": "u",
    "response_format": {"type": "json_schema", "json_schema": {"name": "t", "schema": {"type": "object",
      "properties": {"title": {}}}}}})");
  ASSERT_TRUE(read.result.ok()) << read.complaint();
  EXPECT_EQ(sketch(*read),
            "s:text(S) d:text(D) u:text(hi) a:tool_use[bash]:tool_use[patch] t:tool_result(out) t:tool_result(parts) "
            "a:tool_use[old] s:text(w)");
  EXPECT_FALSE(read->has_top_system);
  EXPECT_FALSE(read->stream);
  EXPECT_EQ(read->max_output_tokens, 4096U);
  EXPECT_EQ(read->effort.raw, "low");
  EXPECT_EQ(read->prompt_cache_key.raw, "k");
  EXPECT_EQ(read->user_id.raw, "u");
  EXPECT_EQ(read->output_title_hint.raw, "title");
  EXPECT_EQ(read->bound, Bound::none);
}

TEST(ReadRequest, OpenAiResponses) {
  const Read read(Endpoint::responses, R"({"model": "m", "instructions": "I", "input": [
      {"role": "developer", "content": [{"type": "input_text", "text": "D"}]},
        {"type": "message", "role": "user", "content": "hi"},
      {"type": "reasoning", "summary": [], "encrypted_content": "e"},
        {"type": "function_call", "name": "sh", "arguments": "{}", "call_id": "c"},
      {"type": "function_call_output", "call_id": "c", "output": "out"},
        {"type": "custom_tool_call_output", "output": [{"type": "input_text", "text": "p"}]},
      {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "done"},
        {"type": "refusal", "refusal": "no"}]}, {"type": "brand_new"}],
    "tools": [{"type": "function", "name": "sh"}, {"type": "namespace", "name": "n"}],
      "max_output_tokens": 32000, "reasoning": {"effort": "high"},
    "prompt_cache_key": "k", "previous_response_id": null, "include": ["reasoning.encrypted_content"]})");
  ASSERT_TRUE(read.result.ok()) << read.complaint();
  EXPECT_EQ(sketch(*read),
            "s:text(I) d:text(D) u:text(hi) a:thinking a:tool_use[sh] t:tool_result(out) t:tool_result(p) "
            "a:text(done):other a:other");
  EXPECT_TRUE(read->has_top_system);
  EXPECT_EQ(read->max_output_tokens, 32000U);
  EXPECT_EQ(read->effort.raw, "high");
  EXPECT_EQ(read->bound, Bound::none);
  const Read plain(Endpoint::responses, R"({"input":"just this"})");
  ASSERT_TRUE(plain.result.ok());
  EXPECT_EQ(sketch(*plain), "u:text(just this)");
  EXPECT_TRUE(plain->model.empty());
  EXPECT_TRUE(plain->model_value.empty());
}

TEST(ReadRequest, EmbeddingsNeedOnlyTheModel) {
  const Read read(Endpoint::embeddings, R"({"input":[[1,2],"x"],"model":"e","encoding_format":"base64"})");
  ASSERT_TRUE(read.result.ok());
  EXPECT_EQ(read->model, "e");
  EXPECT_TRUE(read->messages.empty());
}

Bound bound_of(Endpoint endpoint, const std::string& body) {
  const Read read(endpoint, body);
  EXPECT_TRUE(read.result.ok()) << read.complaint() << "\n" << body;
  return read.result.ok() ? read->bound : Bound::none;
}

std::string user_block(const std::string& block) {
  return R"({"model":"m","messages":[{"role":"user","content":[)" + block + "]}]}";
}
std::string user_item(const std::string& item) { return R"({"model":"m","input":[)" + item + "]}"; }
std::string with(const std::string& field) { return R"({"model":"m","messages":[],)" + field + "}"; }

TEST(ReadRequest, WhatBindsAnAnthropicRequest) {
  const auto bound = [](const std::string& body) { return bound_of(Endpoint::messages, body); };
  EXPECT_EQ(bound(user_block(R"({"type":"image","source":{"type":"base64","data":""}})")), Bound::image);
  EXPECT_EQ(bound(user_block(R"({"type":"image","source":{"type":"file","file_id":"f"}})")), Bound::file_id);
  EXPECT_EQ(bound(user_block(R"({"type":"document","source":{"type":"url"}})")), Bound::document);
  EXPECT_EQ(bound(user_block(R"({"type":"container_upload","file_id":"f"})")), Bound::file_id);
  EXPECT_EQ(bound(user_block(R"({"type":"tool_result","content":[{"type":"image","source":{"type":"base64"}}]})")),
            Bound::image);
  EXPECT_EQ(bound(user_block(R"({"type":"server_tool_use","name":"web_search"})")), Bound::server_tool);
  EXPECT_EQ(bound(user_block(R"({"type":"web_search_tool_result"})")), Bound::server_tool);
  EXPECT_EQ(bound(with(R"("tools":[{"type":"web_search_20250305","name":"web_search"}])")), Bound::server_tool);
  EXPECT_EQ(bound(with(R"("tools":[{"name":"a"}],"mcp_servers":[{"type":"url"}])")), Bound::server_tool);
  EXPECT_EQ(bound(with(R"("mcp_servers":[])")), Bound::none);
  EXPECT_TRUE(Read(Endpoint::messages, with(R"("tools":[{"type":"web_search_20250305"}])"))->only_server_tools);
  EXPECT_FALSE(
      Read(Endpoint::messages, with(R"("tools":[{"type":"web_search_20250305"},{"name":"a"}])"))->only_server_tools);
}

TEST(ReadRequest, WhatBindsAChatRequest) {
  const auto bound = [](const std::string& body) { return bound_of(Endpoint::chat_completions, body); };
  EXPECT_EQ(bound(user_block(R"({"type":"image_url","image_url":{"url":"x"}})")), Bound::image);
  EXPECT_EQ(bound(user_block(R"({"type":"input_audio"})")), Bound::audio);
  EXPECT_EQ(bound(user_block(R"({"type":"file","file":{"file_data":"x"}})")), Bound::document);
  EXPECT_EQ(bound(user_block(R"({"type":"file","file":{"file_id":"x"}})")), Bound::file_id);
  EXPECT_EQ(bound(with(R"("n":2)")), Bound::many_choices);
  EXPECT_EQ(bound(with(R"("n":1,"logprobs":false,"top_logprobs":null)")), Bound::none);
  EXPECT_EQ(bound(with(R"("logprobs":true)")), Bound::logprobs);
  EXPECT_EQ(bound(with(R"("web_search_options":{})")), Bound::server_tool);
  EXPECT_EQ(bound(with(R"("modalities":["text","audio"])")), Bound::audio);
  EXPECT_EQ(bound(with(R"("modalities":["text"])")), Bound::none);
}

TEST(ReadRequest, WhatBindsAResponsesRequest) {
  const auto bound = [](const std::string& body) { return bound_of(Endpoint::responses, body); };
  const auto field = [&](const std::string& f) { return bound(R"({"input":"x",)" + f + "}"); };
  EXPECT_EQ(bound(user_item(R"({"role":"user","content":[{"type":"input_image","image_url":"x"}]})")), Bound::image);
  EXPECT_EQ(bound(user_item(R"({"role":"user","content":[{"type":"input_image","file_id":"x"}]})")), Bound::file_id);
  EXPECT_EQ(bound(user_item(R"({"role":"user","content":[{"type":"input_file","file_data":"x"}]})")), Bound::document);
  EXPECT_EQ(bound(user_item(R"({"type":"item_reference","id":"x"})")), Bound::previous_response_id);
  EXPECT_EQ(bound(user_item(R"({"type":"web_search_call","id":"x"})")), Bound::server_tool);
  EXPECT_EQ(field(R"("previous_response_id":"r")"), Bound::previous_response_id);
  EXPECT_EQ(field(R"("conversation":"c")"), Bound::previous_response_id);
  EXPECT_EQ(field(R"("background":true)"), Bound::background);
  EXPECT_EQ(field(R"("background":false)"), Bound::none);
  EXPECT_EQ(field(R"("include":["message.output_text.logprobs"])"), Bound::logprobs);
  EXPECT_EQ(field(R"("tools":[{"type":"web_search"}])"), Bound::server_tool);
  EXPECT_EQ(field(R"("tools":[{"type":"local_shell"}])"), Bound::none);
}

TEST(ReadRequest, ComplaintsNameTheFieldAndTheTypes) {
  const auto anthropic = [](const std::string& body) { return Read(Endpoint::messages, body).complaint(); };
  EXPECT_EQ(anthropic("[]"), "the request body must be a JSON object");
  EXPECT_EQ(anthropic("{}"), "messages must be an array of messages, found nothing");
  EXPECT_EQ(anthropic(R"({"messages":"x"})"), "messages must be an array of messages, found a string");
  EXPECT_EQ(anthropic(R"({"messages":[],"model":1})"), "model must be a string, found a number");
  EXPECT_EQ(anthropic(R"({"messages":[],"stream":"yes"})"), "stream must be true or false, found a string");
  EXPECT_EQ(anthropic(R"({"messages":[],"tools":{}})"), "tools must be an array, found an object");
  EXPECT_EQ(anthropic(R"({"messages":[],"system":5})"),
            "system must be a string or an array of text blocks, found a number");
  EXPECT_EQ(anthropic(R"({"messages":[],"system":[5]})"), "system[0] must be an object with a type, found a number");
  EXPECT_EQ(anthropic(R"({"messages":[{"role":"user","content":"a"},7]})"),
            "messages[1] must be an object with role and content, found a number");
  EXPECT_EQ(anthropic(R"({"messages":[{"content":"a"}]})"), "messages[0].role must be a string, found nothing");
  EXPECT_EQ(anthropic(R"({"messages":[{"role":"user","content":7}]})"),
            "messages[0].content must be a string or an array of blocks, found a number");
  EXPECT_EQ(anthropic(user_block(R"({"type":"text","text":"a"},{"type":"text","text":null})")),
            "messages[0].content[1].text must be a string, found nothing");
  const auto chat = [](const std::string& body) { return Read(Endpoint::chat_completions, body).complaint(); };
  EXPECT_EQ(chat(R"({"messages":[{"role":"user","content":{}}]})"),
            "messages[0].content must be a string or an array of parts, found an object");
  EXPECT_EQ(chat(user_block(R"({"type":"text","text":[]})")),
            "messages[0].content[0].text must be a string, found an array");
  const auto responses = [](const std::string& body) { return Read(Endpoint::responses, body).complaint(); };
  EXPECT_EQ(responses(R"({"input":5})"), "input must be a string or an array of items, found a number");
  EXPECT_EQ(responses(R"({"input":[5]})"), "input[0] must be an object, found a number");
  EXPECT_EQ(responses(R"({"input":[{}]})"), "input[0].type must be a string, found nothing");
  EXPECT_EQ(responses(R"({"input":[{"role":"user"}]})"),
            "input[0].content must be a string or an array of parts, found nothing");
  EXPECT_EQ(responses(R"({"instructions":[],"input":[]})"), "instructions must be a string, found an array");
}

TEST(ReadRequest, AFieldNobodyNeedsIsNeverRefused) {
  EXPECT_TRUE(Read(Endpoint::messages,
                   with(R"("max_tokens":"many","metadata":5,"output_config":[],"thinking":7,"temperature":{})"))
                  .result.ok());
  EXPECT_TRUE(Read(Endpoint::chat_completions, with(R"("n":"x","logprobs":3,"response_format":[],"user":{},"stop":{})"))
                  .result.ok());
  EXPECT_TRUE(
      Read(Endpoint::responses, R"({"input":[],"reasoning":3,"text":"x","include":{},"background":"x"})").result.ok());
}

TEST(ReadRequest, ARepeatedOrDisguisedNameIsRefused) {
  EXPECT_EQ(Read(Endpoint::messages, with(R"("model":"other")")).complaint(), "model stands twice in the request body");
  EXPECT_EQ(Read(Endpoint::messages, with(R"("mod\u0065l":"other")")).complaint(),
            "model stands twice in the request body");
  EXPECT_EQ(Read(Endpoint::messages, R"({"mod\u0065l":"other","messages":[]})").complaint(),
            "model is written with escapes; write the name plainly");
  EXPECT_EQ(Read(Endpoint::chat_completions, with(R"("model":null)")).complaint(),
            "model stands twice in the request body");
  EXPECT_EQ(Read(Endpoint::responses, R"({"input":"a","input":"b"})").complaint(),
            "input stands twice in the request body");
  EXPECT_EQ(Read(Endpoint::embeddings, R"({"model":"a","model":"b"})").complaint(),
            "model stands twice in the request body");
  EXPECT_TRUE(Read(Endpoint::messages, with(R"("unread":1,"unread":2)")).result.ok());
}

std::string many(std::size_t n, const std::string& head, const std::string& item, const std::string& tail) {
  std::string body = head;
  for (std::size_t i = 0; i < n; ++i) (body += i > 0 ? "," : "") += item;
  return body + tail;
}

// Agents offer a vendor's tool with every request, which binds them to the vendor only; it must hide no stronger bond.
TEST(ReadRequest, AServersToolHidesNothingElseThatBinds) {
  const Read responses(Endpoint::responses, R"({"model":"m","tools":[{"type":"web_search"}],
    "input":[{"role":"user","content":[{"type":"input_image","image_url":"data:,x"}]}]})");
  EXPECT_EQ(responses->bound, core::Bound::image);
  const Read stored(Endpoint::responses, R"({"model":"m","tools":[{"type":"web_search"}],"input":"x",
    "previous_response_id":"r"})");
  EXPECT_EQ(stored->bound, core::Bound::previous_response_id);
  const Read messages(Endpoint::messages, R"({"model":"m","tools":[{"type":"web_search_20250305","name":"w"}],
    "messages":[{"role":"user","content":[{"type":"document","source":{"type":"file","file_id":"f"}}]}]})");
  EXPECT_EQ(messages->bound, core::Bound::file_id);
  const Read alone(Endpoint::responses, R"({"model":"m","tools":[{"type":"web_search"}],"input":"x"})");
  EXPECT_EQ(alone->bound, core::Bound::server_tool);
}

TEST(ReadRequest, AModelsNameHasALimit) {
  const auto named = [](std::size_t size) {
    return R"({"messages":[],"input":"x","model":")" + std::string(size, 'm') + "\"}";
  };
  for (const Endpoint endpoint :
       {Endpoint::messages, Endpoint::chat_completions, Endpoint::responses, Endpoint::embeddings}) {
    EXPECT_TRUE(Read(endpoint, named(core::kModelLimit)).result.ok());
    EXPECT_EQ(Read(endpoint, named(core::kModelLimit + 1)).complaint(), "model is longer than 512 bytes");
  }
}

TEST(ReadRequest, MessagesAndBlocksAreLimited) {
  const auto messages = [](std::size_t n) {
    return many(n, R"({"messages":[)", R"({"role":"user","content":[]})", "]}");
  };
  EXPECT_TRUE(Read(Endpoint::messages, messages(core::kMessageLimit)).result.ok());
  EXPECT_EQ(Read(Endpoint::messages, messages(core::kMessageLimit + 1)).complaint(),
            "messages holds more than 100000 messages");
  const auto blocks = [](std::size_t n) {
    return many(n, R"({"messages":[{"role":"user","content":[)", R"({"type":"x"})", "]}]}");
  };
  EXPECT_TRUE(Read(Endpoint::messages, blocks(core::kPartLimit)).result.ok());
  EXPECT_EQ(Read(Endpoint::messages, blocks(core::kPartLimit + 1)).complaint(),
            "messages holds more than 200000 blocks");
}

TEST(ReadRequest, ATruncatedBodyIsRefusedAtEveryByte) {
  const std::string body =
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a\u00e9"}]}],"stream":true,"max_tokens":10})";
  for (const auto endpoint :
       {Endpoint::messages, Endpoint::chat_completions, Endpoint::responses, Endpoint::embeddings}) {
    for (std::size_t size = 0; size < body.size(); ++size)
      EXPECT_FALSE(Read(endpoint, body.substr(0, size)).result.ok());
  }
}

}  // namespace
}  // namespace basin::wire
