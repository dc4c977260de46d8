// For this room's tests: plain blocking sockets for the other side, and a server on a thread. Every wait is bounded.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "net/server.h"

namespace basin::net::testing {

inline constexpr int kPatienceMs = 10'000;  // far above what any test needs; a test that meets it fails

// One end of a connection, as a program that knows nothing of net/ would hold it.
class RawSocket {
 public:
  explicit RawSocket(int fd) : fd_(fd) {
    int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // tests cut messages into packets
  }
  RawSocket(RawSocket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  ~RawSocket() { close(); }

  static RawSocket connect(std::uint16_t port) {
    int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    return RawSocket(fd);
  }

  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

  // What has arrived, at least a byte; "" at the end of the connection (ended() tells whether it was a reset).
  std::string read_some() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) {
      ADD_FAILURE() << "nothing arrived in time";
      return {};
    }
    char buffer[16384];
    ssize_t n = ::recv(fd_, buffer, sizeof buffer, 0);
    reset_ = n < 0;
    return n > 0 ? std::string(buffer, static_cast<std::size_t>(n)) : std::string();
  }

  std::string read_until(std::string_view mark) {
    std::string all = std::exchange(left_, {});
    std::size_t at;
    while ((at = all.find(mark)) == std::string::npos) {
      std::string more = read_some();
      if (more.empty()) {
        ADD_FAILURE() << "the connection ended before '" << mark << "'; got: " << all;
        return all;
      }
      all += more;
    }
    left_ = all.substr(at + mark.size());
    all.resize(at + mark.size());
    return all;
  }

  std::string read_exactly(std::size_t size) {
    std::string all = std::exchange(left_, {});
    while (all.size() < size) {
      std::string more = read_some();
      if (more.empty()) {
        ADD_FAILURE() << "the connection ended after " << all.size() << " of " << size << " bytes";
        return all;
      }
      all += more;
    }
    left_ = all.substr(size);
    all.resize(size);
    return all;
  }

  std::string read_all() {
    std::string all = std::exchange(left_, {});
    for (std::string more; !(more = read_some()).empty();) all += more;
    return all;
  }

  // What is there now, dropped.
  void drain() {
    char buffer[16384];
    while (::recv(fd_, buffer, sizeof buffer, MSG_DONTWAIT) > 0) {}
  }

  bool was_reset() const { return reset_; }
  void end_writing() { ::shutdown(fd_, SHUT_WR); }
  void reset() {
    linger now{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close();
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  int fd() const { return fd_; }

 private:
  int fd_;
  bool reset_ = false;
  std::string left_;
};

// Listens on a free loopback port.
class RawListener {
 public:
  explicit RawListener(int backlog = 64) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
    EXPECT_EQ(::listen(fd_, backlog), 0);
    socklen_t size = sizeof at;
    ::getsockname(fd_, reinterpret_cast<sockaddr*>(&at), &size);
    port_ = ntohs(at.sin_port);
  }
  ~RawListener() { close(); }
  RawListener(const RawListener&) = delete;

  RawSocket accept() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, kPatienceMs) != 1) ADD_FAILURE() << "nobody connected in time";
    return RawSocket(::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC));
  }
  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  std::uint16_t port() const { return port_; }

 private:
  int fd_;
  std::uint16_t port_ = 0;
};

// A Server on a thread of its own, stopped at the end; every request goes to one function.
class TestServer {
 public:
  using Exchange = std::function<Task<void>(ServerConnection&)>;

  explicit TestServer(Exchange exchange, ServeOptions options = {}) {
    options.port = 0;
    if (options.threads == 0) options.threads = 1;
    auto opened = Server::open(options, [exchange](Loop& loop) { return std::make_unique<Answering>(exchange, loop); });
    EXPECT_TRUE(opened.ok());
    server_ = std::move(*opened);
    thread_ = std::thread([this] { server_->run(); });
  }
  ~TestServer() {
    if (thread_.joinable()) {
      server_->stop(0);
      thread_.join();
    }
  }

  RawSocket connect() const { return RawSocket::connect(server_->port()); }
  Server& server() { return *server_; }
  void join() { thread_.join(); }
  // On every loop, soon.
  void skip_time(std::int64_t ms) {
    server_->on_every_loop([ms](Service& service) { static_cast<Answering&>(service).loop.skip_time(ms); });
  }

 private:
  struct Answering final : Service {
    Answering(Exchange e, Loop& l) : answer(std::move(e)), loop(l) {}
    Task<void> exchange(ServerConnection& connection) override { return answer(connection); }
    Exchange answer;
    Loop& loop;
  };

  std::unique_ptr<Server> server_;
  std::thread thread_;
};

}  // namespace basin::net::testing
