// Sockets and waiting, as little as the bench needs: one epoll set per thread, level triggered, with one timer.
#pragma once

#include <sys/epoll.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace basin::bench {

// Nanoseconds of CLOCK_MONOTONIC, the clock that both programs share on one machine.
std::uint64_t now_ns();

// A file descriptor that closes itself.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

// Non-blocking, TCP_NODELAY. A failed connect shows at the first write.
Descriptor connect_to(std::uint16_t port);
// Non-blocking on 127.0.0.1 with SO_REUSEPORT; port 0 takes any free one. Ends the program where that fails.
Descriptor listen_on(std::uint16_t port);
std::uint16_t port_of(const Descriptor& listener);
// The next waiting connection, or nothing.
Descriptor accept_from(const Descriptor& listener);

class Poller {
 public:
  Poller();
  // `token` comes back with each event of the descriptor; kTimer is taken.
  void add(int fd, std::uint64_t token, std::uint32_t events);
  void change(int fd, std::uint64_t token, std::uint32_t events);
  // One event with token kTimer at or after `at_ns`; 0 disarms.
  void set_timer(std::uint64_t at_ns);
  // Waits at most until `deadline_ns`; the span is valid until the next call.
  std::span<const epoll_event> wait(std::uint64_t deadline_ns);

  static constexpr std::uint64_t kTimer = ~0ull;

 private:
  Descriptor epoll_;
  Descriptor timer_;
  std::vector<epoll_event> events_;
};

}  // namespace basin::bench
