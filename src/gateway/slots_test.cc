#include "gateway/slots.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace basin::gateway {
namespace {

using base::Code;

// One take() and what came of it.
struct Taker {
  Slots::Wait wait;
  std::optional<base::Result<Slots::Lease>> result;

  bool waits() const { return !result; }
  bool has_slot() const { return result && result->ok() && **result; }
  Code code() const { return result && !result->ok() ? result->error().code : Code::internal; }
};

net::Task<void> take(Slots& slots, net::Loop& loop, Taker& taker, unsigned limit, std::uint32_t max_wait_ms) {
  taker.result.emplace(co_await slots.take(loop, "lab", limit, max_wait_ms, taker.wait));
}

class SlotsTest : public ::testing::Test {
 protected:
  Taker& start(unsigned limit, std::uint32_t max_wait_ms = 0) {
    Taker& taker = *takers_.emplace_back(std::make_unique<Taker>());
    loop_.spawn(take(slots_, loop_, taker, limit, max_wait_ms));
    return taker;
  }
  // Runs the body as a task of the loop, to its end; who still waits is let go.
  template <class Body>
  void run(Body body) {
    loop_.spawn(body_task(std::move(body)));
    loop_.run();
  }
  net::Task<void> turns() { (void)co_await net::pause(loop_, 1); }
  Slots::Row row() const {
    const auto rows = slots_.rows();
    return rows.empty() ? Slots::Row{} : rows.front();
  }

  std::atomic<std::int64_t> now_ms_{1000};
  Slots slots_{[this] { return now_ms_.load(); }};
  net::Loop loop_;
  std::vector<std::unique_ptr<Taker>> takers_;

 private:
  template <class Body>
  net::Task<void> body_task(Body body) {
    co_await body();
    loop_.stop();
  }
};

TEST_F(SlotsTest, WhoComesFirstIsServedFirst) {
  Taker& a = start(2);
  Taker& b = start(2);
  Taker& c = start(2);
  Taker& d = start(2);
  EXPECT_TRUE(a.has_slot() && b.has_slot());
  EXPECT_TRUE(c.waits() && d.waits());
  EXPECT_EQ(a.wait.position(), 0u);
  EXPECT_EQ(c.wait.position(), 1u);
  EXPECT_EQ(d.wait.position(), 2u);
  EXPECT_EQ(row().busy, 2u);
  EXPECT_EQ(row().waiting, 2u);
  EXPECT_EQ(row().limit, 2u);
  run([&]() -> net::Task<void> {
    b.result->value().release();
    EXPECT_EQ(row().busy, 2u);  // it is c's already
    EXPECT_EQ(d.wait.position(), 1u);
    // One who comes now does not overtake, though c has not woken.
    Taker& e = start(2);
    EXPECT_TRUE(e.waits());
    co_await turns();
    EXPECT_TRUE(c.has_slot());
    EXPECT_TRUE(d.waits() && e.waits());
    a.result.reset();
    c.result.reset();
    co_await turns();
    EXPECT_TRUE(d.has_slot() && e.has_slot());
  });
  takers_.clear();
  EXPECT_EQ(row().busy, 0u);
}

TEST_F(SlotsTest, ServersDoNotWaitForEachOther) {
  Taker& a = start(1);
  run([&]() -> net::Task<void> {
    Slots::Wait wait;
    const auto other = co_await slots_.take(loop_, "other", 1, 0, wait);
    EXPECT_TRUE(other.ok());
    EXPECT_TRUE(a.has_slot());
    EXPECT_EQ(slots_.rows().size(), 2u);
  });
}

TEST_F(SlotsTest, WithoutALimitNobodyWaits) {
  for (int i = 0; i < 500; ++i) EXPECT_TRUE(start(0).has_slot());
  EXPECT_EQ(row().busy, 500u);
  EXPECT_EQ(row().wait_ms, 0u);
}

TEST_F(SlotsTest, WhoGivesUpLeavesTheQueueAtOnce) {
  Taker& a = start(1);
  Taker& b = start(1);
  Taker& c = start(1);
  run([&]() -> net::Task<void> {
    b.wait.cancel();
    EXPECT_EQ(row().waiting, 1u);
    EXPECT_EQ(b.wait.position(), 0u);
    EXPECT_EQ(c.wait.position(), 1u);
    co_await turns();
    EXPECT_EQ(b.code(), Code::cancelled);
    a.result.reset();
    co_await turns();
    EXPECT_TRUE(c.has_slot());
  });
  EXPECT_EQ(row().busy, 1u);
}

// The slot is on its way to who gives up: he gives it on.
TEST_F(SlotsTest, GivingUpWithTheSlotInHand) {
  Taker& a = start(1);
  Taker& b = start(1);
  Taker& c = start(1);
  run([&]() -> net::Task<void> {
    now_ms_ += 4000;
    a.result.reset();
    b.wait.cancel();
    co_await turns();
    EXPECT_EQ(b.code(), Code::cancelled);
    EXPECT_TRUE(c.has_slot());
    EXPECT_EQ(row().held_ms, 4000u);  // b's moment does not count
  });
  EXPECT_EQ(row().busy, 1u);
}

TEST_F(SlotsTest, WhoHasGivenUpGetsNone) {
  run([&]() -> net::Task<void> {
    Slots::Wait wait;
    wait.cancel();
    const auto lease = co_await slots_.take(loop_, "lab", 1, 0, wait);
    EXPECT_EQ(lease.error().code, Code::cancelled);
  });
  EXPECT_TRUE(slots_.rows().empty());
}

TEST_F(SlotsTest, NobodyWaitsForEver) {
  Taker& a = start(1);
  Taker& b = start(1, 5000);
  run([&]() -> net::Task<void> {
    co_await turns();
    EXPECT_TRUE(b.waits());
    loop_.skip_time(6000);
    co_await turns();
    co_await turns();
    EXPECT_EQ(b.code(), Code::timeout);
    EXPECT_EQ(row().waiting, 0u);
    EXPECT_TRUE(a.has_slot());
  });
}

TEST_F(SlotsTest, ALoopThatStopsLetsThemGo) {
  Taker& a = start(1);
  Taker& b = start(1);
  run([&]() -> net::Task<void> { co_await turns(); });
  EXPECT_EQ(b.code(), Code::cancelled);
  EXPECT_EQ(row().waiting, 0u);
  a.result.reset();
  EXPECT_EQ(row().busy, 0u);
}

TEST_F(SlotsTest, AFullQueueTurnsAwayAtOnce) {
  Taker& a = start(1);
  for (std::size_t i = 0; i < Slots::kQueueLimit; ++i) EXPECT_TRUE(start(1).waits());
  Taker& past = start(1);
  EXPECT_EQ(past.code(), Code::busy);
  EXPECT_NE(past.result->error().message.find("lab"), std::string::npos);
  EXPECT_EQ(row().turned_away, 1u);
  EXPECT_EQ(row().waiting, Slots::kQueueLimit);
  run([&]() -> net::Task<void> { co_await turns(); });
  EXPECT_TRUE(a.has_slot());
}

TEST_F(SlotsTest, ALimitCountsFromTheNextOn) {
  Taker& a = start(1);
  Taker& b = start(1);
  Taker& c = start(1);
  run([&]() -> net::Task<void> {
    Taker& d = start(3);  // b and c come first, and d waits
    co_await turns();
    EXPECT_TRUE(b.has_slot() && c.has_slot());
    EXPECT_TRUE(d.waits());
    Taker& e = start(1);
    a.result.reset();
    b.result.reset();
    co_await turns();
    EXPECT_TRUE(d.waits() && e.waits());  // c has the one slot that is left
    c.result.reset();
    co_await turns();
    EXPECT_TRUE(d.has_slot());
    EXPECT_TRUE(e.waits());
  });
}

TEST_F(SlotsTest, HowLongOneWillWait) {
  Taker& a = start(2);
  Taker& b = start(2);
  EXPECT_EQ(row().held_ms, std::nullopt);
  EXPECT_EQ(row().wait_ms, std::nullopt);
  now_ms_ += 4000;
  a.result.reset();
  EXPECT_EQ(row().held_ms, 4000u);
  EXPECT_EQ(row().wait_ms, 0u);
  now_ms_ += 5000;
  b.result.reset();
  EXPECT_EQ(row().held_ms, 5000u);  // 4000 + 0.2 * 5000
  start(2);
  start(2);
  EXPECT_EQ(row().wait_ms, 2500u);
  Taker& c = start(2);
  Taker& d = start(2);
  EXPECT_EQ(c.wait.expected_ms(), 2500u);
  EXPECT_EQ(d.wait.expected_ms(), 5000u);
  EXPECT_EQ(row().wait_ms, 7500u);
  run([&]() -> net::Task<void> { co_await turns(); });
  EXPECT_EQ(d.wait.expected_ms(), std::nullopt);
}

TEST_F(SlotsTest, ALeaseMoves) {
  Slots::Lease none;
  EXPECT_FALSE(none);
  none.release();
  Taker& a = start(2);
  Taker& b = start(2);
  Slots::Lease first = std::move(a.result->value());
  Slots::Lease second = std::move(b.result->value());
  a.result.reset();
  b.result.reset();
  EXPECT_EQ(row().busy, 2u);
  first = std::move(second);  // gives back what it had
  EXPECT_EQ(row().busy, 1u);
  EXPECT_TRUE(first);
  EXPECT_FALSE(second);  // NOLINT(bugprone-use-after-move)
  Slots::Lease& itself = first;
  first = std::move(itself);
  EXPECT_EQ(row().busy, 1u);
  first.release();
  first.release();
  EXPECT_EQ(row().busy, 0u);
}

TEST_F(SlotsTest, ALeaseMayOutliveTheSlots) {
  auto slots = std::make_unique<Slots>();
  Slots::Lease lease;
  run([&]() -> net::Task<void> {
    Slots::Wait wait;
    lease = std::move(co_await slots->take(loop_, "lab", 1, 0, wait)).value();
  });
  slots.reset();
  EXPECT_TRUE(lease);
}

TEST_F(SlotsTest, RememberSoManyServers) {
  run([&]() -> net::Task<void> {
    std::vector<Slots::Lease> held;
    for (std::size_t i = 0; i < Slots::kCapacity; ++i) {
      Slots::Wait wait;
      held.push_back(std::move(co_await slots_.take(loop_, "s" + std::to_string(i), 1, 0, wait)).value());
    }
    Slots::Wait wait;
    (void)co_await slots_.take(loop_, "past", 1, 0, wait);  // all others are busy: none is forgotten
    EXPECT_EQ(slots_.rows().size(), Slots::kCapacity + 1);
    held.clear();
    (void)co_await slots_.take(loop_, "one more", 1, 0, wait);
    EXPECT_EQ(slots_.rows().size(), Slots::kCapacity + 1);
  });
}

// --- two loops, three threads, every way out ---

constexpr unsigned kLimit = 3;

struct Storm {
  Slots slots;
  std::atomic<int> held{0}, most_held{0};
  std::atomic<int> served{0}, cancelled{0}, timed_out{0}, turned_away{0};
  std::atomic<bool> done{false};
  std::mutex mutex;
  std::deque<Slots::Lease> elsewhere;  // leases that another thread ends

  void note_taken() {
    const int now = ++held;
    for (int most = most_held; now > most && !most_held.compare_exchange_weak(most, now);) {}
  }
  void note_failed(Code code) {
    if (code == Code::cancelled) ++cancelled;
    if (code == Code::timeout) ++timed_out;
    if (code == Code::busy) ++turned_away;
  }
  void end_elsewhere(Slots::Lease lease) {
    const std::lock_guard lock(mutex);
    elsewhere.push_back(std::move(lease));
  }
  void end_leases() {
    while (!done) {
      std::deque<Slots::Lease> ended;
      {
        const std::lock_guard lock(mutex);
        ended.swap(elsewhere);
      }
      for (Slots::Lease& lease : ended) {
        --held;
        lease.release();
      }
      std::this_thread::yield();
    }
  }
};

net::Task<void> cancel_after(net::Loop& loop, std::shared_ptr<Slots::Wait> wait, std::uint32_t ms) {
  (void)co_await net::pause(loop, ms);
  wait->cancel();
}

// One client: asks again and again, and leaves in every way there is.
net::Task<void> client(Storm& storm, net::Loop& loop, unsigned seed, int rounds, int& alive) {
  std::minstd_rand random(seed);
  for (int i = 0; i < rounds; ++i) {
    const auto wait = std::make_shared<Slots::Wait>();
    if (random() % 3 == 0) loop.spawn(cancel_after(loop, wait, random() % 4));
    const std::uint32_t patience_ms = random() % 2 ? 1 + random() % 30 : 0;
    auto taken = co_await storm.slots.take(loop, "lab", kLimit, patience_ms, *wait);
    if (!taken.ok()) {
      storm.note_failed(taken.error().code);
      continue;
    }
    storm.note_taken();
    ++storm.served;
    Slots::Lease lease = std::move(taken).value();
    if (random() % 2) (void)co_await net::pause(loop, random() % 3);
    if (random() % 2) {
      storm.end_elsewhere(std::move(lease));
    } else {
      Slots::Lease moved = std::move(lease);
      --storm.held;
    }
  }
  if (--alive == 0) loop.stop();
}

TEST(Slots, NoneIsLostHoweverItEnds) {
  constexpr int kClients = 40;  // with another loop's as many: more than the queue holds
  constexpr int kRounds = 25;
  Storm storm;
  std::thread elsewhere([&storm] { storm.end_leases(); });
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 2; ++t) {
    threads.emplace_back([&storm, t] {
      net::Loop loop;
      int alive = kClients;
      for (unsigned c = 0; c < kClients; ++c) loop.spawn(client(storm, loop, 1 + t * 1000 + c, kRounds, alive));
      loop.run();
    });
  }
  for (std::thread& thread : threads) thread.join();
  storm.done = true;
  elsewhere.join();
  storm.elsewhere.clear();

  EXPECT_LE(storm.most_held, static_cast<int>(kLimit));
  EXPECT_EQ(storm.served + storm.cancelled + storm.timed_out + storm.turned_away, 2 * kClients * kRounds);
  EXPECT_GT(storm.served, 0);
  EXPECT_GT(storm.cancelled, 0);
  EXPECT_GT(storm.timed_out, 0);
  const auto rows = storm.slots.rows();
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].busy, 0u);
  EXPECT_EQ(rows[0].waiting, 0u);
  EXPECT_EQ(rows[0].turned_away, static_cast<std::uint64_t>(storm.turned_away.load()));
  // As many as before can be had at once.
  net::Loop loop;
  std::deque<Taker> takers(kLimit + 1);
  for (Taker& taker : takers) loop.spawn(take(storm.slots, loop, taker, kLimit, 0));
  for (unsigned i = 0; i < kLimit; ++i) EXPECT_TRUE(takers[i].has_slot());
  EXPECT_TRUE(takers[kLimit].waits());
  loop.stop();
  loop.run();
}

}  // namespace
}  // namespace basin::gateway
