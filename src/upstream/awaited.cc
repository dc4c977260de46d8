#include "upstream/awaited.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace basin::upstream {
namespace {

// Loopback answers at once; a listener whose queue is full would let a plain connect() wait for a second.
constexpr int kPatienceMs = 20;

bool listens(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bool connected = ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  if (!connected && errno == EINPROGRESS) {
    pollfd ready{fd, POLLOUT, 0};
    int error = 0;
    socklen_t size = sizeof error;
    connected =
        ::poll(&ready, 1, kPatienceMs) == 1 && ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
  }
  ::close(fd);
  return connected;
}

}  // namespace

std::vector<std::uint16_t> closed_of(const std::vector<std::uint16_t>& ports) {
  std::vector<std::uint16_t> closed;
  std::copy_if(ports.begin(), ports.end(), std::back_inserter(closed),
               [](std::uint16_t port) { return !listens(port); });
  return closed;
}

bool has_come(const Awaited& awaited, const Prober& ask) {
  if (closed_of(awaited.closed).size() < awaited.closed.size()) return true;
  return std::any_of(awaited.loading.begin(), awaited.loading.end(), [&](const std::string& url) {
    const auto answer = ask({.method = "GET", .url = url, .body = {}, .fields = {}});
    return answer && answer->status != 503;
  });
}

}  // namespace basin::upstream
