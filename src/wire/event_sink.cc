#include "wire/event_sink.h"

#include <algorithm>
#include <utility>

#include "base/utf8.h"

namespace basin::wire {

using core::BlockKind;
using core::Event;
using core::StopReason;

std::string_view limited(std::string_view text) {
  return text.size() <= kIdLimit ? text : text.substr(0, base::utf8_boundary(text, kIdLimit));
}

Event& EventSink::add(Event::Kind kind) {
  Event& event = events_.emplace_back();
  event.kind = kind;
  event.block = inside_.value_or(BlockKind::text);
  return event;
}

void EventSink::begin(std::string_view id, std::string_view model) {
  if (began_ || ended_) return;
  began_ = true;
  facts_.id = limited(id);
  facts_.model = limited(model);
  Event& event = add(Event::Kind::begin);
  event.id = facts_.id;
  event.name = facts_.model;
  event.usage = facts_.usage;
}

void EventSink::open(BlockKind kind, std::string_view id, std::string_view name) {
  if (ended_) return;
  close();
  if (++blocks_ > kBlocksLimit) return fail(base::Code::bad_upstream, "the answer has more than 4096 blocks");
  inside_ = kind;
  block_is_empty_ = true;
  has_call_ = has_call_ || kind == BlockKind::tool_use;
  has_refusal_ = has_refusal_ || kind == BlockKind::refusal;
  Event& event = add(Event::Kind::open);
  event.id = limited(id);
  event.name = limited(name);
}

void EventSink::say(std::string_view text) {
  if (ended_) return;
  if (inside_ == BlockKind::tool_use && block_is_empty_) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  }
  if (text.empty()) return;
  if (text.size() > kAnswerLimit - said_) return fail(base::Code::bad_upstream, "the answer is longer than 8 MiB");
  said_ += text.size();
  block_is_empty_ = false;
  add(Event::Kind::delta).text = text;
}

void EventSink::close(std::string_view signature) {
  if (ended_ || !inside_) return;
  if (inside_ == BlockKind::thinking && !signature.empty()) add(Event::Kind::signature).text = signature;
  add(Event::Kind::close);
  inside_.reset();
}

void EventSink::finish(StopReason stop, std::string_view sequence) {
  if (ended_) return;
  close();
  if (stop == StopReason::end_turn && has_call_) stop = StopReason::tool_use;
  if (stop == StopReason::end_turn && has_refusal_) stop = StopReason::refusal;
  if (stop == StopReason::tool_use && !has_call_) stop = StopReason::end_turn;
  ended_ = facts_.ended = true;
  Event& event = add(Event::Kind::finish);
  event.stop = stop;
  event.text = limited(sequence);
  event.usage = facts_.usage;
}

void EventSink::fail(base::Code code, std::string_view message, std::string_view kind) {
  if (ended_) return;
  ended_ = true;
  if (!kind.empty()) facts_.ended = facts_.failed = true;
  Event& event = add(Event::Kind::failure);
  event.code = code;
  event.text = message;
  event.name = kind;
}

std::vector<Event> EventSink::take() { return std::exchange(events_, {}); }

}  // namespace basin::wire
