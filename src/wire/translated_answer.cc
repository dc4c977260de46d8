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

}  // namespace

AnswerTranslator::AnswerTranslator(core::Dialect from, const AnswerStyle& to)
    : reader_(from), writer_(event_writer(to)) {}

void AnswerTranslator::feed(std::string_view bytes, std::string& out) { say(reader_.feed(bytes), out); }
void AnswerTranslator::end(std::string& out) { say(reader_.end(), out); }
void AnswerTranslator::fail(const base::Error& error, std::string& out) { say(reader_.fail(error), out); }

void AnswerTranslator::say(const std::vector<core::Event>& events, std::string& out) {
  for (const core::Event& event : events) writer_->write(event, out);
}

base::Result<std::string> translate_reply(core::Dialect from, std::string_view body, const AnswerStyle& to,
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
  return write_reply(to, *reply);
}

}  // namespace basin::wire
