#include "core/event.h"

#include <utility>

namespace basin::core {
namespace {

using Kind = Event::Kind;

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::begin: return "begin";
    case Kind::open: return "open";
    case Kind::delta: return "delta";
    case Kind::signature: return "signature";
    case Kind::close: return "close";
    case Kind::finish: return "finish";
    case Kind::failure: return "failure";
  }
  return "begin";
}

base::Error out_of_order(const Event& event, std::string_view state) {
  return base::fail(base::Code::bad_upstream, "the answer's events are out of order: " +
                                                  std::string(name_of(event.kind)) + " " + std::string(state));
}

Event of_block(Kind kind, const ReplyBlock& block) {
  Event event;
  event.kind = kind;
  event.block = block.kind;
  return event;
}

}  // namespace

std::string_view name_of(BlockKind kind) {
  switch (kind) {
    case BlockKind::text: return "text";
    case BlockKind::thinking: return "thinking";
    case BlockKind::redacted_thinking: return "redacted_thinking";
    case BlockKind::tool_use: return "tool_use";
    case BlockKind::refusal: return "refusal";
  }
  return "text";
}

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::end_turn: return "end_turn";
    case StopReason::max_tokens: return "max_tokens";
    case StopReason::stop_sequence: return "stop_sequence";
    case StopReason::tool_use: return "tool_use";
    case StopReason::refusal: return "refusal";
    case StopReason::context_exceeded: return "context_exceeded";
    case StopReason::pause_turn: return "pause_turn";
  }
  return "end_turn";
}

base::Status EventGrammar::take(const Event& event) {
  if (state_ == State::ended) return out_of_order(event, "after the end");
  switch (event.kind) {
    case Kind::failure: state_ = State::ended; return base::ok_status();
    case Kind::begin:
      if (state_ != State::before) return out_of_order(event, "twice");
      state_ = State::between;
      return base::ok_status();
    case Kind::open:
      if (state_ != State::between) return out_of_order(event, state_ == State::before ? "before begin" : "in a block");
      state_ = State::inside;
      block_ = event.block;
      return base::ok_status();
    case Kind::delta:
      if (state_ != State::inside || event.block != block_) return out_of_order(event, "outside of its block");
      return base::ok_status();
    case Kind::signature:
      if (state_ != State::inside || block_ != BlockKind::thinking) return out_of_order(event, "outside of thinking");
      state_ = State::signed_;
      return base::ok_status();
    case Kind::close:
      if (state_ != State::inside && state_ != State::signed_) return out_of_order(event, "without an open block");
      if (event.block != block_) return out_of_order(event, "of another block");
      state_ = State::between;
      return base::ok_status();
    case Kind::finish:
      if (state_ != State::between) return out_of_order(event, state_ == State::before ? "before begin" : "in a block");
      state_ = State::ended;
      return base::ok_status();
  }
  return out_of_order(event, "unknown");
}

void fold(Reply& reply, const Event& event) {
  switch (event.kind) {
    case Kind::begin:
      reply.id = event.id;
      reply.model = event.name;
      reply.usage = event.usage;
      break;
    case Kind::open: reply.blocks.push_back({event.block, event.id, event.name, {}, {}}); break;
    case Kind::delta: reply.blocks.back().text += event.text; break;
    case Kind::signature: reply.blocks.back().signature = event.text; break;
    case Kind::close:
      if (ReplyBlock& block = reply.blocks.back(); block.kind == BlockKind::tool_use && block.text.empty())
        block.text = "{}";
      break;
    case Kind::finish:
      reply.stop = event.stop;
      reply.stop_sequence = event.text;
      reply.usage = event.usage;
      break;
    case Kind::failure: break;
  }
}

std::vector<Event> events_of(const Reply& reply) {
  std::vector<Event> events(1);
  events[0].id = reply.id;
  events[0].name = reply.model;
  events[0].usage = reply.usage;
  for (const ReplyBlock& block : reply.blocks) {
    Event open = of_block(Kind::open, block);
    open.id = block.id;
    open.name = block.name;
    events.push_back(std::move(open));
    if (!block.text.empty()) {
      events.push_back(of_block(Kind::delta, block));
      events.back().text = block.text;
    }
    if (!block.signature.empty()) {
      events.push_back(of_block(Kind::signature, block));
      events.back().text = block.signature;
    }
    events.push_back(of_block(Kind::close, block));
  }
  Event finish;
  finish.kind = Kind::finish;
  finish.stop = reply.stop;
  finish.text = reply.stop_sequence;
  finish.usage = reply.usage;
  events.push_back(std::move(finish));
  return events;
}

}  // namespace basin::core
