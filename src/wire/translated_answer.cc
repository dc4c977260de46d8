#include "wire/translated_answer.h"

#include "base/json.h"

namespace basin::wire {
namespace {

// A call that the limit of the answer has cut is no call; any other that cannot be read must not become a different
// one.
base::Status check_calls(const core::Reply& reply) {
  if (reply.stop == core::StopReason::max_tokens || reply.stop == core::StopReason::context_exceeded) {
    return base::ok_status();
  }
  base::json::Document document;
  for (const core::ReplyBlock& block : reply.blocks) {
    if (block.kind != core::BlockKind::tool_use) continue;
    if (document.parse(block.text).ok() && document.root().is(base::json::Kind::object)) continue;
    return base::fail(base::Code::bad_upstream,
                      "the model called " + block.name + " with arguments that are not a JSON object");
  }
  return base::ok_status();
}

// What the server did not count. It stays unknown: an estimate is no count.
void reckon(core::Usage& usage, std::uint64_t input, std::uint64_t answer_bytes) {
  constexpr std::uint64_t kBytesPerToken = 4;
  if (usage.known || input == 0) return;
  usage.input = input;
  usage.output = (answer_bytes + kBytesPerToken - 1) / kBytesPerToken;
}

}  // namespace

AnswerTranslator::AnswerTranslator(core::Dialect from, const AnswerStyle& to)
    : reader_(from), writer_(event_writer(to)), estimated_input_(to.estimated_input) {}

void AnswerTranslator::feed(std::string_view bytes, std::string& out) { say(reader_.feed(bytes), out); }
void AnswerTranslator::end(std::string& out) { say(reader_.end(), out); }
void AnswerTranslator::fail(const base::Error& error, std::string& out) { say(reader_.fail(error), out); }

void AnswerTranslator::say(std::vector<core::Event> events, std::string& out) {
  for (core::Event& event : events) {
    if (event.kind == core::Event::Kind::delta) answer_bytes_ += event.text.size();
    if (event.kind == core::Event::Kind::begin || event.kind == core::Event::Kind::finish)
      reckon(event.usage, estimated_input_, answer_bytes_);
    writer_->write(event, out);
  }
}

namespace {

// What the client is to hear.
base::Result<core::Reply> understand(core::Dialect from, std::string_view body, const AnswerStyle& to,
                                     AnswerFacts& facts) {
  UsageTap tap(from);
  tap.read_body(body);
  facts = tap.facts();
  auto reply = read_reply(from, body);
  if (!reply.ok()) return reply.error();
  facts.usage = reply->usage;  // which may stand in other places than the tap looks at
  if (to.dialect == core::Dialect::anthropic) {
    if (base::Status calls = check_calls(*reply); !calls.ok()) return std::move(calls).error();
  }
  std::uint64_t answer_bytes = 0;
  for (const core::ReplyBlock& block : reply->blocks) answer_bytes += block.text.size();
  reckon(reply->usage, to.estimated_input, answer_bytes);
  return reply;
}

}  // namespace

base::Result<std::string> translate_reply(core::Dialect from, std::string_view body, const AnswerStyle& to,
                                          AnswerFacts& facts) {
  const auto reply = understand(from, body, to, facts);
  if (!reply.ok()) return reply.error();
  return write_reply(to, *reply);
}

base::Result<std::string> translate_reply_to_stream(core::Dialect from, std::string_view body, const AnswerStyle& to,
                                                    AnswerFacts& facts) {
  const auto reply = understand(from, body, to, facts);
  if (!reply.ok()) return reply.error();
  std::string out;
  const auto writer = event_writer(to);
  for (const core::Event& event : core::events_of(*reply)) writer->write(event, out);
  return out;
}

}  // namespace basin::wire
