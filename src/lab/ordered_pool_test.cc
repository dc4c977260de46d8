#include "lab/ordered_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>

namespace basin::lab {
namespace {

using Pool = OrderedPool<int, std::string>;

// Later jobs are shorter, so that they end before earlier ones.
std::string slow(int job) {
  unsigned sum = 0;
  for (int i = 0; i < (job % 7 == 0 ? 200'000 : 10); ++i) sum = sum * 31 + static_cast<unsigned>(i);
  return std::to_string(job) + (sum == 1 ? "!" : "");
}

TEST(OrderedPool, GivesResultsInTheOrderOfTheJobs) {
  Pool pool({slow, slow, slow});
  int expected = 0;
  for (int job = 0; job < 300; ++job) {
    pool.give(job);
    while (pool.within() > 8) EXPECT_EQ(pool.take(), std::to_string(expected++));
    while (auto ready = pool.take(false)) EXPECT_EQ(ready, std::to_string(expected++));
  }
  while (auto rest = pool.take()) EXPECT_EQ(rest, std::to_string(expected++));
  EXPECT_EQ(expected, 300);
  EXPECT_EQ(pool.within(), 0u);
  EXPECT_EQ(pool.take(), std::nullopt);
}

TEST(OrderedPool, EndsWithJobsThatNobodyTook) {
  std::atomic<int> done = 0;
  {
    Pool pool({[&](int job) {
      ++done;
      return slow(job);
    }});
    for (int job = 0; job < 1000; ++job) pool.give(job);
    EXPECT_EQ(pool.take(), "0");
  }
  EXPECT_GE(done, 1);
}

}  // namespace
}  // namespace basin::lab
