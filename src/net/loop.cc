// How a turn of the loop goes: Asio runs one handler, sleeping for it until a timer is due; then the coroutines that it
// woke are resumed; then the timers that are due fire. Watchers and timers never resume a coroutine themselves, they
// put it on the ready list: so no coroutine runs inside another's step, and a callback may close any socket, its own
// included.
//
// Of Asio we use what has to be right: the reactor, the queue of handlers, and posting from other threads. A handler is
// one word of state, so a wait costs no allocation of ours. The deadlines are not Asio's timers: see timers.h.
#include "net/loop.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>

#include <mutex>

#include "net/event.h"

namespace basin::net {

namespace asio = boost::asio;
using base::Code;

namespace {

std::int64_t steady_ms() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

struct Loop::Context {
  // The loop's thread alone does I/O, so descriptors need no locks; others may post.
  asio::io_context io{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  asio::executor_work_guard<asio::io_context::executor_type> stay_up{io.get_executor()};
};

void Stoppable::unlink() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

class Mailbox {
 public:
  explicit Mailbox(Loop& loop) : loop_(&loop) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  void post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (loop_) loop_->hand_over(std::move(work));
  }
  void close() {
    const std::lock_guard lock(mutex_);
    loop_ = nullptr;
  }

 private:
  std::mutex mutex_;
  Loop* loop_;
};

void post(Mailbox& mailbox, std::function<void()> work) { mailbox.post(std::move(work)); }

// A coroutine that nobody awaits: it owns itself.
struct Loop::Detached {
  struct promise_type {
    Detached get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }
  };
};

Loop::Loop()
    : now_ms_(steady_ms()),
      timers_(now_ms_),
      context_(std::make_unique<Context>()),
      mailbox_(std::make_shared<Mailbox>(*this)) {}

Loop::~Loop() {
  assert(live_tasks_ == 0);
  mailbox_->close();
}

void Loop::run() {
  while (!(stopping_ && live_tasks_ == 0)) turn();
  stopping_ = false;
}

void Loop::stop() {
  post([this] {
    if (std::exchange(stopping_, true)) return;
    stop_waiters();
  });
}

void Loop::post(std::function<void()> work) { mailbox_->post(std::move(work)); }

void Loop::hand_over(std::function<void()> work) {
  asio::post(context_->io, [this, work = std::move(work)] {
    refresh_clock();
    work();
  });
}

void Loop::spawn(Task<void> task) { drive(std::move(task)); }

Loop::Detached Loop::drive(Task<void> task) {
  ++live_tasks_;
  co_await task;
  --live_tasks_;
}

void Loop::refresh_clock() { now_ms_ = steady_ms() + skipped_ms_; }

void Loop::turn() {
  resume_ready();
  if (stopping_ && live_tasks_ == 0) return;
  // Every handler begins by reading the clock: it may have been slept for.
  const int timeout_ms = timers_.wait_ms(now_ms_);
  if (timeout_ms < 0)
    context_->io.run_one();
  else
    context_->io.run_one_for(std::chrono::milliseconds(timeout_ms));
  refresh_clock();
  resume_ready();
  timers_.expire(now_ms_);
}

void Loop::resume_ready() {
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    auto waiter = ready_[i];  // by value: resuming may grow the list
    waiter.resume();
  }
  ready_.clear();
}

void Loop::link(Stoppable& waiter) {
  waiter.unlink();
  waiter.next_ = waiters_;
  waiter.link_ = &waiters_;
  if (waiter.next_) waiter.next_->link_ = &waiter.next_;
  waiters_ = &waiter;
}

void Loop::stop_waiters() {
  Stoppable* batch = std::exchange(waiters_, nullptr);
  if (batch) batch->link_ = &batch;
  while (batch) {
    Stoppable& waiter = *batch;
    link(waiter);  // from the batch back to the list, so that it can unlink itself
    waiter.on_stop();
  }
}

struct Readiness::Wait {
  Wait(Loop& l, Watcher& told) : loop(l), descriptor(l.context_->io), watcher(&told) {}

  void tell(Ready what) {
    if (!watcher) return;
    loop.refresh_clock();
    watcher->on_ready(what);
  }

  Loop& loop;
  asio::posix::basic_stream_descriptor<asio::io_context::executor_type> descriptor;
  Watcher* watcher;  // null once forgotten
  bool reading = false;
  bool writing = false;
};

Readiness::Readiness(Loop& loop, int fd, Watcher& watcher) : wait_(std::make_shared<Wait>(loop, watcher)) {
  boost::system::error_code error;
  wait_->descriptor.assign(fd, error);
  if (error) wait_.reset();
}

void Readiness::want_read() {
  if (!wait_ || std::exchange(wait_->reading, true)) return;
  wait_->descriptor.async_wait(asio::posix::descriptor_base::wait_read, [wait = wait_](const auto&) {
    wait->reading = false;
    wait->tell(Ready::read);
  });
}

void Readiness::want_write() {
  if (!wait_ || std::exchange(wait_->writing, true)) return;
  wait_->descriptor.async_wait(asio::posix::descriptor_base::wait_write, [wait = wait_](const auto&) {
    wait->writing = false;
    wait->tell(Ready::write);
  });
}

void Readiness::forget() {
  if (!wait_) return;
  wait_->watcher = nullptr;
  wait_->descriptor.release();  // ends what is under way; the descriptor stays open
  wait_.reset();
}

Task<base::Status> pause(Loop& loop, std::uint32_t ms) {
  Event never(loop);
  base::Status woken = co_await never.wait(ms == 0 ? 1 : ms);
  if (!woken.ok() && woken.error().code == Code::timeout) co_return base::ok_status();
  co_return woken;
}

}  // namespace basin::net
