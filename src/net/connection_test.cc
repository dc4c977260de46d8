#include "net/connection.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

#include "net/limits.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;
using testing::RawSocket;
using testing::TestServer;

// Answers with the method, target and body it was sent.
Task<void> echo(ServerConnection& connection) {
  Bytes body;
  base::Status read = co_await connection.read_body(body, 1 << 20);
  if (!read.ok()) {
    std::string why = read.error().message;
    connection.start(read.error().code == Code::too_large ? 413 : 400, Framing::length(why.size()));
    (void)co_await connection.finish(why);
    co_return;
  }
  std::string text(connection.head().method);
  text.append(" ").append(connection.head().target).append(" ").append(body.view());
  connection.start(200, Framing::length(text.size())).field("X-Test", "yes");
  (void)co_await connection.finish(text);
}

std::string body_of(const std::string& answer) {
  std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

// One request and its answer on a connection of its own, which the server ends.
std::string ask(TestServer& server, const std::string& request) {
  RawSocket client = server.connect();
  client.send(request);
  return client.read_all();
}

TEST(Connection, AnswersARequest) {
  TestServer server(echo);
  EXPECT_EQ(ask(server, "GET /a?b=c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nX-Test: yes\r\nContent-Length: 11\r\nConnection: close\r\n\r\nGET /a?b=c ");
}

TEST(Connection, KeepsAliveAndServesPipelinedRequests) {
  TestServer server(echo);
  RawSocket client = server.connect();
  std::string three;
  for (char c : std::string("abc"))
    three += std::string("POST /") + c + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n" + std::string(3, c);
  client.send(three);
  for (char c : std::string("abc")) {
    client.read_until("\r\n\r\n");
    EXPECT_EQ(client.read_exactly(11), std::string("POST /") + c + " " + std::string(3, c));
  }
  client.send("GET /d HTTP/1.1\r\n\r\n");
  client.read_until("GET /d ");
}

TEST(Connection, ARequestMayBeCutAnywhere) {
  TestServer server(echo);
  const std::string requests[] = {"POST /cut HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
                                  "POST /cut HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
                                  "chunked\r\n\r\n2\r\nhe\r\n3;a=b\r\nllo\r\n0\r\nT: v\r\n\r\n"};
  RawSocket client = server.connect();
  for (const std::string& request : requests) {
    for (std::size_t cut = 1; cut < request.size(); ++cut) {
      client.send(request.substr(0, cut));
      client.send(request.substr(cut));
      client.read_until("\r\n\r\n");
      ASSERT_EQ(client.read_exactly(15), "POST /cut hello") << "cut at " << cut;
    }
  }
}

TEST(Connection, OneByteAtATime) {
  TestServer server(echo);
  RawSocket client = server.connect();
  for (char c : std::string("POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"))
    client.send({&c, 1});
  client.read_until("POST /x abc");
}

TEST(Connection, SkipsEmptyLinesBeforeARequest) {
  TestServer server(echo);
  RawSocket client = server.connect();
  client.send("\r\n\r\nGET /x HTTP/1.1\r\n\r\n");
  client.read_until("GET /x ");
}

TEST(Connection, Http10ClosesUnlessAskedToKeepAlive) {
  TestServer server(echo);
  std::string answer = ask(server, "GET /x HTTP/1.0\r\n\r\n");
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  RawSocket client = server.connect();
  for (int i = 0; i < 2; ++i) {
    client.send("GET /x HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    EXPECT_NE(client.read_until("\r\n\r\n").find("Connection: keep-alive\r\n"), std::string::npos);
    client.read_exactly(7);
  }
}

TEST(Connection, RefusesWhatIsAmbiguousOrMalformed) {
  TestServer server(echo);
  struct {
    const char* request;
    int status;
  } cases[] = {
      {"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 3, 4\r\n\r\nabcd", 400},
      {"POST / HTTP/1.1\r\nContent-Length: +3\r\n\r\nabc", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 0x3\r\n\r\nabc", 400},
      {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nContent-Length : 3\r\n\r\nabc", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: xchunked\r\n\r\n", 501},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked, identity\r\n\r\n", 501},
      {"GET / HTTP/1.1\r\nA: b\r\n c\r\n\r\n", 400},
      {"GET / HTTP/1.1\nA: b\n\n", 400},
      {"GET / HTTP/1.1\r\nA: b\nC: d\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nA\x01: b\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 501},
      {"GET  / HTTP/1.1\r\n\r\n", 400},
      {"GET /\r\n\r\n", 400},
      {"\x16\x03\x01\x02\r\n\r\n", 400},
  };
  for (const auto& [request, status] : cases) {
    std::string answer = ask(server, request);
    EXPECT_EQ(answer.substr(0, 13), "HTTP/1.1 " + std::to_string(status) + " ") << request;
    EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << request;
    EXPECT_NE(body_of(answer).find("\"error\""), std::string::npos) << request;
  }
}

TEST(Connection, HeadLimits) {
  TestServer server(echo);
  auto request_of = [](std::size_t size) {
    std::string head = "GET / HTTP/1.1\r\nConnection: close\r\nX: ";
    return head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
  };
  EXPECT_EQ(ask(server, request_of(kHeadBytes)).substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(ask(server, request_of(kHeadBytes + 1)).substr(0, 12), "HTTP/1.1 431");
  EXPECT_EQ(ask(server, request_of(4 * kHeadBytes)).substr(0, 12), "HTTP/1.1 431");
  auto request_with = [](std::size_t fields) {
    std::string head = "GET / HTTP/1.1\r\nConnection: close\r\n";
    for (std::size_t i = 1; i < fields; ++i) head += "A: b\r\n";
    return head + "\r\n";
  };
  EXPECT_EQ(ask(server, request_with(kHeadFields)).substr(0, 12), "HTTP/1.1 200");
  EXPECT_EQ(ask(server, request_with(kHeadFields + 1)).substr(0, 12), "HTTP/1.1 431");
}

TEST(Connection, BodyLimits) {
  TestServer server(echo);  // 1 MB
  std::string limit(1 << 20, 'x');
  std::string close = "Connection: close\r\n";
  auto with_length = [&](const std::string& body) {
    return "POST / HTTP/1.1\r\n" + close + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  EXPECT_EQ(body_of(ask(server, with_length(limit))), "POST / " + limit);
  EXPECT_EQ(ask(server, with_length(limit + "x")).substr(0, 12), "HTTP/1.1 413");
  auto in_chunks = [&](const std::string& body) {
    return "POST / HTTP/1.1\r\n" + close + "Transfer-Encoding: chunked\r\n\r\n80000\r\n" + body.substr(0, 0x80000) +
           "\r\n80000\r\n" + body.substr(0x80000, 0x80000) + (body.size() > limit.size() ? "\r\n1\r\nx" : "") +
           "\r\n0\r\n\r\n";
  };
  EXPECT_EQ(body_of(ask(server, in_chunks(limit))), "POST / " + limit);
  EXPECT_EQ(ask(server, in_chunks(limit + "x")).substr(0, 12), "HTTP/1.1 413");
}

TEST(Connection, TooLargeIsSaidBeforeTheBodyIsSent) {
  TestServer server(echo);
  RawSocket client = server.connect();
  client.send("POST / HTTP/1.1\r\nContent-Length: 1048577\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_until("\r\n\r\n").substr(0, 12), "HTTP/1.1 413");
}

TEST(Connection, ExpectContinue) {
  TestServer server(echo);
  RawSocket client = server.connect();
  for (int i = 0; i < 2; ++i) {
    client.send("POST /c HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("abc");
    client.read_until("POST /c abc");
  }
}

TEST(Connection, RefusesMalformedChunks) {
  TestServer server(echo);
  for (const char* chunks : {"x\r\n", "\r\n", "-1\r\n", "3\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n", "3\r\nabc\n0\r\n\r\n",
                             "fffffffffffffffff\r\n", "0\r\nA: b\n\r\n", "0x3\r\nabc\r\n0\r\n\r\n"}) {
    std::string answer = ask(server, std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") + chunks);
    EXPECT_EQ(answer.substr(0, 12), "HTTP/1.1 400") << chunks;
  }
}

TEST(Connection, StreamsChunksAndSuppressesThemForHead) {
  TestServer server([](ServerConnection& connection) -> Task<void> {
    connection.start(200, Framing::chunked());
    (void)co_await connection.write("one");
    (void)co_await connection.write("");  // writes no chunk: an empty one would end the body
    (void)co_await connection.write("twenty bytes of text");
    (void)co_await connection.finish("!");
  });
  RawSocket client = server.connect();
  client.send("HEAD / HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\n\r\n");
  std::string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.read_exactly(head.size()), head);
  EXPECT_EQ(client.read_until("0\r\n\r\n"), head + "3\r\none\r\n14\r\ntwenty bytes of text\r\n1\r\n!\r\n0\r\n\r\n");
  EXPECT_EQ(client.read_all(), "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nonetwenty bytes of text!");
}

TEST(Connection, AnUnfinishedAnswerIsCutNotEnded) {
  TestServer server([](ServerConnection& connection) -> Task<void> {
    connection.start(200, Framing::chunked());
    (void)co_await connection.write("part");
  });
  RawSocket client = server.connect();
  client.send("GET / HTTP/1.1\r\n\r\n");
  std::string answer = client.read_all();
  EXPECT_EQ(answer.find("\r\n0\r\n"), std::string::npos);
  EXPECT_TRUE(client.was_reset());
}

TEST(Connection, AnUnreadBodyEndsTheConnectionButNotTheAnswer) {
  TestServer server([](ServerConnection& connection) -> Task<void> {
    connection.start(401, Framing::length(2));
    (void)co_await connection.finish("no");
  });
  std::string answer = ask(server, "POST / HTTP/1.1\r\nContent-Length: 400000\r\n\r\n" + std::string(400000, 'x'));
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_EQ(body_of(answer), "no");
}

// The exchange waits for the client to go away; what it does then is seen in `fired`.
struct HangUp {
  std::atomic<int> fired = 0;
  TestServer server{[this](ServerConnection& connection) -> Task<void> {
    Loop* loop = nullptr;
    (void)loop;
    bool gone = false;
    connection.on_hang_up([&] {
      gone = true;
      ++fired;
    });
    connection.start(200, Framing::chunked());
    (void)co_await connection.write("x");
    // No wait of ours is on the socket: only the registration can tell. (A write ends when the reset is seen.)
    while (!gone) {
      base::Status status = co_await connection.write(std::string_view(filler));
      if (!status.ok()) break;
    }
  }};
  std::string filler = std::string(1 << 20, 'x');
};

TEST(Connection, AHangUpIsToldWhileAWriteWaits) {
  HangUp test;
  RawSocket client = test.server.connect();
  client.send("GET / HTTP/1.1\r\n\r\n");
  client.read_until("\r\n\r\n");
  client.end_writing();  // a half-close is a hang-up, too
  client.read_all();
  EXPECT_EQ(test.fired, 1);
}

TEST(Connection, AHangUpBeforeTheCallbackIsToldAtOnce) {
  std::atomic<int> fired = 0;
  TestServer server([&](ServerConnection& connection) -> Task<void> {
    Bytes body;
    (void)co_await connection.read_body(body, 100);
    connection.on_hang_up([&] { ++fired; });
    connection.start(200, Framing::length(0));
    (void)co_await connection.finish();
  });
  RawSocket client = server.connect();
  client.send("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
  client.end_writing();
  EXPECT_EQ(client.read_all().substr(0, 12), "HTTP/1.1 200");  // and a one-shot client still gets its answer
}

TEST(Connection, ValuesCannotBeginALine) {
  TestServer server([](ServerConnection& connection) -> Task<void> {
    connection.start(200, Framing::length(0)).field("X-A", "1\r\nSet-Cookie: evil\n\x00z");
    (void)co_await connection.finish();
  });
  std::string answer = ask(server, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  EXPECT_NE(answer.find("X-A: 1  Set-Cookie: evil \r\n"), std::string::npos) << answer;
}

}  // namespace
}  // namespace basin::net
