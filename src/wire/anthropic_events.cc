// Anthropic Messages, answered: a stream of message_start, blocks one after another, message_delta and message_stop, or
// the message that these make. A whole message is read as the stream would be: each block starts with all that it
// holds.
//
// What only this vendor's own tools make (server_tool_use, their results, compaction, ...) no other dialect can say:
// such blocks are passed over whole, and so are events and deltas of kinds that are not known yet.
#include "wire/event_readers.h"
#include "wire/fields.h"
#include "wire/stop_words.h"
#include "wire/vendor_error.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;
using core::BlockKind;

std::string text_of(Value value) { return value.string().value_or(std::string()); }

class AnthropicReader final : public DialectReader {
 public:
  explicit AnthropicReader(EventSink& sink) : sink_(sink) {}

  void take(const SseEvent& event) override;
  void stream_over() override {}  // message_stop alone ends an answer
  void read(Value root) override;

 private:
  void message_start(Value message);
  void block_start(Value block);
  void block_delta(Value delta);
  void block_stop();
  void message_delta(Value delta);
  void message_stop();
  void piece(BlockKind kind, Value text);
  void fail(Value root);

  EventSink& sink_;
  Document document_;
  bool skipping_ = false;    // inside of a block that is passed over
  std::string signature_;    // of the open thinking
  std::string whole_input_;  // of the open call, where its start held it
  bool has_input_ = false;   // it came in pieces
  core::StopReason stop_ = core::StopReason::end_turn;
  std::string sequence_;
};

void AnthropicReader::take(const SseEvent& event) {
  if (event.data.empty() || event.name == "ping") return;
  if (!document_.parse(event.data)) {
    if (event.name == "error") {
      const VendorError error = read_vendor_error(core::Dialect::anthropic, 0, event.data);
      return sink_.fail(base::Code::bad_upstream, error.message, error.words->kind);
    }
    return sink_.fail(base::Code::bad_upstream, "an event of the answer's stream is not JSON");
  }
  constexpr Names<5> kNames = {"type", "message", "content_block", "delta", "usage"};
  const auto [type, message, block, delta, usage] = collect(document_.root(), kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "error" || event.name == "error") return fail(document_.root());
  if (kind == "message_start") return message_start(message);
  constexpr std::string_view kInside[] = {"content_block_start", "content_block_delta", "content_block_stop",
                                          "message_delta", "message_stop"};
  bool known = false;
  for (const std::string_view name : kInside) known = known || kind == name;
  if (!known) return;
  if (!sink_.began()) {
    return sink_.fail(base::Code::bad_upstream, std::string(kind) + " came before message_start");
  }
  if (kind == "content_block_start") return block_start(block);
  if (kind == "content_block_delta") return block_delta(delta);
  if (kind == "content_block_stop") return block_stop();
  if (kind == "message_stop") return message_stop();
  read_anthropic_usage(usage, sink_.facts().usage);
  message_delta(delta);
}

void AnthropicReader::read(Value root) {
  constexpr Names<3> kNames = {"error", "content", "usage"};
  const auto [error, content, usage] = collect(root, kNames);
  if (error.present()) return fail(root);
  if (!content.is(Kind::array)) return;
  message_start(root);
  for (Elements blocks(content); blocks.next();) {
    block_start(blocks.value());
    block_stop();
  }
  message_delta(root);
  message_stop();
}

void AnthropicReader::message_start(Value message) {
  constexpr Names<3> kNames = {"id", "model", "usage"};
  const auto [id, model, usage] = collect(message, kNames);
  read_anthropic_usage(usage, sink_.facts().usage);
  sink_.begin(text_of(id), text_of(model));
}

void AnthropicReader::block_start(Value block) {
  block_stop();
  constexpr Names<8> kNames = {"type", "text", "thinking", "signature", "data", "id", "name", "input"};
  const auto [type, text, thinking, signature, data, id, name, input] = collect(block, kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "text") {
    sink_.open(BlockKind::text);
    piece(BlockKind::text, text);
  } else if (kind == "thinking") {
    sink_.open(BlockKind::thinking);
    signature_ = text_of(signature);
    piece(BlockKind::thinking, thinking);
  } else if (kind == "redacted_thinking") {
    sink_.open(BlockKind::redacted_thinking);
    piece(BlockKind::redacted_thinking, data);
  } else if (kind == "tool_use") {
    sink_.open(BlockKind::tool_use, text_of(id), text_of(name));
    // a stream's start says {} and leaves the rest to deltas
    if (Members members(input); members.next()) whole_input_ = input.raw();
  } else {
    skipping_ = true;
  }
}

void AnthropicReader::block_delta(Value delta) {
  constexpr Names<5> kNames = {"type", "text", "thinking", "signature", "partial_json"};
  const auto [type, text, thinking, signature, json] = collect(delta, kNames);
  const std::string_view kind = type.raw_string();
  if (skipping_) return;
  if (kind == "text_delta") return piece(BlockKind::text, text);
  if (kind == "thinking_delta") return piece(BlockKind::thinking, thinking);
  if (kind == "input_json_delta") return piece(BlockKind::tool_use, json);
  if (kind != "signature_delta") return;
  signature_ += text_of(signature);
  if (signature_.size() > kAnswerLimit) sink_.fail(base::Code::bad_upstream, "a signature is longer than 8 MiB");
}

void AnthropicReader::piece(BlockKind kind, Value text) {
  if (sink_.inside() != kind) {
    return sink_.fail(base::Code::bad_upstream,
                      "a piece came outside of a block of its kind: " + std::string(core::name_of(kind)));
  }
  const std::string decoded = text_of(text);
  has_input_ = has_input_ || !decoded.empty();
  sink_.say(decoded);
}

void AnthropicReader::block_stop() {
  if (sink_.inside() == BlockKind::tool_use && !has_input_ && !whole_input_.empty()) sink_.say(whole_input_);
  sink_.close(signature_);
  signature_.clear();
  whole_input_.clear();
  has_input_ = skipping_ = false;
}

void AnthropicReader::message_delta(Value delta) {
  constexpr Names<2> kNames = {"stop_reason", "stop_sequence"};
  const auto [reason, sequence] = collect(delta, kNames);
  if (!reason.present()) return;
  sink_.facts().stop_reason = limited(text_of(reason));
  stop_ = stop_reason_of(core::Dialect::anthropic, sink_.facts().stop_reason);
  sequence_ = text_of(sequence);
}

void AnthropicReader::message_stop() {
  block_stop();
  sink_.finish(stop_, sequence_);
}

void AnthropicReader::fail(Value root) {
  const VendorError error = read_vendor_error(core::Dialect::anthropic, 0, root);
  sink_.fail(base::Code::bad_upstream, error.message, error.words->kind);
}

}  // namespace

std::unique_ptr<DialectReader> anthropic_event_reader(EventSink& sink) {
  return std::make_unique<AnthropicReader>(sink);
}

}  // namespace basin::wire
