#include "net/timers.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <random>
#include <vector>

namespace basin::net {
namespace {

struct Counting {
  int fired = 0;
  Timer timer{[](void* self) { ++static_cast<Counting*>(self)->fired; }, this};
};

TEST(Timers, FireOnceWhenDueAndNeverEarly) {
  Timers timers(1000);
  Counting one;
  timers.arm(one.timer, 1234);
  EXPECT_EQ(timers.wait_ms(1000), 240);
  timers.expire(1233);
  EXPECT_EQ(one.fired, 0);
  timers.expire(1240);
  EXPECT_EQ(one.fired, 1);
  EXPECT_FALSE(one.timer.armed());
  timers.expire(100'000);
  EXPECT_EQ(one.fired, 1);
  EXPECT_EQ(timers.wait_ms(100'000), -1);
}

TEST(Timers, ATimePassedFiresWithTheNextTick) {
  Timers timers(1000);
  Counting one;
  timers.arm(one.timer, 5);
  timers.expire(1010);
  EXPECT_EQ(one.fired, 1);
}

TEST(Timers, FurtherThanOneTurn) {
  constexpr std::int64_t kTurnMs = Timers::kTickMs * static_cast<std::int64_t>(Timers::kSlots);
  Timers timers(0);
  Counting one;
  timers.arm(one.timer, 3 * kTurnMs + 500);
  for (std::int64_t now = 0; now < 3 * kTurnMs + 500; now += 70) {
    timers.expire(now);
    ASSERT_EQ(one.fired, 0) << now;
  }
  timers.expire(3 * kTurnMs + 510);
  EXPECT_EQ(one.fired, 1);
}

TEST(Timers, ALongSleepFiresAllThatIsDueAndNothingElse) {
  Timers timers(0);
  std::vector<std::unique_ptr<Counting>> due;
  Counting later;
  for (int i = 0; i < 100; ++i) {
    due.push_back(std::make_unique<Counting>());
    timers.arm(due.back()->timer, i * 997);
  }
  timers.arm(later.timer, 5'000'000);
  timers.expire(4'000'000);
  for (auto& each : due) EXPECT_EQ(each->fired, 1);
  EXPECT_EQ(later.fired, 0);
  timers.expire(5'000'000);
  EXPECT_EQ(later.fired, 1);
}

TEST(Timers, CanBeMovedDisarmedAndDestroyed) {
  Timers timers(0);
  Counting moved;
  Counting disarmed;
  auto destroyed = std::make_unique<Counting>();
  timers.arm(moved.timer, 50);
  timers.arm(moved.timer, 500);
  timers.arm(disarmed.timer, 50);
  timers.arm(destroyed->timer, 50);
  timers.disarm(disarmed.timer);
  destroyed.reset();
  timers.expire(100);
  EXPECT_EQ(moved.fired, 0);
  EXPECT_EQ(disarmed.fired, 0);
  timers.expire(500);
  EXPECT_EQ(moved.fired, 1);
}

// A callback may arm itself anew, disarm a neighbour in the same slot, and destroy itself.
TEST(Timers, CallbacksMayChangeEverything) {
  Timers timers(0);
  struct Again {
    Timers& timers;
    int fired = 0;
    Timer timer{[](void* self) {
                  auto& again = *static_cast<Again*>(self);
                  if (++again.fired < 3) again.timers.arm(again.timer, 10);
                },
                this};
  } again{timers};
  Counting neighbour;
  struct Kills {
    Timers& timers;
    Timer& other;
    std::unique_ptr<Kills> self;
    Timer timer{[](void* me) {
                  auto own = std::move(static_cast<Kills*>(me)->self);
                  own->timers.disarm(own->other);
                },
                this};
  };
  auto kills = std::make_unique<Kills>(timers, neighbour.timer);
  Kills& alive = *kills;
  alive.self = std::move(kills);
  timers.arm(neighbour.timer, 10);
  timers.arm(alive.timer, 10);  // in front of its neighbour
  timers.arm(again.timer, 10);
  for (int now = 10; now <= 50; now += 10) timers.expire(now);
  EXPECT_EQ(again.fired, 3);
  EXPECT_EQ(neighbour.fired, 0);
}

// Against a plain list of times: whatever is armed fires at its tick, in any mixture of arming, moving and time.
TEST(Timers, AgreeWithASimpleModel) {
  std::mt19937 random(1);
  auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  Timers timers(0);
  std::deque<Counting> all(200);
  std::vector<std::int64_t> when(all.size(), -1);
  std::int64_t now = 0;
  for (int step = 0; step < 20'000; ++step) {
    auto i = static_cast<std::size_t>(below(static_cast<int>(all.size())));
    if (below(4) == 0) {
      timers.disarm(all[i].timer);
      when[i] = -1;
    } else {
      when[i] = now + below(30'000);
      timers.arm(all[i].timer, when[i]);
    }
    int wait = timers.wait_ms(now);
    std::int64_t first = -1;
    for (std::int64_t w : when)
      if (w >= 0 && (first < 0 || w < first)) first = w;
    if (first >= 0) {
      ASSERT_GE(wait, 0);
      ASSERT_LE(now + wait, std::max(first, now) + 2 * Timers::kTickMs);
    }
    now += below(25);
    std::vector<int> before;
    for (auto& each : all) before.push_back(each.fired);
    timers.expire(now);
    std::int64_t tick = now / Timers::kTickMs * Timers::kTickMs;
    for (std::size_t k = 0; k < all.size(); ++k) {
      bool fired = all[k].fired > before[k];
      if (fired) {
        ASSERT_GE(when[k], 0);
        ASSERT_LE(when[k], now);
        when[k] = -1;
      } else if (when[k] >= 0) {
        ASSERT_GT(when[k] + Timers::kTickMs, tick);
      }
    }
  }
}

}  // namespace
}  // namespace basin::net
