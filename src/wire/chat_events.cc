// Chat completions, answered: chunks whose deltas hold pieces of everything at once, or the one choice of a whole
// answer, which has a delta's shape. The dialect is spoken by dozens of servers, each a little differently:
//
// - reasoning stands in reasoning_content (DeepSeek, llama.cpp), reasoning (Ollama, vLLM) or reasoning_details
//   (OpenRouter), in two of them at once with the same text, or as a part of a content that is a list (Mistral);
// - empty texts, lists and deltas mean nothing; a chunk may hold nothing but the role, or the usage so far;
// - the usage comes in its own chunk behind the last choice, or in each, or not at all (llama.cpp then has timings);
// - [DONE] may be missing; the answer's end is finish_reason, and without one an answer was cut off.
#include <string>

#include "wire/block_queue.h"
#include "wire/event_readers.h"
#include "wire/fields.h"
#include "wire/stop_words.h"
#include "wire/vendor_error.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using core::BlockKind;

std::string text_of(Value value) { return value.string().value_or(std::string()); }

std::uint64_t count_of(Value value) { return value.unsigned_integer().value_or(0); }

class ChatReader final : public DialectReader {
 public:
  explicit ChatReader(EventSink& sink) : sink_(sink), queue_(sink) {}

  void take(const SseEvent& event) override;
  void stream_over() override;
  void read(Value root) override { chunk(root, true); }

 private:
  void chunk(Value root, bool whole);
  void begin(Value id, Value created, Value model);
  void usage(Value usage, Value timings);
  void choice(Value choice, bool whole);
  void delta(Value delta, bool whole);
  void content(Value value);
  void reasoning_details(Value details);
  void call(Value entry, std::optional<std::uint64_t> index);
  void function(Value function, CallPiece piece);
  void fail(const VendorError& error) { sink_.fail(base::Code::bad_upstream, error.message, error.words->kind); }

  EventSink& sink_;
  BlockQueue queue_;
  Document document_;
  bool has_usage_ = false;
  bool finished_ = false;  // finish_reason was seen
};

void ChatReader::take(const SseEvent& event) {
  if (event.data.empty()) return;
  if (event.data == "[DONE]") {
    stream_over();
    return sink_.fail(base::Code::bad_upstream, "the answer's stream is done, but the answer has no finish_reason");
  }
  const bool parsed = document_.parse(event.data).ok();
  if (event.name == "error") return fail(read_vendor_error(core::Dialect::openai_chat, 0, event.data));
  if (!parsed) return sink_.fail(base::Code::bad_upstream, "an event of the answer's stream is not JSON");
  chunk(document_.root(), false);
}

void ChatReader::stream_over() {
  if (!finished_) return;
  sink_.finish(stop_reason_of(core::Dialect::openai_chat, sink_.facts().stop_reason), {});
}

void ChatReader::chunk(Value root, bool whole) {
  constexpr Names<8> kNames = {"id", "created", "model", "choices", "usage", "timings", "error", "object"};
  const auto [id, created, model, choices, usage_, timings, error, object] = collect(root, kNames);
  if (error.present() || object.raw_string() == "error") {
    return fail(read_vendor_error(core::Dialect::openai_chat, 0, root));
  }
  usage(usage_, timings);
  for (Elements elements(choices); elements.next();) {
    constexpr Names<1> kIndex = {"index"};
    if (count_of(collect(elements.value(), kIndex)[0]) != 0) continue;  // only one answer was asked for
    begin(id, created, model);
    choice(elements.value(), whole);
  }
}

void ChatReader::begin(Value id, Value created, Value model) {
  if (sink_.began()) return;
  std::string its_id = text_of(id);
  if (its_id.empty()) its_id = std::to_string(count_of(created));
  sink_.begin(its_id, text_of(model));
}

void ChatReader::usage(Value usage, Value timings) {
  core::Usage& known = sink_.facts().usage;
  if (usage.is(Kind::object)) {
    has_usage_ = true;
    return read_openai_usage(usage, known);
  }
  if (has_usage_ || !timings.is(Kind::object)) return;
  constexpr Names<3> kNames = {"prompt_n", "cache_n", "predicted_n"};
  const auto [prompt, cached, predicted] = collect(timings, kNames);
  known = {count_of(prompt), count_of(cached), 0, 0, count_of(predicted), 0, true};
}

void ChatReader::choice(Value choice, bool whole) {
  constexpr Names<3> kNames = {"delta", "message", "finish_reason"};
  const auto [piece, message, reason] = collect(choice, kNames);
  delta(whole ? message : piece, whole);
  if (reason.is(Kind::string) && !reason.raw_string().empty()) {
    sink_.facts().stop_reason = limited(text_of(reason));
    if (tells_failure(sink_.facts().stop_reason)) {
      return sink_.fail(base::Code::bad_upstream, "the model's server gave up: " + sink_.facts().stop_reason,
                        "api_error");
    }
    finished_ = true;
    queue_.settle();
  }
  if (!whole || !message.is(Kind::object)) return;
  queue_.settle();
  finished_ = true;
  stream_over();
}

void ChatReader::delta(Value delta, bool whole) {
  constexpr Names<7> kNames = {"reasoning_content", "reasoning",  "reasoning_details", "content",
                               "refusal",           "tool_calls", "function_call"};
  const auto [reasoning_content, reasoning, details, content_, refusal, calls, legacy_call] = collect(delta, kNames);
  std::string thought = text_of(reasoning_content);
  if (thought.empty()) thought = text_of(reasoning);
  if (thought.empty()) {
    reasoning_details(details);
  } else {
    queue_.say(BlockKind::thinking, thought);
  }
  content(content_);
  queue_.say(BlockKind::refusal, text_of(refusal));
  std::uint64_t position = 0;
  for (Elements elements(calls); elements.next(); ++position) {
    // in a whole answer the place tells calls apart
    call(elements.value(), whole ? std::optional(position) : std::nullopt);
  }
  if (legacy_call.is(Kind::object)) {
    CallPiece piece;
    piece.index = 0;  // there is but one
    function(legacy_call, std::move(piece));
  }
}

void ChatReader::content(Value value) {
  queue_.say(BlockKind::text, text_of(value));
  for (Elements parts(value); parts.next();) {
    constexpr Names<3> kNames = {"type", "text", "thinking"};
    const auto [type, text, thinking] = collect(parts.value(), kNames);
    queue_.say(BlockKind::text, text_of(text));
    for (Elements thoughts(thinking); thoughts.next();) {
      queue_.say(BlockKind::thinking, text_of(thoughts.value().member("text")));
    }
  }
}

void ChatReader::reasoning_details(Value details) {
  for (Elements elements(details); elements.next();) {
    constexpr Names<2> kNames = {"text", "summary"};
    const auto [text, summary] = collect(elements.value(), kNames);
    queue_.say(BlockKind::thinking, text_of(text.present() ? text : summary));
  }
}

void ChatReader::call(Value entry, std::optional<std::uint64_t> index) {
  constexpr Names<3> kNames = {"index", "id", "function"};
  const auto [its_index, id, its_function] = collect(entry, kNames);
  CallPiece piece;
  piece.index = index ? index : its_index.unsigned_integer();
  piece.id = text_of(id);
  function(its_function, std::move(piece));
}

void ChatReader::function(Value function, CallPiece piece) {
  constexpr Names<2> kNames = {"name", "arguments"};
  const auto [name, arguments] = collect(function, kNames);
  piece.name = text_of(name);
  piece.arguments = arguments.is(Kind::object) ? std::string(arguments.raw()) : text_of(arguments);
  queue_.call(piece);
}

}  // namespace

std::unique_ptr<DialectReader> chat_event_reader(EventSink& sink) { return std::make_unique<ChatReader>(sink); }

}  // namespace basin::wire
