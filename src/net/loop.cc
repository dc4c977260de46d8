// How a turn of the loop goes: sleep in epoll_wait until something is ready or a timer is due; tell each ready watcher;
// after each, resume the coroutines it woke; then fire the timers that are due. Watchers and timers never resume a
// coroutine themselves, they put it on the ready list: so no coroutine runs inside another's step, and a callback may
// close any socket, its own included.
#include "net/loop.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

#include "net/event.h"

namespace basin::net {

using base::Code;

namespace {

// Events fetched with one system call. Large enough that a busy loop makes few, small enough to be fair to timers.
constexpr int kEventBatch = 256;

std::int64_t steady_ms() {
  auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(since).count();
}

}  // namespace

void Stoppable::unlink() {
  if (!link_) return;
  *link_ = next_;
  if (next_) next_->link_ = link_;
  link_ = nullptr;
  next_ = nullptr;
}

class Mailbox {
 public:
  Mailbox() : fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
  ~Mailbox() {
    if (fd_ >= 0) ::close(fd_);
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  int fd() const { return fd_; }

  void post(std::function<void()> work) {
    std::lock_guard lock(mutex_);
    if (closed_) return;
    if (work_.empty()) ring();
    work_.push_back(std::move(work));
  }

  std::vector<std::function<void()>> take() {
    std::lock_guard lock(mutex_);
    std::uint64_t count = 0;
    [[maybe_unused]] auto n = ::read(fd_, &count, sizeof count);
    return std::exchange(work_, {});
  }

  void close() {
    std::lock_guard lock(mutex_);
    closed_ = true;
    work_.clear();
  }

 private:
  void ring() {
    std::uint64_t one = 1;
    [[maybe_unused]] auto n = ::write(fd_, &one, sizeof one);
  }

  int fd_;
  std::mutex mutex_;
  std::vector<std::function<void()>> work_;
  bool closed_ = false;
};

void post(Mailbox& mailbox, std::function<void()> work) { mailbox.post(std::move(work)); }

struct Loop::Events {
  epoll_event list[kEventBatch];
  int count = 0;
  int at = 0;
};

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
      epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      events_(std::make_unique<Events>()),
      mailbox_(std::make_shared<Mailbox>()) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = nullptr;  // the mailbox
  // A process that cannot have two descriptors cannot serve; there is nothing to fall back to.
  if (epoll_fd_ < 0 || ::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, mailbox_->fd(), &event) != 0) std::abort();
}

Loop::~Loop() {
  assert(live_tasks_ == 0);
  mailbox_->close();
  ::close(epoll_fd_);
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
  int timeout_ms = timers_.wait_ms(now_ms_);
  int count = ::epoll_wait(epoll_fd_, events_->list, kEventBatch, timeout_ms);
  refresh_clock();
  events_->count = count < 0 ? 0 : count;  // only EINTR fails here
  for (events_->at = 0; events_->at < events_->count; ++events_->at) {
    epoll_event& event = events_->list[events_->at];
    if (event.data.ptr) {
      static_cast<Watcher*>(event.data.ptr)->on_events(event.events);
    } else if (event.events) {
      for (auto& work : mailbox_->take()) work();
    }
    resume_ready();
  }
  events_->count = 0;
  timers_.expire(now_ms_);
}

void Loop::resume_ready() {
  for (std::size_t i = 0; i < ready_.size(); ++i) {
    auto waiter = ready_[i];  // by value: resuming may grow the list
    waiter.resume();
  }
  ready_.clear();
}

base::Status Loop::watch(int fd, Watcher& watcher) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &watcher;
  if (::epoll_ctl(epoll_fd_, EPOLL_CTL_ADD, fd, &event) != 0)
    return base::fail(Code::internal, std::string("cannot watch a socket: ") + std::strerror(errno));
  link(watcher);
  return base::ok_status();
}

void Loop::unwatch(int fd, Watcher& watcher) {
  // close() alone would do, were it not for a child process between fork and exec that holds the descriptor, too.
  ::epoll_ctl(epoll_fd_, EPOLL_CTL_DEL, fd, nullptr);
  for (int i = events_->at + 1; i < events_->count; ++i) {
    epoll_event& event = events_->list[i];
    if (event.data.ptr == &watcher) event = {};  // events 0: not the mailbox
  }
  watcher.unlink();
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

Task<base::Status> pause(Loop& loop, std::uint32_t ms) {
  Event never(loop);
  base::Status woken = co_await never.wait(ms == 0 ? 1 : ms);
  if (!woken.ok() && woken.error().code == Code::timeout) co_return base::ok_status();
  co_return woken;
}

}  // namespace basin::net
