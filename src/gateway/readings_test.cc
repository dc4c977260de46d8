#include "gateway/readings.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "geometry/testing.h"

namespace basin::gateway {
namespace {

TEST(Readings, RememberWhatTheEncoderSaid) {
  const auto encoder = geometry::random_encoder_loaded(1);
  Readings readings(encoder);
  net::Loop loop;
  EXPECT_EQ(readings.known("fix the typo"), std::nullopt);
  EXPECT_TRUE(loop.run_task(readings.read(loop, "fix the typo")));
  geometry::EncoderScratch scratch;
  EXPECT_EQ(readings.known("fix the typo"), encoder->read("fix the typo", scratch));
  EXPECT_EQ(readings.known("fix the typos"), std::nullopt);
  EXPECT_EQ(readings.read_count(), 1u);
}

TEST(Readings, WithoutAnEncoderNothingIsRead) {
  Readings readings(nullptr);
  net::Loop loop;
  EXPECT_FALSE(loop.run_task(readings.read(loop, "fix the typo")));
  EXPECT_EQ(readings.known("fix the typo"), std::nullopt);
}

net::Task<void> note(Readings& readings, net::Loop& loop, std::string ask, std::vector<int>& results) {
  const bool read = co_await readings.read(loop, std::move(ask));
  results.push_back(read ? 1 : 0);
}

// Nobody takes from the queue: it holds kQueueLimit, and one more is turned away at once.
TEST(Readings, AFullQueueTurnsAwayAtOnce) {
  Readings readings(geometry::random_encoder_loaded(1), 0);
  net::Loop loop;
  std::vector<int> results;
  for (std::size_t i = 0; i < Readings::kQueueLimit; ++i)
    loop.spawn(note(readings, loop, "ask " + std::to_string(i), results));
  EXPECT_TRUE(results.empty());
  loop.spawn(note(readings, loop, "one more", results));
  EXPECT_EQ(results, std::vector<int>{0});
  EXPECT_EQ(readings.skipped_count(), 1u);
  // A loop that stops lets go of those that wait.
  loop.stop();
  loop.run();
  EXPECT_EQ(results, std::vector<int>(Readings::kQueueLimit + 1, 0));
}

net::Task<bool> read_many(Readings& readings, net::Loop& loop, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    const bool read = co_await readings.read(loop, std::to_string(i));
    if (!read) co_return false;
  }
  co_return true;
}

TEST(Readings, ForgetTheOldest) {
  Readings readings(geometry::random_encoder_loaded(1));
  net::Loop loop;
  EXPECT_TRUE(loop.run_task(read_many(readings, loop, Readings::kCapacity)));
  EXPECT_NE(readings.known("0"), std::nullopt);
  net::Loop another;
  EXPECT_TRUE(another.run_task(readings.read(another, "one past it")));
  EXPECT_EQ(readings.known("0"), std::nullopt);
  EXPECT_NE(readings.known(std::to_string(Readings::kCapacity - 1)), std::nullopt);
  EXPECT_NE(readings.known("one past it"), std::nullopt);
}

TEST(Readings, ManyLoopsAndThreadsAtOnce) {
  Readings readings(geometry::random_encoder_loaded(1), 2);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&readings, t] {
      for (int i = 0; i < 20; ++i) {
        net::Loop once;
        const std::string ask = "ask " + std::to_string((i + t) % 10);
        if (once.run_task(readings.read(once, ask))) {
          EXPECT_NE(readings.known(ask), std::nullopt);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(readings.read_count() + readings.skipped_count(), 80u);
}

}  // namespace
}  // namespace basin::gateway
