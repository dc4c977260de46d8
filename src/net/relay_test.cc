// Server and upstream together, as the gateway joins them: what one side does must reach the other.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "net/exchange.h"
#include "net/server.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using testing::RawListener;
using testing::RawSocket;
using testing::TestServer;

// Forwards to one upstream; a pool per request keeps it small.
struct Relay {
  RawListener listener;
  TestServer server{[this](ServerConnection& client) -> Task<void> {
    Bytes body;
    if (const auto read = co_await client.read_body(body, 64u << 20); !read.ok()) co_return;
    UpstreamPool pool(client.loop(), nullptr);
    UpstreamExchange upstream(pool, {false, "127.0.0.1", listener.port()});
    client.on_hang_up([&upstream] { upstream.cancel(); });
    std::string head;
    HeadWriter(head).request("POST", "/").field("Content-Length", body.size()).end();
    const std::array<std::string_view, 1> pieces{body.view()};
    if (const auto sent = co_await upstream.send(head, pieces); !sent.ok()) co_return;
    if (const auto read = co_await upstream.read_head(10'000); !read.ok()) co_return;
    client.start(upstream.head().status, Framing::chunked());
    if (!upstream.body_waiting()) (void)co_await client.flush();
    for (;;) {
      const auto piece = co_await upstream.read_body(10'000);
      if (!piece.ok()) co_return;
      if (piece->last) {
        (void)co_await client.finish(piece->bytes);
        co_return;
      }
      const auto written = co_await client.write(piece->bytes);
      if (!written.ok()) co_return;
    }
  }};
};

constexpr const char* kRequest = "POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi";
constexpr const char* kStream = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

// How long after `act` the upstream's socket is at its end.
template <class Act>
std::int64_t ms_until_end(RawSocket& upstream, Act act) {
  const auto begun = std::chrono::steady_clock::now();
  act();
  EXPECT_EQ(upstream.read_all(), "");
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun).count();
}

TEST(Relay, AHangUpReachesTheUpstreamAtOnceWhateverIsWaitedFor) {
  struct {
    const char* answer;
    const char* shown;
  } stages[] = {{"", ""},               // before the head
                {kStream, "\r\n\r\n"},  // before the first byte of the body
                {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "one\r\n"}};  // in the middle
  for (const bool reset : {false, true}) {
    for (const auto& [answer, shown] : stages) {
      Relay relay;
      RawSocket client = relay.server.connect();
      client.send(kRequest);
      RawSocket upstream = relay.listener.accept();
      upstream.read_until("\r\n\r\nhi");
      upstream.send(answer);
      if (*shown) client.read_until(shown);
      EXPECT_LT(ms_until_end(upstream, [&] { reset ? client.reset() : client.close(); }), 100);
    }
  }
}

TEST(Relay, AnEventIsSeenAtOnceAndSilenceIsNoEnd) {
  Relay relay;
  RawSocket client = relay.server.connect();
  client.send(kRequest);
  RawSocket upstream = relay.listener.accept();
  upstream.read_until("hi");
  upstream.send(kStream);
  client.read_until("\r\n\r\n");
  for (int i = 0; i < 3; ++i) {
    upstream.send("6\r\nevent" + std::to_string(i) + "\r\n");
    EXPECT_EQ(client.read_until("event" + std::to_string(i)),
              (i == 0 ? "" : "\r\n") + ("6\r\nevent" + std::to_string(i)));
  }
  upstream.send("0\r\n\r\n");
  client.read_until("0\r\n\r\n");
}

TEST(Relay, AnEarlyEndIsNoEnd) {
  Relay relay;
  RawSocket client = relay.server.connect();
  client.send(kRequest);
  RawSocket upstream = relay.listener.accept();
  upstream.read_until("hi");
  upstream.send(std::string(kStream) + "3\r\none\r\n");
  client.read_until("one");
  upstream.close();
  EXPECT_EQ(client.read_all().find("0\r\n\r\n"), std::string::npos);
}

// A client that does not read must stop the upstream, not fill our memory.
TEST(Relay, ASlowClientSlowsTheUpstream) {
  Relay relay;
  RawSocket client = relay.server.connect();
  client.send(kRequest);
  RawSocket upstream = relay.listener.accept();
  upstream.read_until("hi");
  upstream.send(kStream);
  client.read_until("\r\n\r\n");
  const std::string piece = "10000\r\n" + std::string(0x10000, 'x') + "\r\n";
  std::size_t sent = 0;
  constexpr std::size_t kMost = 256u << 20;  // far more than two pairs of socket buffers hold
  timeval soon{0, 200'000};
  ::setsockopt(upstream.fd(), SOL_SOCKET, SO_SNDTIMEO, &soon, sizeof soon);
  while (sent < kMost && upstream.send(piece)) sent += piece.size();
  EXPECT_LT(sent, kMost);
}

}  // namespace
}  // namespace basin::net
