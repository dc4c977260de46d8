// Loop and Event (event.cc), on the reactor of asio.cc.
#include "net/loop.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "net/event.h"

namespace basin::net {
namespace {

using base::Code;

TEST(Loop, RunsWhatOtherThreadsPostInOrder) {
  Loop loop;
  std::string seen;
  std::thread other([&] {
    for (char c = 'a'; c <= 'e'; ++c) loop.post([&seen, c] { seen += c; });
    loop.stop();
  });
  loop.run();
  other.join();
  EXPECT_EQ(seen, "abcde");
}

// A deadline counts from when it was set, however long the loop had slept before.
TEST(Loop, TheClockIsFreshWhereverWorkBegins) {
  const auto steady_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  Loop loop;
  std::int64_t posted_ms = 0;
  std::int64_t seen_ms = 0;
  std::thread other([&] {
    const std::int64_t begun_ms = steady_ms();
    while (steady_ms() < begun_ms + 20) std::this_thread::yield();  // the loop has nothing to do meanwhile
    posted_ms = steady_ms();
    loop.post([&] {
      seen_ms = loop.now_ms();
      loop.stop();
    });
  });
  loop.run();
  other.join();
  EXPECT_GE(seen_ms, posted_ms);
}

TEST(Loop, ManyThreadsPost) {
  Loop loop;
  int count = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1000; ++i)
        loop.post([&] {
          if (++count == 4000) loop.stop();
        });
    });
  loop.run();
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(count, 4000);
}

TEST(Loop, AMailboxMayOutliveItsLoop) {
  std::shared_ptr<Mailbox> mailbox;
  auto held = std::make_shared<int>(1);
  {
    Loop loop;
    mailbox = loop.mailbox();
    post(*mailbox, [held] {});
  }
  EXPECT_EQ(held.use_count(), 1);  // dropped with the loop
  post(*mailbox, [held] { FAIL(); });
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Loop, StopEndsEveryWaitAndWaitsForTheTasks) {
  Loop loop;
  std::vector<Code> codes;
  auto waiting = [&](std::uint32_t timeout_ms) -> Task<void> {
    Event event(loop);
    base::Status status = co_await event.wait(timeout_ms);
    codes.push_back(status.error().code);
    status = co_await event.wait();  // a new wait ends at once
    codes.push_back(status.error().code);
  };
  loop.spawn(waiting(0));
  loop.spawn(waiting(60'000));
  loop.stop();
  loop.run();
  EXPECT_EQ(codes, std::vector<Code>(4, Code::cancelled));
}

TEST(Loop, MayRunAgain) {
  Loop loop;
  auto answer = [](int n) -> Task<int> { co_return n; };
  EXPECT_EQ(loop.run_task(answer(1)), 1);
  EXPECT_EQ(loop.run_task(answer(2)), 2);
}

TEST(Loop, PausesForATime) {
  Loop loop;
  auto task = [&]() -> Task<std::int64_t> {
    std::int64_t before = loop.now_ms();
    base::Status status = co_await pause(loop, 20);
    EXPECT_TRUE(status.ok());
    co_return loop.now_ms() - before;
  };
  EXPECT_GE(loop.run_task(task()), 20);
}

TEST(Loop, TimeCanBeSkipped) {
  Loop loop;
  auto task = [&]() -> Task<bool> {
    Event event(loop);
    loop.post([&] { loop.skip_time(3'600'000); });
    base::Status status = co_await event.wait(3'600'000);
    co_return !status.ok() && status.error().code == Code::timeout;
  };
  EXPECT_TRUE(loop.run_task(task()));
}

TEST(Event, WakesItsWaiterAndStaysSet) {
  Loop loop;
  auto task = [&]() -> Task<int> {
    Event event(loop);
    loop.post([&] { event.set(); });
    EXPECT_TRUE((co_await event.wait(10'000)).ok());
    EXPECT_TRUE(event.is_set());
    EXPECT_TRUE((co_await event.wait()).ok());
    event.reset();
    base::Status status = co_await event.wait(10);
    EXPECT_EQ(status.error().code, Code::timeout);
    co_return 0;
  };
  loop.run_task(task());
}

}  // namespace
}  // namespace basin::net
