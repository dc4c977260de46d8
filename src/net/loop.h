// Loop: one thread's event loop, by Boost.Asio. See loop.cc for how.
//
// Everything in net/ belongs to one Loop and is touched only on the thread inside that loop's run(), so the request
// path has no locks and no atomics. The two doors for other threads are post() and stop().
//
// A loop ends well: stop() makes every wait (socket, timer, event) end with Code::cancelled, and run() returns when the
// spawned tasks have ended. So no coroutine is ever destroyed while it waits.
#pragma once

#include <cassert>
#include <chrono>
#include <coroutine>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/result.h"
#include "net/task.h"
#include "net/timers.h"

namespace basin::net {

class Loop;

// Something that waits and can be told to stop: linked into its loop while it waits or is registered.
class Stoppable {
 public:
  Stoppable() = default;
  Stoppable(const Stoppable&) = delete;
  Stoppable& operator=(const Stoppable&) = delete;

 protected:
  virtual ~Stoppable() { unlink(); }
  virtual void on_stop() = 0;  // end every wait with Code::cancelled
  void unlink();

 private:
  friend class Loop;
  Stoppable* next_ = nullptr;
  Stoppable** link_ = nullptr;
};

// What may be possible with a descriptor now.
enum class Ready : std::uint8_t { read, write };

// Who is told about a descriptor's readiness, once for each time it was asked for (Readiness::want_...). A failed or
// closed connection is ready for everything: trying tells.
class Watcher : public Stoppable {
 protected:
  virtual void on_ready(Ready what) = 0;

 private:
  friend class Loop;
  friend class Readiness;
};

// Where other threads leave work for a loop; it may outlive the Loop, after which posting does nothing.
class Mailbox;
void post(Mailbox& mailbox, std::function<void()> work);

// See above. At a fixed address from its first use to its end.
class Loop {
 public:
  Loop();
  ~Loop();  // REQUIRES: not inside run()
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Runs until stop() was called and every spawned task has ended.
  void run();
  // Any thread, any number of times. (Takes a lock: not from a signal handler.)
  void stop();
  bool stopping() const { return stopping_; }
  // Any thread: `work` runs on the loop's thread, after what was posted before it. Dropped once the loop is gone.
  void post(std::function<void()> work);
  std::shared_ptr<Mailbox> mailbox() const { return mailbox_; }

  // Starts a task at once, up to its first wait; it lives until it ends. Loop thread, or before run().
  void spawn(Task<void> task);
  // Runs the loop for one task: spawn, run, stop; gives its value. For tests and for callers without a loop.
  template <class T>
  T run_task(Task<T> task);

  // Milliseconds of a steady clock, read once per turn of the loop.
  std::int64_t now_ms() const { return now_ms_; }
  Timers& timers() { return timers_; }
  // As if `ms` had passed. For tests of deadlines. Loop thread.
  void skip_time(std::int64_t ms) {
    skipped_ms_ += ms;
    now_ms_ += ms;
  }

  // --- for the rest of net/ ---
  // Links a waiter that on_stop() should reach.
  void link(Stoppable& waiter);
  // Resumes the coroutine soon, from the loop itself: nobody's step runs inside another's.
  void resume_soon(std::coroutine_handle<> waiter) { ready_.push_back(waiter); }

 private:
  friend class Mailbox;
  friend class Readiness;
  struct Context;
  struct Detached;
  Detached drive(Task<void> task);
  template <class T>
  Task<void> keep(Task<T> task, std::optional<T>& result);
  void hand_over(std::function<void()> work);
  void turn();
  void refresh_clock();
  void resume_ready();
  void stop_waiters();

  std::int64_t skipped_ms_ = 0;
  std::int64_t now_ms_;
  Timers timers_;
  bool stopping_ = false;
  std::size_t live_tasks_ = 0;
  std::vector<std::coroutine_handle<>> ready_;
  Stoppable* waiters_ = nullptr;
  std::unique_ptr<Context> context_;
  std::shared_ptr<Mailbox> mailbox_;
};

// A descriptor's readiness, told to a watcher. One per open descriptor; the descriptor itself stays the watcher's.
class Readiness {
 public:
  // Registers an open, non-blocking descriptor.
  Readiness(Loop& loop, int fd, Watcher& watcher);
  ~Readiness() { forget(); }
  Readiness(const Readiness&) = delete;
  Readiness& operator=(const Readiness&) = delete;

  bool registered() const { return wait_ != nullptr; }
  // Asks to be told, once, when the descriptor is ready; at the next turn if it is already. Asking twice is asking
  // once.
  void want_read();
  // As want_read().
  void want_write();
  // Before close(fd): nothing reaches the watcher afterwards, not even what has happened already.
  void forget();

 private:
  struct Wait;
  std::shared_ptr<Wait> wait_;  // shared with what is under way
};

// co_await pause(loop, 50): ok when the time has passed, Code::cancelled when the loop stops.
Task<base::Status> pause(Loop& loop, std::uint32_t ms);

template <class T>
T Loop::run_task(Task<T> task) {
  std::optional<T> result;
  spawn(keep(std::move(task), result));
  run();
  assert(result);
  return std::move(*result);
}

template <class T>
Task<void> Loop::keep(Task<T> task, std::optional<T>& result) {
  result.emplace(co_await task);
  stop();
}

}  // namespace basin::net
