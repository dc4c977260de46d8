// What tests and fuzzers hold a client's stream against: the grammar of each dialect, as its official SDK expects it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/json_writer.h"
#include "core/dialect.h"
#include "core/event.h"
#include "wire/event_reader.h"
#include "wire/sse.h"

namespace basin::wire::testing {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

// What a client makes of a stream.
struct Told {
  core::Reply reply;
  bool ended = false;     // by the answer's end or by a failure
  bool failed = false;    // by a failure
  std::string complaint;  // the first thing that breaks the dialect's grammar; empty: none
};

// An answer in a line, for comparing: thinking("hm" sig) text("hi") -> end_turn in=1 ...
inline std::string summary(const core::Reply& reply) {
  std::string out = reply.id + " " + reply.model + ":";
  for (const core::ReplyBlock& block : reply.blocks) {
    out.append(" ").append(core::name_of(block.kind)).append("(");
    if (!block.name.empty()) out.append(block.id).append(" ").append(block.name).append(" ");
    out += block.text;
    if (!block.signature.empty()) out.append(" signed ").append(block.signature);
    out += ")";
  }
  out.append(" -> ").append(core::name_of(reply.stop));
  if (!reply.stop_sequence.empty()) out.append(" ").append(reply.stop_sequence);
  const core::Usage& usage = reply.usage;
  if (!usage.known) return out;
  for (const std::uint64_t count :
       {usage.input, usage.cache_read, usage.cache_write_5m, usage.cache_write_1h, usage.output, usage.reasoning}) {
    out.append(" ").append(std::to_string(count));
  }
  return out;
}

// One event of a client's stream after another; the first complaint stays.
class StreamChecker {
 public:
  virtual ~StreamChecker() = default;
  virtual void take(std::string_view name, std::string_view data) = 0;
  Told told;

 protected:
  void expect(bool holds, std::string_view what) {
    if (!holds && told.complaint.empty()) told.complaint = what;
  }
  // Every field of `names` is there, null or not.
  void expect_fields(Value object, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) expect(object.member(name).present(), std::string(name) + " is missing");
  }
  Value parse(std::string_view data) {
    expect(document_.parse(data).ok() && document_.root().is(Kind::object), "an event is not a JSON object");
    return document_.root();
  }
  static std::string text(Value value) { return value.string().value_or(std::string()); }

 private:
  Document document_;
};

class AnthropicChecker final : public StreamChecker {
 public:
  void take(std::string_view name, std::string_view data) override {
    const Value root = parse(data);
    expect(name == root.member("type").raw_string(), "the event's name is not its type");
    expect(!told.ended, "something came after the end");
    if (name == "message_start") return start(root.member("message"));
    if (name == "error") return error(root.member("error"));
    expect(started_, "something came before message_start");
    if (name.starts_with("content_block")) return block(name, root);
    if (name == "message_delta") return message_delta(root);
    expect(name == "message_stop", "an unknown event");
    expect(stopping_, "message_stop before message_delta");
    told.ended = true;
  }

 private:
  void start(Value message) {
    expect(!started_, "message_start came twice");
    started_ = true;
    expect_fields(message, {"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"});
    expect(text(message.member("id")).starts_with("msg_"), "the id is no message's");
    expect_fields(message.member("usage"), {"input_tokens", "output_tokens", "cache_read_input_tokens"});
  }
  void block(std::string_view name, Value root) {
    expect(!stopping_, "a block came after message_delta");
    expect(root.member("index").unsigned_integer() == index_, "a wrong index");
    if (name == "content_block_start") {
      expect(open_.empty(), "a block in a block");
      open_ = text(root.member("content_block").member("type"));
      if (open_ == "tool_use") expect_fields(root.member("content_block"), {"id", "name", "input"});
      signed_ = false;
    } else if (name == "content_block_stop") {
      expect(!open_.empty(), "a stop without a start");
      open_.clear();
      ++index_;
    } else {
      delta(text(root.member("delta").member("type")));
    }
  }
  void delta(const std::string& type) {
    const std::map<std::string, std::string> of = {{"text_delta", "text"},
                                                   {"thinking_delta", "thinking"},
                                                   {"signature_delta", "thinking"},
                                                   {"input_json_delta", "tool_use"}};
    expect(of.count(type) == 1 && of.at(type) == open_, "a delta of another block's kind: " + type);
    expect(!signed_, "a delta after the signature");
    signed_ = type == "signature_delta";
  }
  void message_delta(Value root) {
    expect(open_.empty() && !stopping_, "message_delta in a block, or twice");
    stopping_ = true;
    expect(root.member("delta").member("stop_reason").is(Kind::string), "no stop_reason");
    expect_fields(root.member("usage"), {"input_tokens", "output_tokens", "cache_creation_input_tokens"});
  }
  void error(Value error) {
    told.ended = told.failed = true;
    expect(!text(error.member("type")).empty() && !text(error.member("message")).empty(), "an error without words");
  }

  bool started_ = false, stopping_ = false, signed_ = false;
  std::string open_;
  std::uint64_t index_ = 0;
};

class ChatChecker final : public StreamChecker {
 public:
  void take(std::string_view name, std::string_view data) override {
    expect(name.empty(), "a named event");
    expect(!told.ended, "something came after the end");
    if (data == "[DONE]") {
      expect(finished_, "[DONE] without a finish_reason");
      told.ended = true;
      return;
    }
    const Value root = parse(data);
    if (root.member("error").present()) {
      told.ended = told.failed = true;
      return expect(!text(root.member("error").member("message")).empty(), "an error without words");
    }
    expect_fields(root, {"id", "object", "created", "model", "choices"});
    if (id_.empty()) id_ = text(root.member("id"));
    expect(id_.starts_with("chatcmpl-") && id_ == text(root.member("id")), "another id");
    std::size_t choices = 0;
    for (Elements elements(root.member("choices")); elements.next(); ++choices) choice(elements.value());
    expect(choices <= 1, "more than one choice");
    expect(choices == 1 || (finished_ && root.member("usage").is(Kind::object)), "a chunk without anything");
  }

 private:
  void choice(Value choice) {
    expect(!finished_, "a delta after finish_reason");
    expect_fields(choice, {"index", "delta", "finish_reason"});
    const Value delta = choice.member("delta");
    expect(delta.member("role").present() == !started_, "the role is for the first delta");
    started_ = true;
    for (Elements calls(delta.member("tool_calls")); calls.next();) call(calls.value());
    finished_ = choice.member("finish_reason").is(Kind::string);
  }
  void call(Value call) {
    const std::uint64_t index = call.member("index").unsigned_integer().value_or(1U << 30U);
    const bool first = index == calls_;
    expect(first || index + 1 == calls_, "calls are interleaved, or their indexes have gaps");
    expect(call.member("id").present() == first, "a call's id stands in its first delta");
    if (first) free_text_ = text(call.member("type")) == "custom";
    const Value inner = call.member(free_text_ ? "custom" : "function");
    expect(inner.member("name").present() == first, "a call's name stands in its first delta");
    expect(inner.member(free_text_ ? "input" : "arguments").is(Kind::string), "no arguments");
    if (first) ++calls_;
  }

  std::string id_;
  bool started_ = false, finished_ = false;
  bool free_text_ = false;  // the last call
  std::uint64_t calls_ = 0;
};

// Also makes the answer: nothing else reads this dialect.
class ResponsesChecker final : public StreamChecker {
 public:
  void take(std::string_view name, std::string_view data) override {
    const Value root = parse(data);
    expect(name == root.member("type").raw_string(), "the event's name is not its type");
    expect(root.member("sequence_number").unsigned_integer() == sequence_++, "a wrong sequence_number");
    expect(!told.ended, "something came after the end");
    if (name == "error") {
      expect(!text(root.member("message")).empty(), "an error without words");
      error_ = true;
    } else if (root.member("response").present()) {
      lifecycle(name, root.member("response"));
    } else {
      expect(created_ == 2, "something came before response.in_progress");
      expect(root.member("output_index").unsigned_integer() == items_.size(), "a wrong output_index");
      item_event(name, root);
    }
  }

 private:
  void lifecycle(std::string_view name, Value response) {
    expect_fields(response, {"id", "object", "created_at", "status", "error", "incomplete_details", "model", "output",
                             "parallel_tool_calls", "tool_choice", "tools", "usage", "metadata"});
    const std::string id = text(response.member("id"));
    if (created_ == 0) told.reply.id = id;
    expect(id.starts_with("resp_") && id == told.reply.id, "another id");
    told.reply.model = text(response.member("model"));
    if (name == "response.created" || name == "response.in_progress") {
      expect(created_ == (name == "response.created" ? 0 : 1), "begun twice");
      expect(text(response.member("status")) == "in_progress", "a wrong status");
      ++created_;
      return;
    }
    told.ended = true;
    told.failed = name == "response.failed";
    expect("response." + text(response.member("status")) == name, "a wrong status");
    expect(told.failed == error_ && told.failed == response.member("error").is(Kind::object), "a failure half told");
    expect(told.failed || (created_ == 2 && open_.empty()), "the end came in the middle");
    std::size_t i = 0;
    for (Elements output(response.member("output")); output.next(); ++i) {
      expect(i < items_.size() && items_[i] == output.value().raw(), "the end tells another item than before");
    }
    expect(i == items_.size(), "the end has lost an item");
    finish(response);
  }

  void finish(Value response) {
    const std::string why = text(response.member("incomplete_details").member("reason"));
    core::Reply& reply = told.reply;
    for (const core::ReplyBlock& block : reply.blocks) {
      if (block.kind == core::BlockKind::tool_use) reply.stop = core::StopReason::tool_use;
      if (block.kind == core::BlockKind::refusal) reply.stop = core::StopReason::refusal;
    }
    if (why == "max_output_tokens") reply.stop = core::StopReason::max_tokens;
    if (why == "content_filter") reply.stop = core::StopReason::refusal;
    read_openai_usage(response.member("usage"), reply.usage);
  }

  void item_event(std::string_view name, Value root) {
    if (name == "response.output_item.added") {
      expect(open_.empty(), "an item in an item");
      const Value item = root.member("item");
      id_ = text(item.member("id"));
      expect(ids_.insert(id_).second, "an id stands twice");
      open_ = text(item.member("type"));
      text_.clear();
      parts_ = 0;
      return;
    }
    expect(!open_.empty(), "an event without its item");
    if (name == "response.output_item.done") return item_done(root.member("item"));
    expect(text(root.member("item_id")) == id_, "another item's id");
    if (!is_call()) {
      const Value part = root.member(open_ == "message" ? "content_index" : "summary_index");
      expect(part.unsigned_integer() == 0U, "a wrong index of a part");
    }
    if (name.ends_with("part.added")) {
      ++parts_;
    } else if (name.ends_with(".delta")) {
      if (is_call()) expect(name == call_event() + ".delta", "another call's event");
      expect(parts_ == 1 || is_call(), "a delta outside of a part");
      text_ += text(root.member("delta"));
    } else if (name.ends_with("part.done")) {
      ++parts_;
      expect(part_text(root.member("part")) == text_, "a part is not the sum of its deltas");
    } else {
      expect(name.ends_with(".done"), "an unknown event");
      if (is_call()) expect(name == call_event() + ".done", "another call's event");
      expect(part_text(root) == text_, "a text is not the sum of its deltas");
    }
  }

  bool is_call() const { return open_ == "function_call" || open_ == "custom_tool_call"; }
  std::string call_event() const {
    return open_ == "function_call" ? "response.function_call_arguments" : "response.custom_tool_call_input";
  }

  static std::string part_text(Value part) {
    for (const std::string_view field : {"text", "refusal", "arguments", "input"}) {
      if (const auto found = part.member(field).string()) return *found;
    }
    return {};
  }

  void item_done(Value item) {
    expect(parts_ == (is_call() ? 0 : 2), "an item's part did not begin and end");
    core::ReplyBlock block;
    Value part = item;
    if (is_call()) {
      expect_fields(item, {"call_id", "name", open_ == "function_call" ? "arguments" : "input", "status"});
      block = {core::BlockKind::tool_use, text(item.member("call_id")), text(item.member("name")), {}, {}};
    } else {
      for (Elements e(item.member(open_ == "message" ? "content" : "summary")); e.next();) part = e.value();
      if (open_ == "reasoning") block.kind = core::BlockKind::thinking;
      if (text(part.member("type")) == "refusal") block.kind = core::BlockKind::refusal;
    }
    block.text = part_text(part);
    expect(block.text == text_ && text(item.member("id")) == id_, "an item is not the sum of its deltas");
    told.reply.blocks.push_back(block);
    items_.emplace_back(item.raw());
    open_.clear();
  }

  std::uint64_t sequence_ = 0;
  int created_ = 0, parts_ = 0;
  bool error_ = false;
  std::string open_, id_, text_;
  std::set<std::string> ids_;
  std::vector<std::string> items_;
};

// A client's stream, or a piece of it from the front, checked and read.
inline Told told_by(core::Dialect dialect, std::string_view stream) {
  AnthropicChecker anthropic;
  ChatChecker chat;
  ResponsesChecker responses;
  StreamChecker* checker = &responses;
  if (dialect == core::Dialect::anthropic) checker = &anthropic;
  if (dialect == core::Dialect::openai_chat) checker = &chat;
  SseReader sse;
  for (std::string_view rest = stream; sse.next(rest);) {
    // the end of an answer in the Responses dialect may be longer than we would read
    if (!sse.event().truncated) checker->take(sse.event().name, sse.event().data);
  }
  if (!sse.between_events() && checker->told.complaint.empty()) checker->told.complaint = "an event is torn";
  if (dialect == core::Dialect::openai_responses) return checker->told;
  EventReader reader(dialect);
  for (const core::Event& event : reader.feed(stream)) core::fold(checker->told.reply, event);
  return checker->told;
}

// Whether events keep core::EventGrammar, those of all calls together.
class GrammarCheck {
 public:
  bool take(const std::vector<core::Event>& events) {
    for (const core::Event& event : events) holds_ = holds_ && grammar_.take(event).ok();
    return holds_;
  }
  bool ended() const { return grammar_.ended(); }

 private:
  core::EventGrammar grammar_;
  bool holds_ = true;
};

// The answer as it can be said in a dialect: what is lost on the way to its clients is gone here too.
inline core::Reply sayable(core::Dialect dialect, core::Reply reply) {
  using core::BlockKind;
  std::vector<core::ReplyBlock> blocks;
  const bool anthropic = dialect == core::Dialect::anthropic;
  for (core::ReplyBlock& block : reply.blocks) {
    if (anthropic && block.kind == BlockKind::thinking && block.signature.empty()) continue;
    if (!anthropic && block.kind == BlockKind::redacted_thinking) continue;
    if (!anthropic) block.signature.clear();
    if (anthropic && block.kind == BlockKind::refusal) block.kind = BlockKind::text;
    if (dialect == core::Dialect::openai_chat && !blocks.empty() && block.kind == BlockKind::text &&
        blocks.back().kind == BlockKind::text) {
      blocks.back().text += block.text;
      continue;
    }
    blocks.push_back(block);
  }
  reply.blocks = std::move(blocks);
  if (!anthropic) {
    reply.usage.cache_write_5m += reply.usage.cache_write_1h;
    reply.usage.cache_write_1h = 0;
    reply.stop_sequence.clear();
    if (reply.stop == core::StopReason::stop_sequence) reply.stop = core::StopReason::end_turn;
  }
  return reply;
}

}  // namespace basin::wire::testing
