#include "cli/supervisor.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::cli {
namespace {

struct FakeProcess final : ServerProcess {
  int starts = 0;
  bool can_start = true, is_ready = false;
  std::optional<std::string> end;

  base::Status start() override {
    ++starts;
    end.reset();
    return can_start ? base::ok_status() : base::fail(base::Code::not_found, "no such program");
  }
  std::optional<std::string> ended() override { return end; }
  bool ready() override { return is_ready; }
};

class SupervisorTest : public ::testing::Test {
 protected:
  using State = Supervisor::State;

  // Looks as often as a thread would, for so long.
  void pass(std::int64_t ms) {
    for (const std::int64_t until = now_ + ms; now_ < until; now_ += kLookAgainMs) supervisor_.look(now_);
  }
  void become_ready() {
    supervisor_.look(now_);
    process_.is_ready = true;
    supervisor_.look(now_);
    ASSERT_EQ(supervisor_.state(), State::ready);
  }

  FakeProcess process_;
  std::vector<std::string> said_;
  std::int64_t now_ = 1'000;
  Supervisor supervisor_{process_, [this](std::string_view line) { said_.emplace_back(line); }};
};

TEST_F(SupervisorTest, LoadsForAsLongAsItTakes) {
  pass(3'600'000);
  EXPECT_EQ(supervisor_.state(), State::loading);
  EXPECT_EQ(process_.starts, 1);
  process_.is_ready = true;
  pass(kLookAgainMs);
  EXPECT_EQ(supervisor_.state(), State::ready);
  EXPECT_TRUE(said_.empty());
}

TEST_F(SupervisorTest, AnEndBeforeItWasEverReadyIsForGood) {
  pass(1'000);
  process_.end = "exit code 1";
  pass(600'000);
  EXPECT_EQ(supervisor_.state(), State::failed);
  EXPECT_EQ(supervisor_.reason(), "exit code 1");
  EXPECT_EQ(process_.starts, 1);
}

TEST_F(SupervisorTest, WhatCannotBeStartedFails) {
  process_.can_start = false;
  pass(1'000);
  EXPECT_EQ(supervisor_.state(), State::failed);
  EXPECT_EQ(supervisor_.reason(), "no such program");
}

TEST_F(SupervisorTest, StartsAgainLaterEachTimeUpToAMinute) {
  become_ready();
  std::int64_t wanted = kFirstBackoffMs;
  for (int crash = 1; crash < 10; ++crash) {
    process_.end = "signal 11";
    supervisor_.look(now_);
    EXPECT_EQ(supervisor_.state(), State::waiting);
    supervisor_.look(now_ + wanted - 1);
    EXPECT_EQ(process_.starts, crash) << "too early";
    now_ += wanted;
    supervisor_.look(now_);
    EXPECT_EQ(process_.starts, crash + 1);
    supervisor_.look(now_);
    EXPECT_EQ(supervisor_.state(), State::ready);
    wanted = std::min<std::int64_t>(2 * wanted, kMostBackoffMs);
  }
  EXPECT_EQ(said_.front(), "the model server ended (signal 11); it is started again in 1 s");
  EXPECT_EQ(said_.back(), "the model server is ready again");
}

TEST_F(SupervisorTest, AQuietWhileIsForgiveness) {
  become_ready();
  for (int crash = 0; crash < 3; ++crash) {
    process_.end = "signal 11";
    supervisor_.look(now_);
    pass(kMostBackoffMs);
  }
  pass(kStableMs);
  said_.clear();
  process_.end = "signal 9";
  supervisor_.look(now_);
  EXPECT_EQ(said_.front(), "the model server ended (signal 9); it is started again in 1 s");
}

TEST_F(SupervisorTest, AnEndWhileItLoadsAgainIsAnotherEnd) {
  become_ready();
  process_.end = "signal 11";
  supervisor_.look(now_);
  process_.is_ready = false;
  pass(kFirstBackoffMs + 2 * kLookAgainMs);
  EXPECT_EQ(supervisor_.state(), State::loading);
  process_.end = "exit code 1";
  supervisor_.look(now_);
  EXPECT_EQ(supervisor_.state(), State::waiting);
  EXPECT_NE(said_.back().find("in 2 s"), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
