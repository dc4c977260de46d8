#include "net/socket.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "net/event.h"
#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;
using testing::RawSocket;

// Two ends: ours on the loop, theirs raw.
struct Pair {
  explicit Pair(Loop& loop) {
    int ends[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends), 0);
    ours = std::make_unique<Socket>(loop, ends[0]);
    theirs = std::make_unique<RawSocket>(ends[1]);
  }
  std::unique_ptr<Socket> ours;
  std::unique_ptr<RawSocket> theirs;
};

struct Receive {
  Socket* socket;
  std::string* into;
  Wants operator()() {
    char buffer[64];
    Moved moved = socket->receive(buffer, sizeof buffer);
    if (moved.kind == Moved::Kind::would_block) return moved.wants;
    if (moved.kind == Moved::Kind::bytes)
      into->assign(buffer, moved.count);
    else
      *into = moved.kind == Moved::Kind::ended ? "(end)" : "(failed)";
    return Wants::nothing;
  }
};

TEST(Socket, ReceivesWhatComes) {
  Loop loop;
  Pair pair(loop);
  auto task = [&]() -> Task<int> {
    std::string got;
    loop.post([&] { pair.theirs->send("abc"); });
    EXPECT_TRUE((co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000)).ok());
    EXPECT_EQ(got, "abc");
    pair.theirs->send("d");
    pair.theirs->end_writing();
    EXPECT_TRUE((co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000)).ok());
    EXPECT_EQ(got, "d");
    EXPECT_TRUE((co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000)).ok());
    EXPECT_EQ(got, "(end)");
    co_return 0;
  };
  loop.run_task(task());
}

TEST(Socket, TimesOutAndCanBeTriedAgain) {
  Loop loop;
  Pair pair(loop);
  auto task = [&]() -> Task<int> {
    std::string got;
    base::Status status = co_await pair.ours->until(Receive{pair.ours.get(), &got}, 10);
    EXPECT_EQ(status.error().code, Code::timeout);
    pair.theirs->send("later");
    EXPECT_TRUE((co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000)).ok());
    EXPECT_EQ(got, "later");
    co_return 0;
  };
  loop.run_task(task());
}

TEST(Socket, CancelAndCloseEndAWait) {
  Loop loop;
  Pair pair(loop);
  auto task = [&]() -> Task<int> {
    std::string got;
    loop.post([&] { pair.ours->cancel(); });
    base::Status status = co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000);
    EXPECT_EQ(status.error().code, Code::cancelled);
    loop.post([&] { pair.ours->close(); });
    status = co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000);
    EXPECT_EQ(status.error().code, Code::cancelled);
    EXPECT_TRUE((co_await pair.ours->until(Receive{pair.ours.get(), &got}, 5000)).ok());
    EXPECT_EQ(got, "(failed)");
    co_return 0;
  };
  loop.run_task(task());
  EXPECT_EQ(pair.theirs->read_some(), "");
}

TEST(Socket, HangUpIsToldWhileNobodyReads) {
  Loop loop;
  Pair pair(loop);
  auto task = [&](bool with_unread_input) -> Task<int> {
    Event gone(loop);
    int times = 0;
    pair.ours->on_hang_up([&] {
      ++times;
      gone.set();
    });
    if (with_unread_input) pair.theirs->send("unread");
    loop.post([&] { pair.theirs->end_writing(); });
    EXPECT_TRUE((co_await gone.wait(5000)).ok());
    EXPECT_TRUE(pair.ours->hung_up());
    pair.theirs->close();
    Event turned(loop);
    loop.post([&] { turned.set(); });
    (void)co_await turned.wait();
    EXPECT_EQ(times, 1);
    co_return 0;
  };
  loop.run_task(task(false));
  pair = Pair(loop);
  loop.run_task(task(true));
}

TEST(Socket, ACallbackMayCloseTheSocketAndItsNeighbours) {
  Loop loop;
  Pair one(loop);
  Pair two(loop);
  auto task = [&]() -> Task<int> {
    Event gone(loop);
    auto close_both = [&] {
      one.ours.reset();
      two.ours.reset();
      gone.set();
    };
    one.ours->on_hang_up(close_both);
    two.ours->on_hang_up(close_both);
    // Both events are fetched in one batch; the second one's socket is gone by then.
    one.theirs->close();
    two.theirs->close();
    EXPECT_TRUE((co_await gone.wait(5000)).ok());
    co_return 0;
  };
  loop.run_task(task());
}

TEST(Socket, GatherSendsPiecesOfEverySizeInOrder) {
  Loop loop;
  Pair pair(loop);
  std::vector<std::string> texts;
  std::vector<std::string_view> pieces;
  std::string expected;
  for (std::size_t i = 0; i < 100; ++i) {
    texts.push_back(std::string(i % 3 == 0 ? 0 : i * i, static_cast<char>('a' + i % 26)));
    expected += texts.back();
  }
  for (const std::string& text : texts) pieces.push_back(text);
  std::string got;
  std::thread reader([&] { got = pair.theirs->read_exactly(expected.size()); });
  auto task = [&]() -> Task<int> {
    Gather gather(pieces);
    EXPECT_TRUE((co_await pair.ours->until(SendStep{pair.ours.get(), &gather}, 5000)).ok());
    EXPECT_FALSE(gather.failed());
    co_return 0;
  };
  loop.run_task(task());
  reader.join();
  EXPECT_TRUE(got == expected);
}

TEST(Socket, AStalledWriteTimesOutButASlowOneDoesNot) {
  Loop loop;
  Pair pair(loop);
  std::string large(8 << 20, 'x');
  std::array<std::string_view, 1> pieces{large};
  // Some is read, and nearly the whole limit passes, again and again. The limit is long, so that what is left of it
  // outlasts whatever real time a busy machine takes for these few turns.
  int reads = 0;
  std::function<void()> slowly = [&] {
    if (++reads > 5) return loop.skip_time(1'100'000);
    pair.theirs->drain();
    loop.skip_time(900'000);
    loop.post([&] { loop.post(slowly); });  // a turn between, for the socket to be looked at
  };
  auto task = [&]() -> Task<int> {
    Gather gather(pieces);
    loop.post(slowly);
    std::int64_t begun_ms = loop.now_ms();
    base::Status status = co_await pair.ours->until(SendStep{pair.ours.get(), &gather}, 1'000'000);
    EXPECT_EQ(status.error().code, Code::timeout);
    EXPECT_GE(loop.now_ms() - begun_ms, 3'000'000);
    co_return 0;
  };
  loop.run_task(task());
}

TEST(Socket, WritingToAClosedPeerFailsWithoutASignal) {
  Loop loop;
  Pair pair(loop);
  pair.theirs->close();
  std::array<std::string_view, 1> pieces{"x"};
  auto task = [&]() -> Task<int> {
    Gather gather(pieces);
    EXPECT_TRUE((co_await pair.ours->until(SendStep{pair.ours.get(), &gather}, 1000)).ok());
    EXPECT_TRUE(gather.failed());
    co_return 0;
  };
  loop.run_task(task());
}

TEST(Socket, StopEndsItsWait) {
  Loop loop;
  Pair pair(loop);
  Code code = Code::internal;
  auto waiting = [&]() -> Task<void> {
    std::string got;
    base::Status status = co_await pair.ours->until(Receive{pair.ours.get(), &got}, 0);
    code = status.error().code;
  };
  loop.spawn(waiting());
  loop.stop();
  loop.run();
  EXPECT_EQ(code, Code::cancelled);
}

}  // namespace
}  // namespace basin::net
