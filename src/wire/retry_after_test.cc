#include "wire/retry_after.h"

#include <gtest/gtest.h>

#include <limits>
#include <map>
#include <string>

namespace basin::wire {
namespace {

constexpr std::int64_t kNow = 1'795'577'580'000;  // 2026-11-25T03:33:00Z
constexpr std::int64_t kNow_s = kNow / 1000;
constexpr std::int64_t kDay_ms = 86'400'000;

std::optional<std::int64_t> wait(const std::map<std::string, std::string, std::less<>>& head, std::int64_t now = kNow) {
  return retry_after_ms(
      [&](std::string_view name) {
        const auto found = head.find(name);
        return found == head.end() ? std::string_view() : std::string_view(found->second);
      },
      now);
}

TEST(RetryAfter, WhatIsNotToldIsMissingAndNotZero) {
  EXPECT_EQ(wait({}), std::nullopt);
  EXPECT_EQ(wait({{"retry-after", ""}}), std::nullopt);
  EXPECT_EQ(wait({{"retry-after", "soon"}}), std::nullopt);
  EXPECT_EQ(wait({{"retry-after", "-5"}}), std::nullopt);
  EXPECT_EQ(wait({{"x-ratelimit-remaining-requests", "0"}}), std::nullopt);
  EXPECT_EQ(wait({{"retry-after", "0"}}), 0);
}

TEST(RetryAfter, SecondsMillisecondsAndDates) {
  EXPECT_EQ(wait({{"retry-after", "7980"}}), 7'980'000);
  EXPECT_EQ(wait({{"retry-after", "1.5"}}), 1'500);
  EXPECT_EQ(wait({{"retry-after-ms", "250"}}), 250);
  EXPECT_EQ(wait({{"retry-after-ms", "250.2"}}), 251);
  EXPECT_EQ(wait({{"retry-after-ms", "250"}, {"retry-after", "1"}}), 250);
  EXPECT_EQ(wait({{"retry-after-ms", "nonsense"}, {"retry-after", "1"}}), 1'000);
  EXPECT_EQ(wait({{"retry-after", "Wed, 25 Nov 2026 03:34:00 GMT"}}), 60'000);
  EXPECT_EQ(wait({{"retry-after", "Wednesday, 25-Nov-26 03:34:00 GMT"}}), 60'000);
  EXPECT_EQ(wait({{"retry-after", "Wed Nov 25 03:34:00 2026"}}), 60'000);
  EXPECT_EQ(wait({{"retry-after", "Wed, 25 Nov 2026 03:00:00 GMT"}}), 0) << "a date that has passed";
}

TEST(RetryAfter, AbsurdTimesAreLong) {
  EXPECT_EQ(wait({{"retry-after", "602705"}}), 602'705'000) << "a week is not absurd";
  EXPECT_EQ(wait({{"retry-after", "999999999999999999999999"}}), kLongestWaitMs);
  EXPECT_EQ(wait({{"retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"}}), kLongestWaitMs);
  EXPECT_EQ(wait({{"retry-after", "1"}}, std::numeric_limits<std::int64_t>::min()), 1'000);
  EXPECT_EQ(wait_until(std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()),
            kLongestWaitMs);
  EXPECT_EQ(wait_until(std::numeric_limits<std::int64_t>::min(), 0), 0);
}

TEST(RetryAfter, LimitsThatAreUsedUpCountAndTheLatestOfThem) {
  EXPECT_EQ(wait({{"x-ratelimit-reset-requests", "1s"}, {"x-ratelimit-reset-tokens", "6m0s"}}), 360'000);
  EXPECT_EQ(wait({{"x-ratelimit-remaining-requests", "0"},
                  {"x-ratelimit-reset-requests", "20ms"},
                  {"x-ratelimit-remaining-tokens", "149984"},
                  {"x-ratelimit-reset-tokens", "6m0s"}}),
            20);
  EXPECT_EQ(wait({{"x-ratelimit-remaining-requests", "12"},
                  {"x-ratelimit-reset-requests", "20ms"},
                  {"x-ratelimit-remaining-tokens", "300"},
                  {"x-ratelimit-reset-tokens", "6s"}}),
            6'000)
      << "too few tokens are left for this request, though some are";
  EXPECT_EQ(wait({{"retry-after", "2"}, {"x-ratelimit-reset-tokens", "6m0s"}}), 2'000) << "told outright";
  EXPECT_EQ(wait({{"x-ratelimit-reset", std::to_string(kNow + 4'000)}}), 4'000) << "Unix time in ms";
  EXPECT_EQ(wait({{"x-ratelimit-reset", std::to_string(kNow_s + 4)}}), 4'000);
}

TEST(RetryAfter, AnthropicsResetsAreDates) {
  EXPECT_EQ(wait({{"anthropic-ratelimit-requests-reset", "2026-11-25T03:33:30Z"}}), 30'000);
  EXPECT_EQ(wait({{"anthropic-ratelimit-input-tokens-remaining", "0"},
                  {"anthropic-ratelimit-input-tokens-reset", "2026-11-25T03:33:10Z"},
                  {"anthropic-ratelimit-requests-remaining", "49"},
                  {"anthropic-ratelimit-requests-reset", "2026-11-25T03:34:00Z"}}),
            10'000);
}

TEST(RetryAfter, TheSubscriptionsWindowCountsWhileItStandsInTheWay) {
  const std::string in_two_hours = std::to_string(kNow_s + 7'200);
  EXPECT_EQ(wait({{"anthropic-ratelimit-unified-status", "rejected"},
                  {"anthropic-ratelimit-unified-reset", in_two_hours},
                  {"retry-after", "60"}}),
            7'200'000);
  EXPECT_EQ(wait({{"anthropic-ratelimit-unified-status", "rejected"},
                  {"anthropic-ratelimit-unified-reset", in_two_hours},
                  {"retry-after", "9000"}}),
            9'000'000);
  EXPECT_EQ(
      wait({{"anthropic-ratelimit-unified-status", "allowed"}, {"anthropic-ratelimit-unified-reset", in_two_hours}}),
      std::nullopt)
      << "a burst: the window's end has nothing to do with it";
  EXPECT_EQ(wait({{"anthropic-ratelimit-unified-reset", in_two_hours}}), 7'200'000);
}

TEST(RetryAfter, AWindowOfChatGptThatIsFull) {
  EXPECT_EQ(wait({{"x-codex-primary-used-percent", "100"},
                  {"x-codex-primary-reset-after-seconds", "13873"},
                  {"x-codex-secondary-used-percent", "80"},
                  {"x-codex-secondary-reset-after-seconds", "316705"}}),
            13'873'000);
  EXPECT_EQ(wait({{"x-codex-secondary-used-percent", "80"},
                  {"x-codex-secondary-reset-at", std::to_string(kNow_s + 3 * kDay_ms / 1000)}}),
            std::nullopt);
}

}  // namespace
}  // namespace basin::wire
