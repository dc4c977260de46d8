// Chat completions for a client: chunks with one delta each, calls under rising indexes, the usage in a chunk of its
// own where it was asked for, and [DONE]. A failure is an error object, and no [DONE] follows it.
//
// Thinking is `reasoning_content`, the field that most clients of this dialect know.
#include <optional>

#include "wire/answer_id.h"
#include "wire/event_writers.h"
#include "wire/free_text.h"
#include "wire/stop_words.h"

namespace basin::wire {
namespace {

using base::json::Writer;
using core::BlockKind;
using core::Event;

// The one reason that is not the table's: a refusal in the model's own words ends as any answer does.
std::string_view finish_reason(core::StopReason stop, bool has_refusal) {
  if (stop == core::StopReason::refusal && has_refusal) stop = core::StopReason::end_turn;
  return stop_word(core::Dialect::openai_chat, stop);
}

// A call's type, which is also the name of its object, and where its arguments or its text stand in that.
struct CallWords {
  std::string_view type, text;
};
const CallWords& call_words(bool free_text) {
  static constexpr CallWords kFunction = {"function", "arguments"}, kFreeText = {"custom", "input"};
  return free_text ? kFreeText : kFunction;
}

class ChatWriter final : public EventWriter {
 public:
  explicit ChatWriter(const AnswerStyle& style) : style_(style) {}
  void write(const Event& event, std::string& out) override;

 private:
  Writer& open_chunk(Writer& writer);
  template <class WriteDelta>
  void chunk(std::string& out, std::string_view finish_reason, WriteDelta write_delta);
  void text(std::string& out, std::string_view field, std::string_view text);
  void open_call(const Event& event, std::string& out);
  void arguments(std::string& out, std::string_view text);
  void say_call(std::string& out, std::string_view text);
  void close_call(std::string& out);
  void delta(const Event& event, std::string& out);
  void finish(const Event& event, std::string& out);
  void fail(const Event& event, std::string& out);

  AnswerStyle style_;
  std::string id_, model_;
  std::size_t calls_ = 0;
  bool has_arguments_ = false;               // of the open call something was said
  std::optional<FreeTextReader> free_text_;  // the open call's tool takes it
  bool has_refusal_ = false;
};

void ChatWriter::write(const Event& event, std::string& out) {
  switch (event.kind) {
    case Event::Kind::begin:
      id_ = answer_id("chatcmpl-", event.id);
      model_ = event.name;
      chunk(out, {}, [](Writer& w) { w.field("role", "assistant").field("content", "").key("refusal").null(); });
      return;
    case Event::Kind::open:
      has_refusal_ = has_refusal_ || event.block == BlockKind::refusal;
      if (event.block == BlockKind::tool_use) open_call(event, out);
      return;
    case Event::Kind::delta: return delta(event, out);
    case Event::Kind::signature: return;
    case Event::Kind::close:
      if (event.block == BlockKind::tool_use) close_call(out);
      return;
    case Event::Kind::finish: return finish(event, out);
    case Event::Kind::failure: return fail(event, out);
  }
}

Writer& ChatWriter::open_chunk(Writer& writer) {
  writer.object().field("id", id_).field("object", "chat.completion.chunk").field("created", style_.created_s);
  return writer.field("model", model_).key("choices").array();
}

template <class WriteDelta>
void ChatWriter::chunk(std::string& out, std::string_view finish_reason, WriteDelta write_delta) {
  out += "data: ";
  Writer writer(out);
  open_chunk(writer).object().field("index", 0).key("delta").object();
  write_delta(writer);
  writer.end().key("logprobs").null();
  text_or_null(writer.key("finish_reason"), finish_reason).end().end();
  if (style_.stream_usage) writer.key("usage").null();
  writer.end();
  out += "\n\n";
}

void ChatWriter::text(std::string& out, std::string_view field, std::string_view text) {
  chunk(out, {}, [&](Writer& w) { w.field(field, text); });
}

void ChatWriter::open_call(const Event& event, std::string& out) {
  has_arguments_ = false;
  free_text_.reset();
  if (style_.takes_free_text(event.name)) free_text_.emplace();
  const CallWords& words = call_words(free_text_.has_value());
  chunk(out, {}, [&](Writer& w) {
    w.key("tool_calls").array().object().field("index", calls_).field("id", event.id).field("type", words.type);
    w.key(words.type).object().field("name", event.name).field(words.text, "").end().end().end();
  });
  ++calls_;
}

void ChatWriter::arguments(std::string& out, std::string_view text) {
  if (!free_text_) return say_call(out, text);
  std::string known;
  free_text_->feed(text, known);
  if (!known.empty()) say_call(out, known);
}

void ChatWriter::say_call(std::string& out, std::string_view text) {
  has_arguments_ = true;
  const CallWords& words = call_words(free_text_.has_value());
  chunk(out, {}, [&](Writer& w) {
    w.key("tool_calls").array().object().field("index", calls_ - 1);
    w.key(words.type).object().field(words.text, text).end().end().end();
  });
}

void ChatWriter::close_call(std::string& out) {
  if (!free_text_) {
    if (!has_arguments_) say_call(out, "{}");  // clients parse what they were given
    return;
  }
  std::string rest;
  free_text_->end(rest);
  if (!rest.empty()) say_call(out, rest);
}

void ChatWriter::delta(const Event& event, std::string& out) {
  switch (event.block) {
    case BlockKind::text: return text(out, "content", event.text);
    case BlockKind::thinking: return text(out, "reasoning_content", event.text);
    case BlockKind::refusal: return text(out, "refusal", event.text);
    case BlockKind::tool_use: return arguments(out, event.text);
    case BlockKind::redacted_thinking: return;
  }
}

void ChatWriter::finish(const Event& event, std::string& out) {
  chunk(out, finish_reason(event.stop, has_refusal_), [](Writer&) {});
  if (style_.stream_usage && event.usage.known) {
    out += "data: ";
    Writer writer(out);
    open_chunk(writer).end().key("usage");
    write_openai_usage(writer, core::Dialect::openai_chat, event.usage);
    writer.end();
    out += "\n\n";
  }
  out += "data: [DONE]\n\n";
}

void ChatWriter::fail(const Event& event, std::string& out) {
  const FailureWords words = failure_words(core::Dialect::openai_chat, event);
  out += "data: ";
  Writer writer(out);
  writer.object().key("error").object().field("message", words.message).field("type", words.type);
  text_or_null(writer.key("param").null().key("code"), words.code).end().end();
  out += "\n\n";
}

// The texts of all blocks of a kind.
std::string joined(const core::Reply& reply, BlockKind kind) {
  std::string text;
  for (const core::ReplyBlock& block : reply.blocks) {
    if (block.kind == kind) text += block.text;
  }
  return text;
}

void write_calls(Writer& writer, const AnswerStyle& style, const core::Reply& reply) {
  bool any = false;
  for (const core::ReplyBlock& block : reply.blocks) {
    if (block.kind != BlockKind::tool_use) continue;
    if (!any) writer.key("tool_calls").array();
    any = true;
    const bool free_text = style.takes_free_text(block.name);
    const CallWords& words = call_words(free_text);
    writer.object().field("id", block.id).field("type", words.type).key(words.type).object().field("name", block.name);
    writer.field(words.text, free_text ? free_text_of(block.text) : block.text).end().end();
  }
  if (any) writer.end();
}

}  // namespace

std::unique_ptr<EventWriter> chat_event_writer(const AnswerStyle& style) { return std::make_unique<ChatWriter>(style); }

std::string chat_completion(const AnswerStyle& style, const core::Reply& reply) {
  const std::string content = joined(reply, BlockKind::text), refusal = joined(reply, BlockKind::refusal);
  const std::string thinking = joined(reply, BlockKind::thinking);
  std::string out;
  Writer writer(out);
  writer.object().field("id", answer_id("chatcmpl-", reply.id)).field("object", "chat.completion");
  writer.field("created", style.created_s).field("model", reply.model).key("choices").array();
  writer.object().field("index", 0).key("message").object().field("role", "assistant");
  text_or_null(writer.key("content"), content);
  text_or_null(writer.key("refusal"), refusal);
  if (!thinking.empty()) writer.field("reasoning_content", thinking);
  write_calls(writer, style, reply);
  writer.end().key("logprobs").null();
  writer.field("finish_reason", finish_reason(reply.stop, !refusal.empty())).end().end();
  if (reply.usage.known) write_openai_usage(writer.key("usage"), core::Dialect::openai_chat, reply.usage);
  writer.end();
  return out;
}

}  // namespace basin::wire
