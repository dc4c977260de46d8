#include "cli/supervisor.h"

#include <fmt/format.h>

#include <algorithm>

namespace basin::cli {

void Supervisor::look(std::int64_t now_ms) {
  if (state_ == State::failed) return;
  if (state_ == State::waiting) {
    if (now_ms >= next_start_ms_) start(now_ms);
    return;
  }
  if (const auto how = process_.ended()) return came_to_an_end(*how, now_ms);
  if (state_ == State::ready || !process_.ready()) return;
  if (was_ready_) say_("the model server is ready again");
  state_ = State::ready;
  was_ready_ = true;
  ready_since_ms_ = now_ms;
}

void Supervisor::start(std::int64_t now_ms) {
  state_ = State::loading;
  if (const auto started = process_.start(); !started.ok()) came_to_an_end(started.error().message, now_ms);
}

void Supervisor::came_to_an_end(const std::string& how, std::int64_t now_ms) {
  if (!was_ready_) {
    state_ = State::failed;
    reason_ = how;
    return;
  }
  const bool was_stable = state_ == State::ready && now_ms - ready_since_ms_ >= kStableMs;
  backoff_ms_ = backoff_ms_ == 0 || was_stable ? kFirstBackoffMs : std::min(2 * backoff_ms_, kMostBackoffMs);
  state_ = State::waiting;
  next_start_ms_ = now_ms + backoff_ms_;
  say_(fmt::format("the model server ended ({}); it is started again in {} s", how, backoff_ms_ / 1'000));
}

}  // namespace basin::cli
