#include "upstream/awaited.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "upstream/testing.h"

namespace basin::upstream {
namespace {

// A socket at a free loopback port, which listens once it is told to.
struct Listener {
  Listener() : fd(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port = ntohs(address.sin_port);
  }
  ~Listener() { ::close(fd); }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  int fd;
  std::uint16_t port = 0;
};

TEST(Awaited, APortThatOpensIsNews) {
  test::Machine machine;
  Listener listener;
  const Awaited awaited{.closed = closed_of({listener.port}), .loading = {}};
  ASSERT_EQ(awaited.closed.size(), 1U);
  EXPECT_FALSE(has_come(awaited, machine.prober()));
  ASSERT_EQ(::listen(listener.fd, 4), 0);
  EXPECT_TRUE(has_come(awaited, machine.prober()));
  EXPECT_TRUE(closed_of({listener.port}).empty());
  EXPECT_FALSE(has_come({}, machine.prober()));
  EXPECT_TRUE(machine.asked.empty());
}

TEST(Awaited, AServerThatWasLoadingIsNewsOnceItIsReady) {
  constexpr const char* kBase = "http://127.0.0.1:9";
  test::Machine loading, ready, gone;
  loading.runs(kBase, {{"/props", {503, ""}}});
  ready.runs(kBase, {{"/props", {200, ""}}});
  const Awaited awaited{.closed = {}, .loading = {std::string(kBase) + "/props"}};
  EXPECT_FALSE(has_come(awaited, loading.prober()));
  EXPECT_FALSE(has_come(awaited, gone.prober()));
  EXPECT_TRUE(has_come(awaited, ready.prober()));
}

}  // namespace
}  // namespace basin::upstream
