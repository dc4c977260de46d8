#include "wire/told_time.h"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "core/record.h"

namespace basin::wire {
namespace {

constexpr std::int64_t kNow = 1'795'577'580'000;  // 2026-11-25T03:33:00Z

TEST(ToldTime, NumbersAreReadInThousandthsAndRoundedUp) {
  EXPECT_EQ(thousandths("12"), 12'000);
  EXPECT_EQ(thousandths("1.5"), 1'500);
  EXPECT_EQ(thousandths("0"), 0);
  EXPECT_EQ(thousandths("0.0001"), 1);
  EXPECT_EQ(thousandths("0.9990000"), 999);
  EXPECT_EQ(thousandths(std::string(400, '9')), std::numeric_limits<std::int64_t>::max());
  for (const char* bad : {"", " 1", "-1", "+1", "1e3", "1.", ".5", "1s", "1,5", "0x1", "nan"})
    EXPECT_EQ(thousandths(bad), std::nullopt) << bad;
}

TEST(ToldTime, SpansHaveUnits) {
  EXPECT_EQ(span_ms("1s"), 1'000);
  EXPECT_EQ(span_ms("6m0s"), 360'000);
  EXPECT_EQ(span_ms("20ms"), 20);
  EXPECT_EQ(span_ms("8.64s"), 8'640);
  EXPECT_EQ(span_ms("1d2h3m4.5s"), 93'784'500);
  EXPECT_EQ(span_ms("17us"), 1);
  EXPECT_EQ(span_ms("2001\xC2\xB5s"), 3);
  EXPECT_EQ(span_ms("0s"), 0);
  EXPECT_GT(span_ms(std::string(30, '9') + "d"), std::int64_t{1} << 52U) << "too much, but no overflow";
  for (const char* bad : {"", "1", "s", "1 s", "1s2", "-1s", "1w", "1s "}) EXPECT_EQ(span_ms(bad), std::nullopt) << bad;
}

TEST(ToldTime, HttpDatesComeInThreeForms) {
  constexpr std::int64_t kThen = 784'111'777'000;
  EXPECT_EQ(http_date_ms("Sun, 06 Nov 1994 08:49:37 GMT", kNow), kThen);
  EXPECT_EQ(http_date_ms("Sunday, 06-Nov-94 08:49:37 GMT", kNow), kThen);
  EXPECT_EQ(http_date_ms("Sun Nov  6 08:49:37 1994", kNow), kThen);
  EXPECT_EQ(http_date_ms("Wed Nov 25 03:30:00 2026", kNow), kNow - 180'000);
  EXPECT_EQ(http_date_ms("Wed, 25 Nov 2026 03:34:00 GMT", kNow), kNow + 60'000);
  // two digits: fifty years ahead at most
  EXPECT_EQ(http_date_ms("Wednesday, 25-Nov-26 03:34:00 GMT", kNow), kNow + 60'000);
  EXPECT_EQ(http_date_ms("Monday, 25-Nov-75 00:00:00 GMT", kNow), rfc3339_ms("2075-11-25T00:00:00Z"));
  EXPECT_EQ(http_date_ms("Friday, 25-Nov-77 00:00:00 GMT", kNow), rfc3339_ms("1977-11-25T00:00:00Z"));
  for (const char* bad :
       {"", "Sun", ",", "Sun,", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
        "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 GMT,"})
    EXPECT_EQ(http_date_ms(bad, kNow), std::nullopt) << bad;
}

TEST(ToldTime, Rfc3339) {
  EXPECT_EQ(rfc3339_ms("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(rfc3339_ms("2000-02-29T00:00:00z"), 951'782'400'000);
  EXPECT_EQ(rfc3339_ms("2026-11-25T04:50:00.5+01:00"), rfc3339_ms("2026-11-25T03:50:00.500Z"));
  EXPECT_EQ(rfc3339_ms("2026-11-24T22:20:00-05:30"), rfc3339_ms("2026-11-25T03:50:00Z"));
  for (const std::int64_t ms : {std::int64_t{0}, std::int64_t{-1}, kNow, std::int64_t{4'102'444'799'999}})
    EXPECT_EQ(rfc3339_ms(core::rfc3339(ms)), ms);
  for (const char* bad : {"", "2026-11-25", "2026-11-25T04:50:00", "2026-13-25T04:50:00Z", "2026-11-25T04:50Z",
                          "2026-11-25T04:50:00.Z", "2026-11-25T04:50:00+0100"})
    EXPECT_EQ(rfc3339_ms(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace basin::wire
