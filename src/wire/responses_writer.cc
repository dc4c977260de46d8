// Responses for a client: an answer is a list of items (reasoning, message, function_call, custom_tool_call), each
// announced, told piece by piece, told again whole, and closed; the end tells all of them once more. Every event has
// its number. One block of an answer is one item here, whatever kind it has.
//
// Fields that repeat the request (tools, temperature, instructions, ...) are not known here and say nothing.
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

// What the parts of an item are called.
struct ItemWords {
  std::string_view id_prefix, type;
  std::string_view list;              // of its parts
  std::string_view part, part_field;  // a part's type, and where its text stands
  std::string_view delta, done;       // events for its text
  std::string_view part_added, part_done;
  std::string_view part_index;
};

// `free_text`: a call whose tool takes it.
const ItemWords& words_of(BlockKind kind, bool free_text) {
  static constexpr ItemWords kMessage = {"msg_",
                                         "message",
                                         "content",
                                         "output_text",
                                         "text",
                                         "response.output_text.delta",
                                         "response.output_text.done",
                                         "response.content_part.added",
                                         "response.content_part.done",
                                         "content_index"};
  static constexpr ItemWords kRefusal = {"msg_",
                                         "message",
                                         "content",
                                         "refusal",
                                         "refusal",
                                         "response.refusal.delta",
                                         "response.refusal.done",
                                         "response.content_part.added",
                                         "response.content_part.done",
                                         "content_index"};
  static constexpr ItemWords kReasoning = {"rs_",
                                           "reasoning",
                                           "summary",
                                           "summary_text",
                                           "text",
                                           "response.reasoning_summary_text.delta",
                                           "response.reasoning_summary_text.done",
                                           "response.reasoning_summary_part.added",
                                           "response.reasoning_summary_part.done",
                                           "summary_index"};
  static constexpr ItemWords kCall = {"fc_",
                                      "function_call",
                                      "",
                                      "",
                                      "arguments",
                                      "response.function_call_arguments.delta",
                                      "response.function_call_arguments.done",
                                      "",
                                      "",
                                      ""};
  static constexpr ItemWords kFreeTextCall = {"ctc_",
                                              "custom_tool_call",
                                              "",
                                              "",
                                              "input",
                                              "response.custom_tool_call_input.delta",
                                              "response.custom_tool_call_input.done",
                                              "",
                                              "",
                                              ""};
  switch (kind) {
    case BlockKind::text: return kMessage;
    case BlockKind::refusal: return kRefusal;
    case BlockKind::thinking:
    case BlockKind::redacted_thinking: return kReasoning;
    case BlockKind::tool_use: return free_text ? kFreeTextCall : kCall;
  }
  return kMessage;
}

// What only its maker can read says nothing to these clients.
bool has_item(BlockKind kind) { return kind != BlockKind::redacted_thinking; }

void write_part(Writer& writer, const ItemWords& words, BlockKind kind, std::string_view text) {
  writer.object().field("type", words.part).field(words.part_field, text);
  if (kind == BlockKind::text) writer.key("annotations").array().end().key("logprobs").array().end();
  writer.end();
}

// One item of the output; without its parts and as in progress where `done` is false. A call's text is what the client
// is told: free text where it is that.
void write_item(Writer& writer, const ItemWords& words, const core::ReplyBlock& block, std::string_view item_id,
                bool done) {
  writer.object().field("type", words.type).field("id", item_id);
  if (block.kind == BlockKind::tool_use) {
    writer.field("call_id", block.id).field("name", block.name).field(words.part_field, done ? block.text : "");
  } else {
    if (block.kind != BlockKind::thinking) writer.field("role", "assistant");
    writer.key(words.list).array();
    if (done) write_part(writer, words, block.kind, block.text);
    writer.end();
  }
  if (block.kind != BlockKind::thinking) writer.field("status", done ? "completed" : "in_progress");
  writer.end();
}

struct Ending {
  std::string_view status;      // "in_progress", "completed", "incomplete", "failed"
  std::string_view incomplete;  // why
  const FailureWords* failure = nullptr;
  const core::Usage* usage = nullptr;
};

// `output` is the items, with commas between them.
void write_response(Writer& writer, std::string_view id, std::string_view model, const AnswerStyle& style,
                    std::string_view output, const Ending& ending) {
  writer.object().field("id", id).field("object", "response").field("created_at", style.created_s);
  writer.field("status", ending.status).key("error");
  if (ending.failure == nullptr) {
    writer.null();
  } else {
    writer.object().field("code", ending.failure->code.empty() ? "server_error" : ending.failure->code);
    writer.field("message", ending.failure->message).end();
  }
  writer.key("incomplete_details");
  if (ending.incomplete.empty()) {
    writer.null();
  } else {
    writer.object().field("reason", ending.incomplete).end();
  }
  writer.key("instructions").null().key("max_output_tokens").null().field("model", model);
  writer.key("output").raw("[" + std::string(output) + "]").field("parallel_tool_calls", true);
  writer.key("previous_response_id").null().key("reasoning").object().key("effort").null().key("summary").null().end();
  writer.field("store", false).key("temperature").null().key("text").object().key("format").object();
  writer.field("type", "text").end().end().field("tool_choice", "auto").key("tools").array().end();
  writer.key("top_p").null().field("truncation", "disabled").key("usage");
  if (ending.usage != nullptr && ending.usage->known) {
    write_openai_usage(writer, core::Dialect::openai_responses, *ending.usage);
  } else {
    writer.null();
  }
  writer.key("user").null().key("metadata").object().end().end();
}

// A refusal in the model's own words is a complete answer.
Ending ending_of(core::StopReason stop, bool has_refusal, const core::Usage& usage) {
  if (stop == core::StopReason::refusal && has_refusal) stop = core::StopReason::end_turn;
  const std::string_view why = stop_word(core::Dialect::openai_responses, stop);
  return {why.empty() ? "completed" : "incomplete", why, nullptr, &usage};
}

class ResponsesWriter final : public EventWriter {
 public:
  explicit ResponsesWriter(const AnswerStyle& style) : style_(style) {}
  void write(const Event& event, std::string& out) override;

 private:
  template <class WriteRest>
  void event(std::string& out, std::string_view type, WriteRest write_rest);
  template <class WriteRest>
  void item_event(std::string& out, std::string_view type, WriteRest write_rest);
  void lifecycle(std::string& out, std::string_view type, const Ending& ending);
  void open(const Event& event, std::string& out);
  void delta(std::string_view text, std::string& out);
  void say(std::string_view text, std::string& out);
  void close(std::string& out);
  void fail(const Event& failure, std::string& out);

  AnswerStyle style_;
  std::string id_, upstream_id_, model_;
  std::uint64_t sequence_ = 0;
  std::size_t index_ = 0;                    // of the open item
  core::ReplyBlock block_;                   // the open one, and what was said of it
  const ItemWords* words_ = nullptr;         // the open one's
  std::optional<FreeTextReader> free_text_;  // a call of a tool that takes it
  std::string item_id_;
  std::string output_;  // the items that are over
  bool has_refusal_ = false;
};

void ResponsesWriter::write(const Event& event, std::string& out) {
  switch (event.kind) {
    case Event::Kind::begin:
      upstream_id_ = event.id;
      id_ = answer_id("resp_", event.id);
      model_ = event.name;
      lifecycle(out, "response.created", {"in_progress", {}});
      return lifecycle(out, "response.in_progress", {"in_progress", {}});
    case Event::Kind::open:
      if (has_item(event.block)) open(event, out);
      return;
    case Event::Kind::delta:
      if (has_item(event.block)) delta(event.text, out);
      return;
    case Event::Kind::signature: return;
    case Event::Kind::close:
      if (has_item(event.block)) close(out);
      return;
    case Event::Kind::finish: {
      const Ending ending = ending_of(event.stop, has_refusal_, event.usage);
      return lifecycle(out, ending.incomplete.empty() ? "response.completed" : "response.incomplete", ending);
    }
    case Event::Kind::failure: return fail(event, out);
  }
}

template <class WriteRest>
void ResponsesWriter::event(std::string& out, std::string_view type, WriteRest write_rest) {
  out.append("event: ").append(type).append("\ndata: ");
  Writer writer(out);
  writer.object().field("type", type).field("sequence_number", sequence_++);
  write_rest(writer);
  writer.end();
  out += "\n\n";
}

// Events of the open item's parts say which one they mean.
template <class WriteRest>
void ResponsesWriter::item_event(std::string& out, std::string_view type, WriteRest write_rest) {
  event(out, type, [&](Writer& w) {
    w.field("item_id", item_id_).field("output_index", index_);
    if (const std::string_view part = words_->part_index; !part.empty()) w.field(part, 0);
    write_rest(w);
  });
}

void ResponsesWriter::lifecycle(std::string& out, std::string_view type, const Ending& ending) {
  event(out, type, [&](Writer& w) { write_response(w.key("response"), id_, model_, style_, output_, ending); });
}

void ResponsesWriter::open(const Event& opened, std::string& out) {
  block_ = {opened.block, opened.id, opened.name, {}, {}};
  has_refusal_ = has_refusal_ || block_.kind == BlockKind::refusal;
  free_text_.reset();
  if (block_.kind == BlockKind::tool_use && style_.takes_free_text(block_.name)) free_text_.emplace();
  const ItemWords& words = words_of(block_.kind, free_text_.has_value());
  words_ = &words;
  item_id_ = answer_id(words.id_prefix, upstream_id_, index_);
  event(out, "response.output_item.added",
        [&](Writer& w) { write_item(w.field("output_index", index_).key("item"), words, block_, item_id_, false); });
  if (words.part.empty()) return;
  item_event(out, words.part_added, [&](Writer& w) { write_part(w.key("part"), words, block_.kind, {}); });
}

void ResponsesWriter::delta(std::string_view text, std::string& out) {
  if (!free_text_) return say(text, out);
  std::string known;
  free_text_->feed(text, known);
  if (!known.empty()) say(known, out);
}

void ResponsesWriter::say(std::string_view text, std::string& out) {
  block_.text += text;
  item_event(out, words_->delta, [&](Writer& w) {
    w.field("delta", text);
    if (block_.kind == BlockKind::text) w.key("logprobs").array().end();
  });
}

void ResponsesWriter::close(std::string& out) {
  const ItemWords& words = *words_;
  if (free_text_) {
    std::string rest;
    free_text_->end(rest);
    if (!rest.empty()) say(rest, out);
  } else if (block_.kind == BlockKind::tool_use && block_.text.empty()) {
    say("{}", out);  // clients parse what they were given
  }
  item_event(out, words.done, [&](Writer& w) {
    w.field(words.part_field, block_.text);
    if (block_.kind == BlockKind::tool_use && !free_text_) w.field("name", block_.name);
    if (block_.kind == BlockKind::text) w.key("logprobs").array().end();
  });
  if (!words.part.empty()) {
    item_event(out, words.part_done, [&](Writer& w) { write_part(w.key("part"), words, block_.kind, block_.text); });
  }
  std::string item;
  Writer writer(item);
  write_item(writer, words, block_, item_id_, true);
  event(out, "response.output_item.done", [&](Writer& w) { w.field("output_index", index_).key("item").raw(item); });
  output_.append(output_.empty() ? "" : ",").append(item);
  block_ = {};
  ++index_;
}

// `error` is what the vendor's SDK throws on, `response.failed` the end that agents wait for.
void ResponsesWriter::fail(const Event& failure, std::string& out) {
  const FailureWords words = failure_words(core::Dialect::openai_responses, failure);
  if (id_.empty()) id_ = answer_id("resp_", std::to_string(style_.created_s));
  event(out, "error", [&](Writer& w) {
    text_or_null(w.key("code"), words.code).field("message", words.message).key("param").null();
  });
  lifecycle(out, "response.failed", {"failed", {}, &words, nullptr});
}

}  // namespace

std::unique_ptr<EventWriter> responses_event_writer(const AnswerStyle& style) {
  return std::make_unique<ResponsesWriter>(style);
}

std::string response(const AnswerStyle& style, const core::Reply& reply) {
  std::string output;
  bool has_refusal = false;
  std::size_t index = 0;
  for (const core::ReplyBlock& block : reply.blocks) {
    if (!has_item(block.kind)) continue;
    has_refusal = has_refusal || block.kind == BlockKind::refusal;
    output += output.empty() ? "" : ",";
    Writer writer(output);
    const bool free_text = block.kind == BlockKind::tool_use && style.takes_free_text(block.name);
    const ItemWords& words = words_of(block.kind, free_text);
    core::ReplyBlock told = block;
    if (free_text) told.text = free_text_of(block.text);
    write_item(writer, words, told, answer_id(words.id_prefix, reply.id, index++), true);
  }
  std::string out;
  Writer writer(out);
  write_response(writer, answer_id("resp_", reply.id), reply.model, style, output,
                 ending_of(reply.stop, has_refusal, reply.usage));
  return out;
}

}  // namespace basin::wire
