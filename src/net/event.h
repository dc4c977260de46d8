// Event: one coroutine waits, with or without a limit of time, until another part of the same thread calls set().
#pragma once

#include <coroutine>
#include <cstdint>

#include "base/result.h"
#include "net/loop.h"

namespace basin::net {

// Stays set until reset(). One waiter at a time. Loop thread only: another thread posts the set() to the loop.
class Event final : private Stoppable {
 public:
  explicit Event(Loop& loop) : loop_(loop) {}

  // Wakes the waiter, and lets the next wait pass at once.
  bool is_set() const { return set_; }
  void set();
  void reset() { set_ = false; }

  class Wait;
  // ok: set. Code::timeout: not set within timeout_ms (0: no limit). Code::cancelled: the loop stops.
  Wait wait(std::uint32_t timeout_ms = 0);

 private:
  void on_stop() override;
  void wake();

  Loop& loop_;
  bool set_ = false;
  Wait* waiter_ = nullptr;
};

// What wait() gives; co_await it at once.
class Event::Wait {
 public:
  Wait(Event& event, std::uint32_t timeout_ms);
  Wait(const Wait&) = delete;
  // As every awaitable: ready without waiting, how to wait, what came of it.
  bool await_ready() const;
  void await_suspend(std::coroutine_handle<> waiter);
  base::Status await_resume();

 private:
  friend class Event;
  Event& event_;
  std::uint32_t timeout_ms_;
  Timer timer_;
  std::coroutine_handle<> handle_;
  bool timed_out_ = false;
};

inline Event::Wait Event::wait(std::uint32_t timeout_ms) { return Wait(*this, timeout_ms); }

}  // namespace basin::net
