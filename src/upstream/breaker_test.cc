#include "upstream/breaker.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace basin::upstream {
namespace {

using wire::Cause;
using wire::Failure;

const Place kHere{"local", "qwen3"};
const Place kOtherModel{"local", "llama3"};
const Place kOtherServer{"cloud", "qwen3"};

Failure failure(Cause cause, std::optional<std::int64_t> wait_ms = {}) {
  Failure one;
  one.cause = cause;
  one.scope = wire::remedy_of(cause).scope;
  one.wait_ms = wait_ms;
  one.detail = "because";
  return one;
}

std::int64_t until(const Breaker& breaker, const Place& place, std::int64_t now_ms) {
  const auto closed = breaker.closed(place, now_ms);
  return closed ? closed->until_ms : 0;
}

TEST(Breaker, IsOpenAtFirst) {
  Breaker breaker;
  EXPECT_FALSE(breaker.closed(kHere, 0));
  EXPECT_FALSE(breaker.enter(kHere, 0));
  EXPECT_TRUE(breaker.rows(0).empty());
}

TEST(Breaker, ABadHostIsClosedForAllItsModels) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::unreachable), 1'000);
  EXPECT_EQ(until(breaker, kHere, 1'000), 2'000);
  EXPECT_EQ(until(breaker, kOtherModel, 1'999), 2'000);
  EXPECT_EQ(until(breaker, {"local", "qwen3", "somebody"}, 1'999), 2'000) << "whoever asks";
  EXPECT_FALSE(breaker.closed(kOtherServer, 1'000));
  EXPECT_EQ(breaker.closed(kHere, 1'000)->cause, Cause::unreachable);
  EXPECT_EQ(breaker.closed(kHere, 1'000)->why, "because");
  EXPECT_FALSE(breaker.closed(kHere, 2'000));
}

TEST(Breaker, OneTriesAndItsFailureDoublesTheTime) {
  Breaker breaker;
  std::int64_t now = 0;
  for (const std::int64_t closed_ms : {1'000, 2'000, 4'000, 8'000, 16'000, 32'000, 60'000, 60'000}) {
    breaker.failed(kHere, failure(Cause::unreachable), now);
    EXPECT_EQ(until(breaker, kHere, now), now + closed_ms);
    now += closed_ms;
    EXPECT_FALSE(breaker.closed(kHere, now)) << "asking takes nothing";
    EXPECT_FALSE(breaker.enter(kHere, now));
    EXPECT_EQ(breaker.enter(kOtherModel, now)->until_ms, now + Breaker::kTry_ms) << "only one tries";
  }
  breaker.succeeded(kHere, now);
  EXPECT_FALSE(breaker.enter(kHere, now));
  EXPECT_FALSE(breaker.enter(kHere, now)) << "open for all";
  breaker.failed(kHere, failure(Cause::unreachable), now);
  EXPECT_EQ(until(breaker, kHere, now), now + 1'000) << "and begins anew";
}

TEST(Breaker, AnAbandonedTryIsForgotten) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::timeout), 0);
  EXPECT_FALSE(breaker.enter(kHere, 1'000));
  EXPECT_TRUE(breaker.enter(kHere, 1'000 + Breaker::kTry_ms - 1));
  EXPECT_FALSE(breaker.enter(kHere, 1'000 + Breaker::kTry_ms));
}

TEST(Breaker, FailuresThatWereUnderWayCountOnce) {
  Breaker breaker;
  for (int i = 0; i < 50; ++i) breaker.failed(kHere, failure(Cause::cut), i);
  EXPECT_EQ(until(breaker, kHere, 60), 1'000);
  EXPECT_FALSE(breaker.closed(kHere, 1'000));
}

TEST(Breaker, AQuietTimeIsForgiven) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::cut), 0);
  breaker.failed(kHere, failure(Cause::cut), 1'000);
  EXPECT_EQ(until(breaker, kHere, 1'000), 3'000);
  const std::int64_t later = 1'001 + Breaker::kForget_ms;
  breaker.failed(kHere, failure(Cause::cut), later);
  EXPECT_EQ(until(breaker, kHere, later), later + 1'000);
}

TEST(Breaker, ABadKeyClosesTheServerAndNotItsHost) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::bad_key), 0);
  EXPECT_EQ(until(breaker, kHere, 0), Breaker::kKey_ms);
  EXPECT_EQ(until(breaker, kOtherModel, 0), Breaker::kKey_ms);
  EXPECT_FALSE(breaker.closed({"local", "qwen3", "a client's own key"}, 0)) << "the host is not to blame";
  breaker.forget();
  EXPECT_FALSE(breaker.closed(kHere, 0)) << "a reload may have brought another key";
}

TEST(Breaker, AClientsKeyIsItsOwnBusiness) {
  Breaker breaker;
  breaker.failed({"cloud", "opus", "alice"}, failure(Cause::wall, 3'600'000), 0);
  EXPECT_EQ(until(breaker, {"cloud", "haiku", "alice"}, 0), 3'600'000);
  EXPECT_FALSE(breaker.closed({"cloud", "opus", "bob"}, 0));
  EXPECT_FALSE(breaker.closed({"cloud", "opus"}, 0));
}

TEST(Breaker, AnAnswerOfWhateverKindClearsTheHost) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::unreachable), 0);
  breaker.failed(kOtherModel, failure(Cause::bad_model), 10);
  EXPECT_FALSE(breaker.closed(kHere, 10));
  EXPECT_EQ(until(breaker, kOtherModel, 10), 10 + Breaker::kModel_ms);
}

TEST(Breaker, ABadModelClosesOnlyThatModel) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::bad_model), 0);
  EXPECT_EQ(until(breaker, kHere, 0), Breaker::kModel_ms);
  EXPECT_FALSE(breaker.closed(kOtherModel, 0));
  EXPECT_FALSE(breaker.closed(kHere, Breaker::kModel_ms));
}

TEST(Breaker, ATimeThatWasToldIsKeptAndNeverShortened) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::limited, 7'980'000), 0);
  breaker.failed(kHere, failure(Cause::limited, 5), 100);
  breaker.failed(kHere, failure(Cause::limited), 200);
  breaker.failed(kHere, failure(Cause::server_error), 300);
  breaker.succeeded(kHere, 400);
  EXPECT_EQ(until(breaker, kHere, 400), 7'980'000) << "two hours and thirteen minutes are that";
  EXPECT_EQ(breaker.closed(kHere, 400)->cause, Cause::limited);
  EXPECT_FALSE(breaker.closed(kOtherModel, 400));
  EXPECT_FALSE(breaker.closed(kHere, 7'980'000));
  EXPECT_FALSE(breaker.enter(kHere, 7'980'000));
  EXPECT_FALSE(breaker.enter(kHere, 7'980'000)) << "behind a limit nobody has to try alone";
}

TEST(Breaker, WhereNoTimeIsToldThereIsADefault) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::limited), 0);
  EXPECT_EQ(until(breaker, kHere, 0), Breaker::kLimit_ms);
  breaker.failed(kOtherServer, failure(Cause::limited, 0), 0);
  EXPECT_FALSE(breaker.closed(kOtherServer, 0)) << "told: at once";
  breaker.failed(kOtherModel, failure(Cause::loading), 0);
  EXPECT_EQ(until(breaker, kOtherModel, 0), Breaker::kLoading_ms);
  breaker.failed({"cloud", "x"}, failure(Cause::overloaded, 30'000), 0);
  EXPECT_EQ(until(breaker, {"cloud", "x"}, 0), 30'000) << "longer than the first second";
}

TEST(Breaker, APromptThatIsTooLongClosesNothingAndTellsTheContext) {
  Breaker breaker;
  Failure too_long = failure(Cause::too_long);
  breaker.failed(kHere, too_long, 0);
  EXPECT_EQ(breaker.context_of(kHere, 0), std::nullopt);
  too_long.context = 8'192;
  breaker.failed(kHere, too_long, 0);
  EXPECT_FALSE(breaker.closed(kHere, 0));
  EXPECT_EQ(breaker.context_of(kHere, 0), 8'192U);
  EXPECT_EQ(breaker.context_of({"local", "qwen3", "somebody"}, 0), 8'192U) << "a model has one context for all";
  EXPECT_EQ(breaker.context_of(kOtherModel, 0), std::nullopt);
  breaker.succeeded(kHere, 1);
  EXPECT_EQ(breaker.context_of(kHere, Breaker::kContext_ms - 1), 8'192U);
  EXPECT_EQ(breaker.context_of(kHere, Breaker::kContext_ms), std::nullopt);
  ASSERT_EQ(breaker.rows(1).size(), 1U);
  EXPECT_EQ(breaker.rows(1)[0].context, 8'192U);
  EXPECT_FALSE(breaker.rows(1)[0].closed);
}

TEST(Breaker, TheClientsMistakesCloseNothing) {
  Breaker breaker;
  breaker.failed(kHere, failure(Cause::bad_request), 0);
  breaker.failed(kHere, failure(Cause::none), 0);
  EXPECT_FALSE(breaker.closed(kHere, 0));
  EXPECT_TRUE(breaker.rows(0).empty());
}

TEST(Breaker, RowsSayWhatIsClosed) {
  Breaker breaker;
  breaker.failed(kOtherServer, failure(Cause::unreachable), 0);
  breaker.failed(kHere, failure(Cause::bad_model), 0);
  const auto rows = breaker.rows(500);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].server, "cloud");
  EXPECT_EQ(rows[0].model, "");
  EXPECT_EQ(rows[0].failures, 1);
  EXPECT_EQ(rows[1].model, "qwen3");
  EXPECT_EQ(rows[1].closed->until_ms, Breaker::kModel_ms);
}

TEST(Breaker, IsBounded) {
  Breaker breaker;
  breaker.failed(kOtherServer, failure(Cause::unreachable), 0);
  for (std::size_t i = 0; i < 2 * Breaker::kCapacity; ++i)
    breaker.failed({"local", "model " + std::to_string(i)}, failure(Cause::bad_model), 0);
  EXPECT_EQ(breaker.rows(0).size(), Breaker::kCapacity);
  EXPECT_TRUE(breaker.closed(kOtherServer, 0)) << "made-up models do not push out a server";
  const std::string long_name(Breaker::kNameLimit + 1, 'x');
  breaker.failed({"local", long_name}, failure(Cause::bad_model), 0);
  EXPECT_FALSE(breaker.closed({"local", long_name}, 0));
}

TEST(Breaker, ManyThreadsAndOneTry) {
  Breaker breaker;
  for (int round = 0; round < 50; ++round) {
    const std::int64_t now = round * 100'000;
    breaker.failed(kHere, failure(Cause::unreachable), now);
    std::atomic<int> let_through{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        if (!breaker.enter(kHere, now + 70'000)) ++let_through;
        breaker.failed(kOtherServer, failure(Cause::cut), now);
        (void)breaker.rows(now);
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(let_through, 1);
  }
}

}  // namespace
}  // namespace basin::upstream
