// Task<T>: a coroutine that runs when it is awaited and gives its awaiter a T.
//
// One exchange is one coroutine, and what it calls are coroutines too, so this type is on every request's path. Three
// choices keep it small. It is lazy: nothing runs before `co_await`, so a Task that is dropped costs a frame and no
// surprise. It belongs to one thread: no atomics. And a child that ends without ever having waited (most writes, most
// reads of a body that is already here) returns to its parent as a function call would: `await_suspend` runs the child
// and says "do not suspend" when it came back finished. So a loop over such children needs no tail call to keep its
// stack flat, which matters because g++ makes tail calls of coroutines only when it optimises.
//
// One trap of g++ 12: in `a ? co_await b : co_await c` temporaries of the arms are destroyed twice. Write an if.
//
// Errors travel as base::Result. An exception that leaves a coroutine ends the program: nothing above could handle it.
#pragma once

#include <cassert>
#include <coroutine>
#include <exception>
#include <optional>
#include <utility>

namespace basin::net {

template <class T = void>
class Task;

namespace detail {

class TaskPromiseBase {
 public:
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      TaskPromiseBase& promise = self.promise();
      promise.ended_ = true;
      if (promise.parent_waits_) return promise.parent_;
      return std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  [[noreturn]] void unhandled_exception() const noexcept { std::terminate(); }

  // Runs the coroutine up to its first wait or its end; true when it waits and `parent` must, too.
  template <class Promise>
  static bool start(std::coroutine_handle<Promise> self, std::coroutine_handle<> parent) {
    TaskPromiseBase& promise = self.promise();
    promise.parent_ = parent;
    self.resume();
    if (promise.ended_) return false;
    promise.parent_waits_ = true;
    return true;
  }

 private:
  std::coroutine_handle<> parent_;
  bool parent_waits_ = false;
  bool ended_ = false;
};

// The promise of a task with a value.
template <class T>
class TaskPromise : public TaskPromiseBase {
 public:
  // As every promise.
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    assert(value_);
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> : public TaskPromiseBase {
 public:
  Task<void> get_return_object();
  void return_void() const noexcept {}
  void take() const noexcept {}
};

}  // namespace detail

// Move only; await it once, on the thread that will run it. A Task that waits must not be destroyed: end what it waits
// for (close the socket, set the event) and it ends by itself.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;

  Task() = default;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      if (handle_) handle_.destroy();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  struct Awaiter {
    std::coroutine_handle<promise_type> handle;
    bool await_ready() const noexcept { return false; }
    bool await_suspend(std::coroutine_handle<> parent) { return detail::TaskPromiseBase::start(handle, parent); }
    T await_resume() { return handle.promise().take(); }
  };
  // REQUIRES: not awaited before
  Awaiter operator co_await() {
    assert(handle_);
    return Awaiter{handle_};
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <class T>
Task<T> TaskPromise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}

}  // namespace detail

}  // namespace basin::net
