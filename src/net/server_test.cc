#include "net/server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "net/event.h"
#include "net/limits.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;
using testing::RawListener;
using testing::RawSocket;
using testing::TestServer;

Task<void> say_ok(ServerConnection& connection) {
  connection.start(200, Framing::length(2));
  (void)co_await connection.finish("ok");
}

void ask_ok(RawSocket& client) {
  client.send("GET / HTTP/1.1\r\n\r\n");
  client.read_until("\r\n\r\nok");
}

TEST(Server, ATakenPortIsAConflict) {
  RawListener listener;
  ServeOptions options;
  options.port = listener.port();
  auto server = Server::open(options, nullptr);
  ASSERT_FALSE(server.ok());
  EXPECT_EQ(server.error().code, Code::conflict);
  EXPECT_NE(server.error().message.find(std::to_string(listener.port())), std::string::npos);
}

TEST(Server, AnAddressThatIsNotOursIsAConfigurationError) {
  for (const char* host : {"192.0.2.1", "no.such.host.invalid"}) {
    ServeOptions options;
    options.host = host;
    options.port = 0;
    auto server = Server::open(options, nullptr);
    ASSERT_FALSE(server.ok());
    EXPECT_EQ(server.error().code, Code::configuration);
  }
}

TEST(Server, SpreadsConnectionsEvenlyOverItsThreads) {
  ServeOptions options;
  options.threads = 3;
  std::mutex mutex;
  std::map<std::thread::id, int> seen;
  TestServer server(
      [&](ServerConnection& connection) -> Task<void> {
        {
          std::lock_guard lock(mutex);
          ++seen[std::this_thread::get_id()];
        }
        return say_ok(connection);
      },
      options);
  std::vector<RawSocket> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(server.connect());
    ask_ok(clients.back());
  }
  EXPECT_EQ(seen.size(), 3u);
  for (const auto& [thread, count] : seen) EXPECT_EQ(count, 4);
  EXPECT_EQ(server.server().counts().open, 12u);
  EXPECT_EQ(server.server().counts().accepted, 12u);
}

TEST(Server, TurnsConnectionsAwayPastItsLimit) {
  ServeOptions options;
  options.max_connections = 3;
  TestServer server(say_ok, options);
  std::vector<RawSocket> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(server.connect());
    ask_ok(clients.back());
  }
  RawSocket fourth = server.connect();
  std::string answer = fourth.read_all();
  EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 503");
  EXPECT_NE(answer.find("too many connections"), std::string::npos);
  EXPECT_EQ(server.server().counts().turned_away, 1u);
  for (RawSocket& client : clients) ask_ok(client);
  clients.pop_back();
  for (int tries = 0; tries < 1000 && server.server().counts().open > 2; ++tries) ask_ok(clients.front());
  RawSocket fifth = server.connect();
  ask_ok(fifth);
}

TEST(Server, MoreRefusalsAtOnceThanAreSaidAreClosed) {
  ServeOptions options;
  options.max_connections = 1;
  TestServer server(say_ok, options);
  RawSocket first = server.connect();
  ask_ok(first);
  std::vector<RawSocket> refused;  // kept open: each keeps its refusal alive
  for (std::size_t i = 0; i < kTurnedAway; ++i) {
    refused.push_back(server.connect());
    EXPECT_EQ(refused.back().read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 503");
  }
  RawSocket closed = server.connect();
  EXPECT_EQ(closed.read_all(), "");
  ask_ok(first);
}

TEST(Server, IdleConnectionsEndAfterTheirTime) {
  ServeOptions options;
  options.idle_timeout_ms = 10'000;
  TestServer server(say_ok, options);
  RawSocket client = server.connect();
  ask_ok(client);
  server.skip_time(9'000);
  ask_ok(client);
  server.skip_time(10'100);
  EXPECT_EQ(client.read_all(), "");
}

TEST(Server, ASlowHeadEndsAfterItsTimeHoweverItTrickles) {
  ServeOptions options;
  options.header_timeout_ms = 10'000;
  TestServer server(say_ok, options);
  RawSocket client = server.connect();
  client.send("GET / HT");
  for (int i = 0; i < 3; ++i) {
    // Each byte is in time; the head as a whole is not. A second client's answer shows that the byte was seen.
    RawSocket other = server.connect();
    ask_ok(other);
    server.skip_time(4'000);
    client.send("T");
  }
  EXPECT_EQ(client.read_all().substr(0, 12), "HTTP/1.1 408");
}

TEST(Server, ABodyMayBeSlowButNotStop) {
  ServeOptions options;
  options.body_timeout_ms = 10'000;
  TestServer server(
      [](ServerConnection& connection) -> Task<void> {
        Bytes body;
        base::Status status = co_await connection.read_body(body, 100);
        connection.start(status.ok() ? 200 : 408, Framing::length(0));
        (void)co_await connection.finish();
      },
      options);
  RawSocket client = server.connect();
  client.send("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n");
  for (int i = 0; i < 4; ++i) {
    RawSocket other = server.connect();
    other.send("GET / HTTP/1.1\r\n\r\n");
    other.read_until("\r\n\r\n");
    server.skip_time(8'000);
    client.send("x");
  }
  RawSocket other = server.connect();
  other.send("GET / HTTP/1.1\r\n\r\n");
  other.read_until("\r\n\r\n");
  server.skip_time(11'000);
  EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 408");
}

// Holds exchanges until released.
struct Held {
  std::atomic<int> waiting = 0;
  std::atomic<bool> cut = false;
  std::mutex mutex;
  std::function<void()> release;
  TestServer server{[this](ServerConnection& connection) -> Task<void> {
    Event go(connection.loop());
    {
      std::lock_guard lock(mutex);
      release = [&go, loop = &connection.loop()] { loop->post([&go] { go.set(); }); };
    }
    ++waiting;
    base::Status status = co_await go.wait();
    if (!status.ok()) cut = true;
    if (!status.ok()) co_return;
    connection.start(200, Framing::length(4));
    (void)co_await connection.finish("held");
  }};

  RawSocket held_request() {
    RawSocket client = server.connect();
    client.send("GET / HTTP/1.1\r\n\r\n");
    while (waiting == 0) std::this_thread::yield();
    return client;
  }
};

TEST(Server, StopsGracefully) {
  Held held;
  RawSocket client = held.held_request();
  RawSocket idle = held.server.connect();
  while (held.server.server().counts().open < 2) std::this_thread::yield();  // accepted, not merely queued
  held.server.server().stop(60'000);
  EXPECT_EQ(idle.read_all(), "");  // at once
  held.release();
  std::string answer = client.read_all();
  EXPECT_NE(answer.find("\r\n\r\nheld"), std::string::npos);
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
  held.server.join();
  EXPECT_FALSE(held.cut);
}

TEST(Server, CutsWhatOutlivesItsGrace) {
  Held held;
  RawSocket client = held.held_request();
  held.server.server().stop(60'000);
  held.server.server().stop(0);
  EXPECT_EQ(client.read_all(), "");
  held.server.join();
  EXPECT_TRUE(held.cut);
}

TEST(Server, RunsWorkOnEveryLoop) {
  ServeOptions options;
  options.threads = 3;
  TestServer server(say_ok, options);
  std::mutex mutex;
  std::set<std::thread::id> seen;
  std::atomic<int> ran = 0;
  server.server().on_every_loop([&](Service&) {
    std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
    ++ran;
  });
  while (ran < 3) std::this_thread::yield();
  EXPECT_EQ(seen.size(), 3u);
}

TEST(Server, ManyClientsAtOnce) {
  ServeOptions options;
  options.threads = 2;
  TestServer server(say_ok, options);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i) {
        RawSocket client = server.connect();
        for (int k = 0; k < 5; ++k) ask_ok(client);
      }
    });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(server.server().counts().accepted, 80u);
}

}  // namespace
}  // namespace basin::net
