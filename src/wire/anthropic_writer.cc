// Anthropic Messages for a client: message_start, blocks under rising indexes, message_delta with the whole usage,
// message_stop.
//
// Messages and usages hold every field of the vendor's own, null where there is nothing to say. Blocks hold only what
// is needed: clients send them back as they came, and a strict server refuses a field that it does not know.
#include <optional>

#include "base/json.h"
#include "wire/answer_id.h"
#include "wire/event_writers.h"
#include "wire/stop_words.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Kind;
using base::json::Writer;
using core::BlockKind;
using core::Event;

void write_usage(Writer& writer, const core::Usage& usage) {
  writer.object().field("input_tokens", usage.input);
  writer.field("cache_creation_input_tokens", usage.cache_write_5m + usage.cache_write_1h);
  writer.field("cache_read_input_tokens", usage.cache_read).key("cache_creation").object();
  writer.field("ephemeral_5m_input_tokens", usage.cache_write_5m);
  writer.field("ephemeral_1h_input_tokens", usage.cache_write_1h).end();
  writer.field("output_tokens", usage.output).key("output_tokens_details").object();
  writer.field("thinking_tokens", usage.reasoning).end();
  writer.key("server_tool_use").null().key("service_tier").null().key("inference_geo").null().key("speed").null().end();
}

// stop_reason and what belongs to it; nullopt: it has not ended yet.
void write_stop(Writer& writer, std::optional<core::StopReason> stop, std::string_view sequence) {
  writer.key("stop_reason");
  text_or_null(writer, stop ? stop_word(core::Dialect::anthropic, *stop) : std::string_view());
  text_or_null(writer.key("stop_sequence"), sequence);
  writer.key("stop_details");
  if (stop == core::StopReason::refusal) {
    writer.object().field("type", "refusal").key("category").null().key("explanation").null().end();
  } else {
    writer.null();
  }
  writer.key("container").null();
}

// Up to where `content` belongs.
void open_message(Writer& writer, std::string_view id, std::string_view model) {
  writer.object().field("id", answer_id("msg_", id)).field("type", "message").field("role", "assistant");
  writer.field("model", model).key("content");
}

void write_event(std::string& out, std::string_view name, std::string_view rest) {
  out.append("event: ").append(name).append("\ndata: {\"type\":\"").append(name).append("\"").append(rest);
  out += "}\n\n";
}

class AnthropicWriter final : public EventWriter {
 public:
  explicit AnthropicWriter(const AnswerStyle& style) : style_(style) {}
  void write(const Event& event, std::string& out) override;

 private:
  void begin(const Event& event, std::string& out);
  void open(const Event& event, std::string& out);
  void delta(const Event& event, std::string& out);
  void delta_of(std::string_view type, std::string_view field, std::string_view text, std::string& out);
  void close(std::string& out);
  void redacted(std::string& out);
  void finish(const Event& event, std::string& out);
  // Thinking is held until its end tells whether it is signed; what is opaque has no deltas and is said whole.
  bool holds(BlockKind kind) const {
    return kind == BlockKind::redacted_thinking || (kind == BlockKind::thinking && !style_.unsigned_thinking);
  }

  AnswerStyle style_;
  std::size_t index_ = 0;  // of the open block
  bool started_ = false;   // the open block's start was said
  std::string held_;       // thinking
};

void AnthropicWriter::write(const Event& event, std::string& out) {
  switch (event.kind) {
    case Event::Kind::begin: return begin(event, out);
    case Event::Kind::open:
      held_.clear();
      if (!holds(event.block)) open(event, out);
      return;
    case Event::Kind::delta:
      if (holds(event.block)) {
        held_ += event.text;
      } else {
        delta(event, out);
      }
      return;
    case Event::Kind::signature:
      if (!started_) {
        open(event, out);
        if (!held_.empty()) delta_of("thinking_delta", "thinking", held_, out);
      }
      return delta_of("signature_delta", "signature", event.text, out);
    case Event::Kind::close:
      if (event.block == BlockKind::redacted_thinking) redacted(out);
      return close(out);
    case Event::Kind::finish: return finish(event, out);
    case Event::Kind::failure: break;
  }
  const FailureWords words = failure_words(core::Dialect::anthropic, event);
  std::string rest = ",\"error\":";
  Writer(rest).object().field("type", words.type).field("message", words.message).end();
  write_event(out, "error", rest);
}

void AnthropicWriter::begin(const Event& event, std::string& out) {
  std::string rest = ",\"message\":";
  Writer writer(rest);
  open_message(writer, event.id, event.name);
  writer.array().end();
  write_stop(writer, std::nullopt, {});
  write_usage(writer.key("usage"), event.usage);
  writer.key("diagnostics").null().end();
  write_event(out, "message_start", rest);
}

void AnthropicWriter::open(const Event& event, std::string& out) {
  started_ = true;
  std::string rest = ",\"index\":" + std::to_string(index_) + ",\"content_block\":";
  Writer writer(rest);
  writer.object();
  switch (event.block) {
    case BlockKind::tool_use:
      writer.field("type", "tool_use").field("id", event.id).field("name", event.name).key("input").object().end();
      break;
    case BlockKind::thinking: writer.field("type", "thinking").field("thinking", "").field("signature", ""); break;
    case BlockKind::redacted_thinking:
    case BlockKind::text:
    case BlockKind::refusal: writer.field("type", "text").field("text", ""); break;
  }
  writer.end();
  write_event(out, "content_block_start", rest);
}

void AnthropicWriter::delta(const Event& event, std::string& out) {
  switch (event.block) {
    case BlockKind::tool_use: return delta_of("input_json_delta", "partial_json", event.text, out);
    case BlockKind::thinking: return delta_of("thinking_delta", "thinking", event.text, out);
    case BlockKind::text:
    case BlockKind::refusal: return delta_of("text_delta", "text", event.text, out);
    case BlockKind::redacted_thinking: return;
  }
}

void AnthropicWriter::redacted(std::string& out) {
  started_ = true;
  std::string rest = ",\"index\":" + std::to_string(index_) + ",\"content_block\":";
  Writer(rest).object().field("type", "redacted_thinking").field("data", held_).end();
  write_event(out, "content_block_start", rest);
}

void AnthropicWriter::delta_of(std::string_view type, std::string_view field, std::string_view text, std::string& out) {
  std::string rest = ",\"index\":" + std::to_string(index_) + ",\"delta\":";
  Writer(rest).object().field("type", type).field(field, text).end();
  write_event(out, "content_block_delta", rest);
}

void AnthropicWriter::close(std::string& out) {
  if (!started_) return;
  write_event(out, "content_block_stop", ",\"index\":" + std::to_string(index_));
  started_ = false;
  ++index_;
}

void AnthropicWriter::finish(const Event& event, std::string& out) {
  std::string rest = ",\"delta\":";
  Writer writer(rest);
  writer.object();
  write_stop(writer, event.stop, event.text);
  writer.end();
  rest += ",\"usage\":";
  Writer usage(rest);
  write_usage(usage, event.usage);
  write_event(out, "message_delta", rest);
  write_event(out, "message_stop", {});
}

bool is_object(std::string_view json) {
  Document document;
  return document.parse(json).ok() && document.root().is(Kind::object);
}

void write_block(Writer& writer, const AnswerStyle& style, const core::ReplyBlock& block) {
  switch (block.kind) {
    case BlockKind::text:
    case BlockKind::refusal: writer.object().field("type", "text").field("text", block.text).end(); return;
    case BlockKind::thinking:
      if (block.signature.empty() && !style.unsigned_thinking) return;
      writer.object().field("type", "thinking").field("thinking", block.text);
      writer.field("signature", block.signature).end();
      return;
    case BlockKind::redacted_thinking:
      writer.object().field("type", "redacted_thinking").field("data", block.text).end();
      return;
    case BlockKind::tool_use:
      if (!is_object(block.text)) return;
      writer.object().field("type", "tool_use").field("id", block.id).field("name", block.name);
      writer.key("input").raw(block.text).end();
      return;
  }
}

}  // namespace

std::unique_ptr<EventWriter> anthropic_event_writer(const AnswerStyle& style) {
  return std::make_unique<AnthropicWriter>(style);
}

std::string anthropic_message(const AnswerStyle& style, const core::Reply& reply) {
  std::string out;
  Writer writer(out);
  open_message(writer, reply.id, reply.model);
  writer.array();
  for (const core::ReplyBlock& block : reply.blocks) write_block(writer, style, block);
  writer.end();
  write_stop(writer, reply.stop, reply.stop_sequence);
  write_usage(writer.key("usage"), reply.usage);
  writer.key("diagnostics").null().end();
  return out;
}

}  // namespace basin::wire
