// A client's side of one keep-alive connection: a request out, an answer in, again.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "message_reader.h"
#include "poller.h"

namespace basin::bench {

// A request ready to be sent but for its serial number, which makes every body different from every other: what a
// gateway remembers of one must not answer for the next.
struct Request {
  std::string head;    // with Content-Length
  std::string before;  // the body up to the serial
  std::string after;
  static constexpr std::size_t kSerialDigits = 10;
};

class Connection {
 public:
  Connection(Poller& poller, std::uint64_t token, std::uint16_t port)
      : poller_(poller), token_(token), port_(port), socket_(connect_to(port)) {
    poller_.add(socket_.get(), token_, EPOLLIN | EPOLLOUT);
  }

  // Begins a request; REQUIRES: idle(), and that `request` outlives the exchange. `started_ns` is when it was due.
  void send(const Request& request, std::uint64_t serial, std::uint64_t started_ns);
  bool idle() const { return request_ == nullptr; }
  std::uint64_t started_ns() const { return started_ns_; }

  // What an epoll event brought.
  enum class Progress : std::uint8_t { none, some, finished, failed };
  // Body bytes of the answer are appended to `body` where there is one. After finished and failed the connection is
  // idle; after failed it is a new one.
  Progress drive(std::uint32_t events, std::string* body);

 private:
  bool write_rest();
  Progress read_some(std::string* body);
  Progress fail();

  Poller& poller_;
  std::uint64_t token_;
  std::uint16_t port_;
  Descriptor socket_;
  const Request* request_ = nullptr;
  char serial_[Request::kSerialDigits] = {};
  std::size_t sent_ = 0;
  bool waits_to_write_ = true;
  std::uint64_t started_ns_ = 0;
  MessageReader answer_{MessageReader::Side::answer};
};

}  // namespace basin::bench
