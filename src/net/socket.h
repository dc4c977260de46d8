// Socket: one non-blocking stream socket on a Loop, and the one way to wait for it.
//
// All waiting is `co_await socket.until(step, timeout_ms)`. A step is an object that tries to do its work and says what
// it still wants: nothing (it is done), or the socket to become readable or writable. It is tried at once; when it is
// not done it is kept, inside the awaiting coroutine's frame, and tried again by the loop when the socket is ready. The
// coroutine is resumed once, when the step is done, its time is up or the socket was cancelled. So a write that the
// kernel takes whole, and a read of what is already here, cost no suspension, no allocation and no timer.
//
// A socket that has been read empty always waits to become readable, whether anybody wants to read or not: that is how
// a peer that hangs up is noticed while nobody reads. Where input stands unread before the end (a pipelined request),
// the end is looked for now and then instead (kHangUpLookMs).
#pragma once

#include <sys/uio.h>

#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "net/loop.h"

namespace basin::net {

// What a step still needs before it can go on; `either` is for a writer that a readable socket should wake, too.
enum class Wants : std::uint8_t { nothing, readable, writable, either };

// What one non-blocking call did.
struct Moved {
  enum class Kind : std::uint8_t { bytes, would_block, ended, failed };
  Kind kind = Kind::failed;
  std::size_t count = 0;
  Wants wants = Wants::nothing;  // with would_block: what to wait for
};

// See above. At a fixed address; one reader and one writer at a time.
class Socket final : private Watcher {
 public:
  class Pending;
  template <class Step>
  class Attempt;

  // Owns fd (non-blocking) from now on. `connecting`: connect() was called and has not answered.
  Socket(Loop& loop, int fd, bool connecting = false);
  ~Socket() override { close(); }

  // One recv or sendmsg, skipped when the socket is known not to be ready.
  Moved receive(char* into, std::size_t size);
  Moved send(const iovec* pieces, std::size_t count);

  // See above. The awaited value: ok when the step is done (what became of it is the step's to tell), Code::timeout
  // when it was not within timeout_ms (0: no limit; the socket is as it was, try again at will), Code::cancelled.
  template <class Step>
  Attempt<Step> until(Step step, std::uint32_t timeout_ms) {
    return Attempt<Step>(*this, std::move(step), timeout_ms);
  }

  // Called by a step that made headway and will wait on: its time begins anew.
  void extend_wait() { extended_ = true; }

  // The peer closed its writing side, or the connection broke.
  bool hung_up() const { return hung_up_; }
  // Called once, from the loop, when that happens; at once if it has. Empty: nobody.
  void on_hang_up(std::function<void()> callback);

  // Ends what waits with Code::cancelled.
  void cancel();
  // As cancel(), and closes the descriptor, at once. `abort`: unsent bytes are dropped and the peer sees a reset.
  void close(bool abort = false);
  bool open() const { return fd_ >= 0; }
  bool readable() const { return readable_; }  // there is, or may be, something to receive
  bool writable() const { return writable_; }
  int fd() const { return fd_; }
  Loop& loop() const { return loop_; }

 private:
  void on_ready(Ready what) override;
  static void on_look_again(void* self);
  void look_for_hang_up();
  void read_empty();
  void on_stop() override { cancel(); }
  void wait(Pending& pending, Wants wants);
  void advance(Pending*& slot);
  void place(Pending& pending, Wants wants);
  void finish(Pending& pending, base::Code why, bool done);

  Loop& loop_;
  int fd_;
  Readiness readiness_;
  bool readable_ = false;
  bool writable_;
  bool hung_up_ = false;
  bool extended_ = false;
  Pending* reader_ = nullptr;
  Pending* writer_ = nullptr;
  std::function<void()> hang_up_callback_;
  Timer look_again_;
};

// A step that waits; base of Attempt.
class Socket::Pending {
 public:
  Pending(const Pending&) = delete;
  Pending& operator=(const Pending&) = delete;

 protected:
  Pending(Socket& socket, std::uint32_t timeout_ms);
  virtual ~Pending() = default;
  virtual Wants advance() = 0;
  void suspend(std::coroutine_handle<> waiter, Wants wants);
  base::Status status() const;

  Socket& socket_;

 private:
  friend class Socket;
  static void on_timeout(void* self);

  std::uint32_t timeout_ms_;
  Wants wants_ = Wants::nothing;
  bool waiting_ = false;
  bool done_ = true;
  base::Code why_ = base::Code::internal;
  std::coroutine_handle<> waiter_;
  Timer timer_;
};

// What until() gives; co_await it at once.
template <class Step>
class Socket::Attempt final : public Pending {
 public:
  Attempt(Socket& socket, Step step, std::uint32_t timeout_ms) : Pending(socket, timeout_ms), step_(std::move(step)) {}
  bool await_ready() {
    wants_ = step_();
    return wants_ == Wants::nothing;
  }
  void await_suspend(std::coroutine_handle<> waiter) { suspend(waiter, wants_); }
  // A Step with result(Status) chooses the awaited value itself.
  auto await_resume() {
    if constexpr (requires { step_.result(status()); })
      return step_.result(status());
    else
      return status();
  }

 private:
  Wants advance() override { return step_(); }
  Step step_;
  Wants wants_ = Wants::nothing;
};

// Sends pieces in order, as many as fit with each system call; the bytes stay the caller's.
class Gather {
 public:
  explicit Gather(std::span<const std::string_view> pieces) : pieces_(pieces) {}
  // `send` is called as Socket::send. Wants::nothing: all is sent, or it failed().
  template <class Send>
  Wants step(Send&& send) {
    for (;;) {
      iovec batch[kBatch];
      std::size_t count = fill(batch);
      if (count == 0) return Wants::nothing;
      Moved moved = send(batch, count);
      if (moved.kind == Moved::Kind::would_block) return moved.wants;
      if (moved.kind != Moved::Kind::bytes) {
        failed_ = true;
        return Wants::nothing;
      }
      skip(moved.count);
    }
  }
  bool failed() const { return failed_; }
  bool started() const { return index_ > 0 || offset_ > 0; }

 private:
  static constexpr std::size_t kBatch = 16;
  std::size_t fill(iovec* batch) const;
  void skip(std::size_t bytes);

  std::span<const std::string_view> pieces_;
  std::size_t index_ = 0;
  std::size_t offset_ = 0;
  bool failed_ = false;
};

// Gather on a plain socket; time is counted from the last byte taken.
struct SendStep {
  Socket* socket;
  Gather* gather;
  Wants operator()();
};

}  // namespace basin::net
