// Exchanges and what they are made of: answer_reader.cc, dial.cc, pool.cc.
#include "net/exchange.h"

#include <gtest/gtest.h>

#include <array>
#include <functional>
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

// A server of one connection after another, each given to a script on the same thread.
class Script {
 public:
  using Part = std::function<void(RawSocket&)>;
  explicit Script(std::vector<Part> parts)
      : thread_([this, parts = std::move(parts)] {
          for (const Part& part : parts) {
            RawSocket socket = listener_.accept();
            part(socket);
          }
        }) {}
  ~Script() { thread_.join(); }
  Origin origin() const { return {false, "127.0.0.1", listener_.port()}; }

 private:
  RawListener listener_;
  std::thread thread_;
};

// What one exchange gave.
struct Answer {
  base::Status status = base::ok_status();  // the first failure
  int code = 0;
  std::string body;
  std::size_t pieces = 0;
  bool reused = false;
};

Task<Answer> get(UpstreamPool& pool, Origin origin, std::string head = "GET / HTTP/1.1\r\n\r\n",
                 std::string body = "") {
  Answer answer;
  UpstreamExchange exchange(pool, origin);
  std::array<std::string_view, 1> pieces{body};
  answer.status = co_await exchange.send(head, pieces);
  if (!answer.status.ok()) co_return answer;
  answer.status = co_await exchange.read_head(5000);
  answer.reused = exchange.reused_connection();
  if (!answer.status.ok()) co_return answer;
  answer.code = exchange.head().status;
  for (;;) {
    base::Result<BodyPiece> piece = co_await exchange.read_body(5000);
    if (!piece.ok()) {
      answer.status = piece.error();
      co_return answer;
    }
    answer.body += piece->bytes;
    ++answer.pieces;
    if (piece->last) co_return answer;
  }
}

// Lets the loop look at everything that has happened, and its timers fire.
Task<int> turns(Loop& loop) {
  for (int i = 0; i < 3; ++i) {
    Event turned(loop);
    loop.post([&] { turned.set(); });
    (void)co_await turned.wait();
  }
  co_return 0;
}

class Exchange : public ::testing::Test {
 protected:
  Answer run(const Origin& origin) { return loop.run_task(get(pool, origin)); }
  Loop loop;
  UpstreamPool pool{loop, nullptr};
};

// Reads one request, answers with these bytes, and closes.
Script::Part answers(std::string bytes) {
  return [bytes](RawSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send(bytes);
  };
}

TEST_F(Exchange, SendsPiecesInOrderAndReadsAnAnswer) {
  std::string seen;
  Script script({[&](RawSocket& socket) {
    seen = socket.read_until("replaced-after");
    socket.send("HTTP/1.1 200 Fine\r\nX-One: 1\r\nx-one:  2 \r\nContent-Length: 5\r\n\r\nhello");
  }});
  auto task = [&]() -> Task<int> {
    UpstreamExchange exchange(pool, script.origin());
    std::array<std::string_view, 4> pieces{"before-", "", "replaced", "-after"};
    base::Status sent = co_await exchange.send("POST /v1 HTTP/1.1\r\nContent-Length: 21\r\n\r\n", pieces);
    EXPECT_TRUE(sent.ok());
    base::Status read = co_await exchange.read_head(5000);
    EXPECT_TRUE(read.ok());
    const ResponseHead& head = exchange.head();
    EXPECT_EQ(head.reason, "Fine");
    EXPECT_EQ(head.fields.size(), 3u);
    EXPECT_EQ(head.fields[1].name, "x-one");
    EXPECT_EQ(head.fields[1].value, "2");
    base::Result<BodyPiece> piece = co_await exchange.read_body(5000);
    EXPECT_TRUE(piece.ok() && piece->last);
    EXPECT_EQ(piece->bytes, "hello");
    co_return 0;
  };
  loop.run_task(task());
  EXPECT_EQ(seen, "POST /v1 HTTP/1.1\r\nContent-Length: 21\r\n\r\nbefore-replaced-after");
}

TEST_F(Exchange, AnswersMayBeCutAnywhere) {
  const std::string whole[] = {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
                               "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: "
                               "chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"};
  for (const std::string& answer : whole) {
    // All over one connection: what a cut leaves behind would spoil the next.
    Script script({[&](RawSocket& socket) {
      for (std::size_t cut = 1; cut < answer.size(); ++cut) {
        socket.read_until("\r\n\r\n");
        socket.send(answer.substr(0, cut));
        socket.send(answer.substr(cut));
      }
    }});
    for (std::size_t cut = 1; cut < answer.size(); ++cut) {
      Answer got = run(script.origin());
      ASSERT_TRUE(got.status.ok()) << got.status.error().message << " cut at " << cut;
      ASSERT_EQ(got.body, "hello") << cut;
      ASSERT_EQ(got.reused, cut > 1);
    }
    pool.close_idle();
  }
}

TEST_F(Exchange, ChunksOfOneReadComeAsOnePiece) {
  Script script(
      {answers("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n1\r\nc\r\n0\r\n\r\n")});
  Answer got = run(script.origin());
  EXPECT_EQ(got.body, "abc");
  EXPECT_EQ(got.pieces, 1u);
}

TEST_F(Exchange, AnAnswerWithoutALengthEndsWithTheConnection) {
  Script script({answers("HTTP/1.1 200 OK\r\n\r\nall of it"), answers("HTTP/1.0 200 OK\r\n\r\n")});
  EXPECT_EQ(run(script.origin()).body, "all of it");
  EXPECT_TRUE(run(script.origin()).status.ok());
  EXPECT_EQ(pool.counts().idle, 0u);
}

TEST_F(Exchange, AnswersWithoutBody) {
  Script script({[](RawSocket& socket) {
    for (const char* head :
         {"HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}) {
      socket.read_until("\r\n\r\n");
      socket.send(head);
    }
  }});
  for (const char* method : {"GET", "GET", "HEAD", "GET"}) {
    Answer got = loop.run_task(get(pool, script.origin(), std::string(method) + " / HTTP/1.1\r\n\r\n"));
    EXPECT_TRUE(got.status.ok());
    EXPECT_EQ(got.body, "");
  }
  EXPECT_EQ(pool.counts().opened, 1u);
}

TEST_F(Exchange, EarlyEndsAreErrors) {
  struct {
    const char* bytes;
    Code code;
  } cases[] = {
      {"", Code::closed_early},
      {"HTTP/1.1 200 O", Code::closed_early},
      {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort", Code::closed_early},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Code::closed_early},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n", Code::closed_early},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", Code::bad_upstream},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello", Code::bad_upstream},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", Code::bad_upstream},
      {"HTTP/1.1 101 Switching Protocols\r\n\r\n", Code::bad_upstream},
      {"SSH-2.0-OpenSSH\r\n\r\n", Code::bad_upstream},
      {"HTTP/2 200\r\n\r\n", Code::bad_upstream},
  };
  for (const auto& [bytes, code] : cases) {
    Script script({answers(bytes)});
    Answer got = run(script.origin());
    ASSERT_FALSE(got.status.ok()) << bytes;
    EXPECT_EQ(got.status.error().code, code) << bytes << ": " << got.status.error().message;
  }
}

TEST_F(Exchange, HeadLimits) {
  auto answer_of = [](std::size_t size) {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: ";
    return head + std::string(size - head.size() - 4, 'x') + "\r\n\r\n";
  };
  auto answer_with = [](std::size_t fields) {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
    for (std::size_t i = 1; i < fields; ++i) head += "A: b\r\n";
    return head + "\r\n";
  };
  std::string interim;
  for (unsigned i = 0; i < kInterimAnswers; ++i) interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
  std::string end = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  struct {
    std::string bytes;
    bool good;
  } cases[] = {
      {answer_of(kHeadBytes), true},
      {answer_of(kHeadBytes + 1), false},
      {answer_with(kHeadFields), true},
      {answer_with(kHeadFields + 1), false},
      {interim + end, true},
      {"HTTP/1.1 103 Early Hints\r\n\r\n" + interim + end, false},
  };
  for (const auto& [bytes, good] : cases) {
    Script script({answers(bytes)});
    Answer got = run(script.origin());
    EXPECT_EQ(got.status.ok(), good) << bytes.size();
    if (!good) {
      EXPECT_EQ(got.status.error().code, Code::bad_upstream);
    }
  }
}

TEST_F(Exchange, AConnectionIsReusedAndTheLastOneFirst) {
  Script script({[](RawSocket& socket) {
    for (int i = 0; i < 3; ++i) {
      socket.read_until("\r\n\r\n");
      socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run(script.origin()).reused, i > 0);
  EXPECT_EQ(pool.counts().opened, 1u);
  EXPECT_EQ(pool.counts().reused, 2u);
}

TEST_F(Exchange, ConnectionsAreNotReusedWhenTheServerSaysSo) {
  std::string answer = "HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 2\r\n\r\nok";
  std::string extra = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok+";  // bytes nobody asked for
  Script script({answers(answer), answers(extra), answers(answer)});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(run(script.origin()).body, "ok");
  EXPECT_EQ(pool.counts().opened, 3u);
}

// Serves one request, then ends the connection when the second has come: without a byte.
Script::Part goes_stale(std::string before_the_end = "") {
  return [before_the_end](RawSocket& socket) {
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    socket.read_until("\r\n\r\n");
    socket.send(before_the_end);
  };
}

TEST_F(Exchange, AStaleConnectionIsRetriedOnceOnAFreshOne) {
  Script script({goes_stale(), answers("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew")});
  EXPECT_EQ(run(script.origin()).body, "ok");
  Answer second = run(script.origin());
  EXPECT_EQ(second.body, "new");
  EXPECT_FALSE(second.reused);
  EXPECT_EQ(pool.counts().retried, 1u);
}

TEST_F(Exchange, NoRetryOnceTheServerAnsweredAndNoSecondRetry) {
  {
    Script script({goes_stale("HTTP/1.1")});
    EXPECT_EQ(run(script.origin()).body, "ok");
    Answer cut = run(script.origin());
    ASSERT_FALSE(cut.status.ok());
    EXPECT_EQ(cut.status.error().code, Code::closed_early);
    EXPECT_EQ(pool.counts().retried, 0u);
  }
  Script script({goes_stale(), [](RawSocket& socket) { socket.read_until("\r\n\r\n"); }});
  EXPECT_EQ(run(script.origin()).body, "ok");
  Answer twice = run(script.origin());
  ASSERT_FALSE(twice.status.ok());
  EXPECT_EQ(twice.status.error().code, Code::closed_early);
  EXPECT_EQ(pool.counts().retried, 1u);
}

TEST_F(Exchange, NoRetryWhenTheServerMayHaveWorked) {
  RawListener listener;
  Origin origin{false, "127.0.0.1", listener.port()};
  auto task = [&]() -> Task<Code> {
    UpstreamExchange first(pool, origin);
    (void)co_await first.send("GET / HTTP/1.1\r\n\r\n", {});
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    (void)co_await first.read_head(5000);
    UpstreamExchange second(pool, origin);
    (void)co_await second.send("GET / HTTP/1.1\r\n\r\n", {});
    EXPECT_TRUE(second.reused_connection());
    loop.skip_time(kStaleWithinMs + 1);
    socket.close();
    base::Status status = co_await second.read_head(5000);
    co_return status.ok() ? Code::internal : status.error().code;
  };
  EXPECT_EQ(loop.run_task(task()), Code::closed_early);
  EXPECT_EQ(pool.counts().retried, 0u);
}

TEST_F(Exchange, AnIdleConnectionThatTheServerClosesLeavesThePool) {
  {
    Script script({answers("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")});  // then closes
    EXPECT_EQ(run(script.origin()).body, "ok");
  }
  loop.run_task(turns(loop));
  EXPECT_EQ(pool.counts().idle, 0u);
}

TEST_F(Exchange, AnIdleConnectionGrowsOld) {
  RawListener listener;
  auto server = std::thread([&] {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    EXPECT_EQ(socket.read_some(), "");  // until it is closed
  });
  EXPECT_EQ(run({false, "127.0.0.1", listener.port()}).body, "ok");
  loop.skip_time(kIdleUpstreamMs - 1000);
  loop.run_task(turns(loop));
  EXPECT_EQ(pool.counts().idle, 1u);
  loop.skip_time(1100);
  loop.run_task(turns(loop));
  EXPECT_EQ(pool.counts().idle, 0u);
  server.join();
}

TEST_F(Exchange, ReadsTimeOutAndCanGoOn) {
  RawListener listener;
  auto task = [&]() -> Task<int> {
    UpstreamExchange exchange(pool, {false, "127.0.0.1", listener.port()});
    (void)co_await exchange.send("GET / HTTP/1.1\r\n\r\n", {});
    RawSocket socket = listener.accept();
    base::Status head = co_await exchange.read_head(10);
    EXPECT_EQ(head.error().code, Code::timeout);
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    head = co_await exchange.read_head(5000);
    EXPECT_TRUE(head.ok());
    base::Result<BodyPiece> piece = co_await exchange.read_body(5000);
    EXPECT_EQ(piece->bytes, "ab");
    piece = co_await exchange.read_body(10);
    EXPECT_EQ(piece.error().code, Code::timeout);
    socket.send("cd");
    piece = co_await exchange.read_body(5000);
    EXPECT_TRUE(piece.ok());
    EXPECT_EQ(piece->bytes, "cd");
    EXPECT_TRUE(piece->last);
    co_return 0;
  };
  loop.run_task(task());
}

TEST_F(Exchange, CancelClosesTheSocketWhateverWaits) {
  RawListener listener;
  auto task = [&](int stage) -> Task<int> {
    UpstreamExchange exchange(pool, {false, "127.0.0.1", listener.port()});
    auto canceller = [&]() -> Task<void> {
      (void)co_await turns(loop);
      exchange.cancel();
    };
    (void)co_await exchange.send("GET / HTTP/1.1\r\n\r\n", {});
    RawSocket socket = listener.accept();
    if (stage == 1) {
      socket.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n");
      (void)co_await exchange.read_head(5000);
    }
    loop.spawn(canceller());
    if (stage == 0) {
      base::Status status = co_await exchange.read_head(5000);
      EXPECT_EQ(status.error().code, Code::cancelled);
    } else {
      base::Result<BodyPiece> piece = co_await exchange.read_body(5000);
      EXPECT_EQ(piece.error().code, Code::cancelled);
    }
    socket.read_until("\r\n\r\n");
    EXPECT_EQ(socket.read_some(), "");  // closed, though the exchange still lives
    base::Result<BodyPiece> after = co_await exchange.read_body(5000);
    EXPECT_EQ(after.error().code, Code::cancelled);
    co_return 0;
  };
  loop.run_task(task(0));
  loop.run_task(task(1));
}

TEST_F(Exchange, AnEarlyAnswerEndsTheSending) {
  // Reads the head, refuses, and reads no further: the body (more than the sockets hold) can never be sent.
  std::string body(64 << 20, 'x');
  RawListener listener;
  auto server = std::thread([&] {
    RawSocket socket = listener.accept();
    socket.read_until("\r\n\r\n");
    socket.send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
    RawSocket done = listener.accept();  // holds the first open until the test has its answer
  });
  std::string head = "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  Answer got = loop.run_task(get(pool, {false, "127.0.0.1", listener.port()}, head, body));
  EXPECT_TRUE(got.status.ok()) << got.status.error().message;
  EXPECT_EQ(got.code, 413);
  EXPECT_EQ(got.body, "no");
  EXPECT_EQ(pool.counts().idle, 0u);
  RawSocket::connect(listener.port());
  server.join();
}

TEST_F(Exchange, ABodyLargerThanTheSocketsArrivesWhole) {
  std::string body;
  for (int i = 0; body.size() < (8u << 20); ++i) body += std::to_string(i) + " ";
  std::string seen;
  Script script({[&](RawSocket& socket) {
    socket.read_until("\r\n\r\n");
    seen = socket.read_exactly(body.size());
    socket.send("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }});
  std::string head = "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  Answer got = loop.run_task(get(pool, script.origin(), head, body));
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(seen == body);
  EXPECT_TRUE(got.body == body);
}

TEST_F(Exchange, NobodyListens) {
  std::uint16_t port;
  {
    RawListener listener;
    port = listener.port();
  }
  Answer got = run({false, "127.0.0.1", port});
  ASSERT_FALSE(got.status.ok());
  EXPECT_EQ(got.status.error().code, Code::unreachable);
  EXPECT_NE(got.status.error().message.find("refused"), std::string::npos);
  got = run({false, "name.invalid", 80});
  ASSERT_FALSE(got.status.ok());
  EXPECT_EQ(got.status.error().code, Code::unreachable);
}

TEST_F(Exchange, IdleConnectionsAreBounded) {
  // One more exchange at a time than may idle: the oldest of them is closed.
  std::size_t count = kIdlePerOrigin + 1;
  RawListener listener(256);
  std::vector<RawSocket> sockets;
  auto one = [&](std::size_t& done, Event& all, Event& answered) -> Task<void> {
    UpstreamExchange exchange(pool, {false, "127.0.0.1", listener.port()});
    (void)co_await exchange.send("GET / HTTP/1.1\r\n\r\n", {});
    if (++done == count) all.set();
    (void)co_await exchange.read_head(5000);
    (void)co_await exchange.read_body(5000);
    if (--done == 0) answered.set();
  };
  auto task = [&]() -> Task<int> {
    std::size_t done = 0;
    Event all(loop);
    Event answered(loop);
    for (std::size_t i = 0; i < count; ++i) loop.spawn(one(done, all, answered));
    (void)co_await all.wait(5000);
    for (std::size_t i = 0; i < count; ++i) {
      sockets.push_back(listener.accept());
      sockets.back().send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
    (void)co_await answered.wait(5000);
    co_return 0;
  };
  loop.run_task(task());
  EXPECT_EQ(pool.counts().opened, count);
  EXPECT_EQ(pool.counts().idle, kIdlePerOrigin);
}

}  // namespace
}  // namespace basin::net
