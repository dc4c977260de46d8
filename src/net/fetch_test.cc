#include "net/fetch.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;
using testing::RawListener;
using testing::RawSocket;

struct Once {
  explicit Once(std::string answer)
      : thread([this, answer] {
          RawSocket socket = listener.accept();
          seen = socket.read_until("\r\n\r\n");
          socket.send(answer);
          socket.read_all();
        }) {}
  ~Once() { thread.join(); }
  std::string url(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(listener.port()) + path;
  }
  RawListener listener;
  std::string seen;
  std::thread thread;
};

FetchRequest request_for(std::string url) {
  FetchRequest request;
  request.url = std::move(url);
  return request;
}

TEST(Fetch, GivesStatusFieldsAndBody) {
  std::string expected_host;
  {
    Once server("HTTP/1.1 404 Not Found\r\nX-A: b\r\nContent-Length: 4\r\n\r\nnone");
    FetchRequest request = request_for(server.url("/v1?x=y"));
    request.fields = {{"Authorization", "Bearer t"}};
    auto response = blocking_fetch(request);
    ASSERT_TRUE(response.ok()) << response.error().message;
    EXPECT_EQ(response->status, 404);
    EXPECT_EQ(response->body, "none");
    EXPECT_EQ(response->fields.front().first, "X-A");
    EXPECT_EQ(server.seen, "GET /v1?x=y HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server.listener.port()) +
                               "\r\nAuthorization: Bearer t\r\n\r\n");
  }
}

TEST(Fetch, PostsABody) {
  Once server("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  FetchRequest request = request_for(server.url(""));
  request.method = "POST";
  request.body = "{}";
  ASSERT_TRUE(blocking_fetch(request).ok());
  EXPECT_EQ(server.seen.substr(0, 16), "POST / HTTP/1.1\r");
  EXPECT_NE(server.seen.find("Content-Length: 2\r\n"), std::string::npos);
}

TEST(Fetch, LimitsTheAnswer) {
  for (std::size_t size : {100u, 101u}) {
    Once server("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" + std::string(size, 'x'));
    FetchRequest request = request_for(server.url("/"));
    request.limit_bytes = 100;
    auto response = blocking_fetch(request);
    EXPECT_EQ(response.ok(), size == 100);
    if (!response.ok()) {
      EXPECT_EQ(response.error().code, Code::too_large);
    }
  }
}

TEST(Fetch, LimitsTheTimeOfTheWhole) {
  Once server("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhalf");
  FetchRequest request = request_for(server.url("/"));
  request.timeout_ms = 50;
  auto response = blocking_fetch(request);
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, Code::timeout);
}

TEST(Fetch, SaysWhyItCannot) {
  EXPECT_EQ(blocking_fetch(request_for("ftp://x")).error().code, Code::configuration);
  std::string url;
  {
    RawListener listener;
    url = "http://localhost:" + std::to_string(listener.port());
  }
  auto response = blocking_fetch(request_for(url));
  ASSERT_FALSE(response.ok());
  EXPECT_EQ(response.error().code, Code::unreachable);
}

}  // namespace
}  // namespace basin::net
