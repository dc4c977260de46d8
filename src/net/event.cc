#include "net/event.h"

#include <cassert>

namespace basin::net {

using base::Code;

Event::Wait::Wait(Event& event, std::uint32_t timeout_ms)
    : event_(event),
      timeout_ms_(timeout_ms),
      timer_(
          [](void* self) {
            auto& wait = *static_cast<Wait*>(self);
            wait.timed_out_ = true;
            wait.event_.wake();
          },
          this) {}

bool Event::Wait::await_ready() const { return event_.set_ || event_.loop_.stopping(); }

void Event::Wait::await_suspend(std::coroutine_handle<> waiter) {
  assert(!event_.waiter_);
  handle_ = waiter;
  event_.waiter_ = this;
  event_.loop_.link(event_);
  if (timeout_ms_ > 0) event_.loop_.timers().arm(timer_, event_.loop_.now_ms() + timeout_ms_);
}

base::Status Event::Wait::await_resume() {
  if (event_.set_) return base::ok_status();
  if (timed_out_) return base::fail(Code::timeout, "waited too long");
  return base::fail(Code::cancelled, "shutting down");
}

void Event::set() {
  set_ = true;
  wake();
}

void Event::on_stop() { wake(); }

void Event::wake() {
  if (!waiter_) return;
  Wait& wait = *std::exchange(waiter_, nullptr);
  unlink();
  loop_.timers().disarm(wait.timer_);
  loop_.resume_soon(wait.handle_);
}

}  // namespace basin::net
