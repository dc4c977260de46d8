#include "wire/block_queue.h"

#include <algorithm>
#include <utility>

#include "wire/answer_id.h"

namespace basin::wire {
namespace {

using core::BlockKind;

constexpr std::string_view kInterleaved = "the answer's blocks are interleaved over more than 1 MiB, or 512 blocks";

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

}  // namespace

void JsonEnd::take(std::string_view piece) {
  for (const char c : piece) {
    if (in_string_) {
      if (escaped_) {
        escaped_ = false;
      } else if (c == '\\') {
        escaped_ = true;
      } else if (c == '"') {
        in_string_ = false;
      }
    } else if (c == '"') {
      in_string_ = true;
    } else if (c == '{' || c == '[') {
      started_ = true;
      ++depth_;
    } else if ((c == '}' || c == ']') && depth_ > 0) {
      --depth_;
    }
  }
}

bool BlockQueue::may_close() const { return !open_call_ || calls_[*open_call_].end.reached(); }

bool BlockQueue::hold(std::string& held, std::string_view text) {
  if (text.size() > kHeldLimit - held_bytes_) {
    sink_.fail(base::Code::bad_upstream, kInterleaved);
    return false;
  }
  held_bytes_ += text.size();
  held += text;
  return true;
}

void BlockQueue::say(BlockKind kind, std::string_view text) {
  if (text.empty() || sink_.ended()) return;
  if (held_.empty() && may_close()) {
    if (sink_.inside() != kind) start({kind, 0, {}});
    return sink_.say(text);
  }
  if (held_.empty() || held_.back().kind != kind) {
    if (held_.size() >= 2 * kCallsLimit) return sink_.fail(base::Code::bad_upstream, kInterleaved);
    held_.push_back({kind, 0, {}});
  }
  hold(held_.back().text, text);
}

std::optional<std::size_t> BlockQueue::find(const CallPiece& piece) const {
  for (std::size_t i = calls_.size(); i-- > 0;) {
    const Call& call = calls_[i];
    if (piece.index) {
      if (call.index != piece.index) continue;
      // the same index for another call: another id, or none at all behind arguments that are whole
      const bool another = piece.id.empty() ? call.id.empty() && call.end.reached() && !blank(piece.arguments)
                                            : !call.id.empty() && piece.id != call.id;
      return another && !piece.name.empty() ? std::nullopt : std::optional(i);
    }
    if (!piece.id.empty() && call.id != piece.id) continue;
    const bool another = piece.id.empty() && !piece.name.empty() && !call.name.empty();
    return another ? std::nullopt : std::optional(i);
  }
  return std::nullopt;
}

void BlockQueue::call(const CallPiece& piece) {
  if (sink_.ended() || (piece.id.empty() && piece.name.empty() && piece.arguments.empty())) return;
  const auto known = find(piece);
  const std::size_t at = known.value_or(calls_.size());
  if (!known) {
    if (calls_.size() == kCallsLimit) return sink_.fail(base::Code::bad_upstream, "the answer has more than 256 calls");
    calls_.push_back({piece.index, {}, {}, {}, Call::State::held});
    held_.push_back({BlockKind::tool_use, at, {}});
  }
  Call& call = calls_[at];
  if (call.state == Call::State::said) {
    if (!blank(piece.arguments)) sink_.fail(base::Code::bad_upstream, "arguments came for a call that was over");
    return;
  }
  call.end.take(piece.arguments);
  if (call.state == Call::State::open) {
    sink_.say(piece.arguments);
  } else {
    if (call.id.empty()) call.id = limited(piece.id);
    if (call.name.empty()) call.name = limited(piece.name);
    const auto mine = std::find_if(held_.begin(), held_.end(),
                                   [&](const Held& h) { return h.kind == BlockKind::tool_use && h.call == at; });
    if (!hold(mine->text, piece.arguments)) return;
  }
  advance();
}

void BlockQueue::start(const Held& held) {
  if (open_call_) calls_[*open_call_].state = Call::State::said;
  open_call_.reset();
  if (held.kind != BlockKind::tool_use) {
    sink_.open(held.kind);
  } else {
    Call& call = calls_[held.call];
    call.state = Call::State::open;
    open_call_ = held.call;
    const std::string made = call.id.empty() ? answer_id("call_", sink_.facts().id, held.call) : std::string();
    sink_.open(held.kind, call.id.empty() ? made : call.id, call.name);
  }
  sink_.say(held.text);
}

void BlockQueue::advance() {
  while (!held_.empty() && may_close()) {
    if (held_.front().kind == BlockKind::tool_use && calls_[held_.front().call].name.empty()) return;
    const Held next = std::move(held_.front());
    held_.pop_front();
    held_bytes_ -= next.text.size();
    start(next);
  }
}

void BlockQueue::settle() {
  for (const Held& held : std::exchange(held_, {})) {
    if (held.kind == BlockKind::tool_use && calls_[held.call].name.empty()) {
      sink_.fail(base::Code::bad_upstream, "the answer calls a tool without saying which");
    }
    start(held);
  }
  held_bytes_ = 0;
  if (open_call_) calls_[*open_call_].state = Call::State::said;
  open_call_.reset();
  sink_.close();
}

}  // namespace basin::wire
