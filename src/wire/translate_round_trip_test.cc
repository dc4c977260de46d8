// Conversations of many shapes go there and back: what was said, called and answered, with which ids, is the same, the
// calls and answers stay in order beside each other, and nothing becomes null.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>

#include "base/json_writer.h"
#include "wire/translate_request.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;
using base::json::Writer;

// A small generator of pseudo-random numbers with a fixed course (Knuth's constants).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  std::uint64_t below(std::uint64_t limit) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return (state_ >> 33U) % limit;
  }

 private:
  std::uint64_t state_;
};

constexpr std::string_view kSchema = R"({"type": "object"})";

// What a conversation holds, in order: "text:...", "call:id:name:arguments", "result:id:text".
using Said = std::vector<std::string>;

struct Made {
  std::string anthropic, responses;  // the same conversation in both dialects
  Said said;
};

// Writes one conversation in two dialects at once.
class Maker {
 public:
  explicit Maker(std::uint64_t seed) : dice_(seed), a_(made_.anthropic), r_(made_.responses) {}

  Made make() {
    a_.object().field("model", "x").field("max_tokens", 100).key("messages").array();
    r_.object().field("model", "x").key("input").array();
    const std::uint64_t turns = 1 + dice_.below(6);
    for (std::uint64_t i = 0; i < turns; ++i) {
      text("user");
      if (i + 1 < turns) answer();
    }
    a_.end().key("tools").array().object().field("name", "f").key("input_schema").raw(kSchema).end().end().end();
    r_.end().key("tools").array().object().field("type", "function").field("name", "f");
    r_.key("parameters").raw(kSchema).end().end().end();
    return std::move(made_);
  }

 private:
  std::string words() {
    constexpr std::string_view kWords[] = {"one",           "two\n",   " \"three\"",
                                           "vier \xC3\xBC", "\\u0041", "\xF0\x9F\x98\x80"};
    std::string out = std::to_string(++number_) + ":";
    for (std::uint64_t i = dice_.below(4); i > 0; --i) (out += ' ') += kWords[dice_.below(6)];
    return out + ".";
  }

  void item(std::string_view role, std::string_view part, std::string_view text) {
    r_.object().field("type", "message").field("role", role).key("content").array();
    r_.object().field("type", part).field("text", text).end().end().end();
  }

  void text(std::string_view role) {
    const std::string said = words();
    a_.object().field("role", role).field("content", said).end();
    item(role, role == "user" ? "input_text" : "output_text", said);
    made_.said.push_back("text:" + said);
  }

  // The assistant's turn: words, calls, or both; with the answers to its calls.
  void answer() {
    const std::uint64_t calls = dice_.below(4);
    if (calls == 0) return text("assistant");
    a_.object().field("role", "assistant").key("content").array();
    if (dice_.below(2) == 0) {
      const std::string said = words();
      a_.object().field("type", "text").field("text", said).end();
      item("assistant", "output_text", said);
      made_.said.push_back("text:" + said);
    }
    std::vector<std::string> ids;
    for (std::uint64_t i = 0; i < calls; ++i) ids.push_back(call());
    a_.end().end();
    results(ids);
    text("assistant");
  }

  std::string call() {
    const std::string id = "toolu_" + std::to_string(++number_);
    const std::string arguments = "{ \"n\":" + std::to_string(number_) + ",\"a\" : [\"\\u00e9\", null]}";
    a_.object().field("type", "tool_use").field("id", id).field("name", "f").key("input").raw(arguments).end();
    r_.object().field("type", "function_call").field("call_id", id).field("name", "f");
    r_.field("arguments", arguments).end();
    made_.said.push_back("call:" + id + ":f:" + arguments);
    return id;
  }

  void results(const std::vector<std::string>& ids) {
    a_.object().field("role", "user").key("content").array();
    for (const std::string& id : ids) {
      const std::string said = words();
      a_.object().field("type", "tool_result").field("tool_use_id", id).field("content", said).end();
      r_.object().field("type", "function_call_output").field("call_id", id).field("output", said).end();
      made_.said.push_back("result:" + id + ":" + said);
    }
    a_.end().end();
  }

  Dice dice_;
  Made made_;
  Writer a_, r_;
  std::uint64_t number_ = 0;
};

std::string string(Value object, std::string_view name) { return object.member(name).string().value_or(""); }

Said said_in_anthropic(std::string_view body) {
  Document document;
  EXPECT_TRUE(document.parse(body).ok()) << body;
  Said said;
  for (Elements messages(document.root().member("messages")); messages.next();) {
    for (Elements blocks(messages.value().member("content")); blocks.next();) {
      const Value block = blocks.value();
      const std::string type = string(block, "type");
      if (type == "text") said.push_back("text:" + string(block, "text"));
      if (type == "tool_use") {
        said.push_back("call:" + string(block, "id") + ":" + string(block, "name") + ":" +
                       std::string(block.member("input").raw()));
      }
      if (type != "tool_result") continue;
      std::string text;
      for (Elements inner(block.member("content")); inner.next();) text += string(inner.value(), "text");
      said.push_back("result:" + string(block, "tool_use_id") + ":" + text);
    }
  }
  return said;
}

Said said_in_chat(std::string_view body) {
  Document document;
  EXPECT_TRUE(document.parse(body).ok()) << body;
  Said said;
  for (Elements messages(document.root().member("messages")); messages.next();) {
    const Value message = messages.value();
    const std::string content = string(message, "content");
    if (string(message, "role") == "tool") {
      said.push_back("result:" + string(message, "tool_call_id") + ":" + content);
    } else if (!content.empty()) {
      said.push_back("text:" + content);
    }
    for (Elements calls(message.member("tool_calls")); calls.next();) {
      const Value function = calls.value().member("function");
      said.push_back("call:" + string(calls.value(), "id") + ":" + string(function, "name") + ":" +
                     string(function, "arguments"));
    }
  }
  return said;
}

// No null but the ones that the client's arguments hold.
void expect_no_nulls(Value value, std::string_view name) {
  if (name == "input") return;
  EXPECT_FALSE(value.is(Kind::null)) << name;
  for (Members members(value); members.next();) expect_no_nulls(members.value(), members.name());
  for (Elements elements(value); elements.next();) expect_no_nulls(elements.value(), name);
}

std::string translated(core::Endpoint endpoint, std::string_view body, core::Dialect to) {
  Target target;
  target.dialect = to;
  target.model = "y";
  Document scratch;
  const auto request = translate_request(endpoint, body, scratch, target);
  EXPECT_TRUE(request.ok()) << request.error().message << body;
  if (!request.ok()) return {};
  EXPECT_TRUE(request->dropped.empty()) << request->dropped.front();
  Document document;
  EXPECT_TRUE(document.parse(request->body).ok());
  expect_no_nulls(document.root(), "");
  return request->body;
}

constexpr std::uint64_t kConversations = 200;

TEST(TranslateRoundTrip, AnthropicToChatAndBack) {
  for (std::uint64_t seed = 0; seed < kConversations; ++seed) {
    const Made made = Maker(seed).make();
    const std::string there = translated(core::Endpoint::messages, made.anthropic, core::Dialect::openai_chat);
    EXPECT_EQ(said_in_chat(there), made.said) << made.anthropic;
    const std::string back = translated(core::Endpoint::chat_completions, there, core::Dialect::anthropic);
    EXPECT_EQ(said_in_anthropic(back), made.said) << there;
    EXPECT_EQ(translated(core::Endpoint::messages, back, core::Dialect::openai_chat), there);
  }
}

TEST(TranslateRoundTrip, ResponsesSaysWhatAnthropicSays) {
  for (std::uint64_t seed = 0; seed < kConversations; ++seed) {
    const Made made = Maker(seed).make();
    const std::string chat = translated(core::Endpoint::responses, made.responses, core::Dialect::openai_chat);
    EXPECT_EQ(said_in_chat(chat), made.said) << made.responses;
    const std::string anthropic = translated(core::Endpoint::responses, made.responses, core::Dialect::anthropic);
    EXPECT_EQ(said_in_anthropic(anthropic), made.said) << made.responses;
  }
}

}  // namespace
}  // namespace basin::wire
