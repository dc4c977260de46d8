#include "net/task.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "net/event.h"
#include "net/loop.h"

namespace basin::net {
namespace {

Task<int> number(int n) { co_return n; }

Task<std::string> joined(std::string a, std::string b) { co_return a + b; }

TEST(Task, GivesItsValue) {
  Loop loop;
  auto task = []() -> Task<std::string> {
    int n = co_await number(7);
    std::string text = co_await joined("a", std::to_string(n));
    co_return text;
  };
  EXPECT_EQ(loop.run_task(task()), "a7");
}

TEST(Task, RunsNothingBeforeItIsAwaited) {
  bool ran = false;
  {
    auto task = [&]() -> Task<void> {
      ran = true;
      co_return;
    };
    Task<void> dropped = task();
  }
  EXPECT_FALSE(ran);
}

TEST(Task, CarriesMoveOnlyValues) {
  Loop loop;
  auto make = []() -> Task<std::unique_ptr<int>> { co_return std::make_unique<int>(3); };
  EXPECT_EQ(*loop.run_task(make()), 3);
}

TEST(Task, ALoopOverTasksThatDoNotWaitKeepsTheStackFlat) {
  Loop loop;
  auto many = []() -> Task<long> {
    long sum = 0;
    for (int i = 0; i < 300'000; ++i) sum += co_await number(1);
    co_return sum;
  };
  EXPECT_EQ(loop.run_task(many()), 300'000);
}

TEST(Task, ALoopOverTasksThatWaitKeepsTheStackFlat) {
  Loop loop;
  auto waits = [&]() -> Task<int> {
    Event event(loop);
    loop.post([&] { event.set(); });
    (void)co_await event.wait();
    co_return 1;
  };
  auto many = [&]() -> Task<long> {
    long sum = 0;
    for (int i = 0; i < 20'000; ++i) sum += co_await waits();
    co_return sum;
  };
  EXPECT_EQ(loop.run_task(many()), 20'000);
}

TEST(Task, EndsItsLocalsInOrder) {
  std::string order;
  struct Note {
    std::string& out;
    char c;
    ~Note() { out += c; }
  };
  Loop loop;
  auto inner = [&]() -> Task<int> {
    Note a{order, 'a'};
    Note b{order, 'b'};
    co_return 0;
  };
  auto outer = [&]() -> Task<int> {
    Note c{order, 'c'};
    co_return co_await inner();
  };
  loop.run_task(outer());
  EXPECT_EQ(order, "bac");
}

}  // namespace
}  // namespace basin::net
