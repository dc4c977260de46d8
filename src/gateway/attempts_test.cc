#include "gateway/attempts.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

using wire::Cause;
using Next = Step::Next;

wire::Failure failure(Cause cause, std::optional<std::int64_t> wait_ms = std::nullopt) {
  wire::Failure f;
  f.cause = cause;
  f.again = wire::remedy_of(cause).again;
  f.wait_ms = wait_ms;
  return f;
}

constexpr Tried kFirst = {.others = true};

TEST(StepAfter, TheClientsMistakeIsTheClients) {
  EXPECT_EQ(step_after(failure(Cause::bad_request), kFirst).next, Next::give_up);
  EXPECT_EQ(step_after(failure(Cause::none), kFirst).next, Next::give_up);
}

TEST(StepAfter, WhatMayBeOverSoonIsAskedOnceMoreAndThenLeft) {
  for (const Cause cause : {Cause::overloaded, Cause::server_error, Cause::limited}) {
    const Step first = step_after(failure(cause), kFirst);
    EXPECT_EQ(first.next, Next::again);
    EXPECT_EQ(first.pause_ms, kPauseMs);
    EXPECT_EQ(step_after(failure(cause), {.times = 2, .others = true}).next, Next::elsewhere);
    EXPECT_EQ(step_after(failure(cause), {.times = 2}).next, Next::give_up);
  }
}

TEST(StepAfter, AnUpstreamsTimeIsNeverShortened) {
  EXPECT_EQ(step_after(failure(Cause::limited, 1'500), kFirst).pause_ms, 1'500);
  EXPECT_EQ(step_after(failure(Cause::limited, kLongestPauseMs), kFirst).pause_ms, kLongestPauseMs);
  EXPECT_EQ(step_after(failure(Cause::limited, kLongestPauseMs + 1), kFirst).next, Next::elsewhere);
  EXPECT_EQ(step_after(failure(Cause::limited, kLongestPauseMs + 1), {}).next, Next::give_up);
}

TEST(StepAfter, WhoSaysNotToIsNotAskedAgain) {
  wire::Failure told = failure(Cause::overloaded);
  told.again = false;
  EXPECT_EQ(step_after(told, kFirst).next, Next::elsewhere);
}

TEST(StepAfter, AClientHearsOfItsOwnKey) {
  for (const Cause cause : {Cause::bad_key, Cause::no_credit}) {
    EXPECT_EQ(step_after(failure(cause), {.others = true, .clients_key = true}).next, Next::give_up);
    EXPECT_EQ(step_after(failure(cause), kFirst).next, Next::elsewhere);
  }
}

TEST(StepAfter, WhatMayHaveBeenWorkedOnIsNotSentThereTwice) {
  for (const Cause cause : {Cause::timeout, Cause::cut, Cause::unreachable, Cause::bad_model, Cause::wall}) {
    EXPECT_EQ(step_after(failure(cause), kFirst).next, Next::elsewhere);
    EXPECT_EQ(step_after(failure(cause), {}).next, Next::give_up);
  }
}

TEST(StepAfter, AModelThatIsBeingLoadedIsWaitedForAsLongAsItWasGiven) {
  EXPECT_EQ(step_after(failure(Cause::loading), {.times = 9, .waited_ms = 500, .patience_ms = 1'000}).next,
            Next::again);
  EXPECT_EQ(step_after(failure(Cause::loading), {.waited_ms = 501, .patience_ms = 1'000, .others = true}).next,
            Next::elsewhere);
  EXPECT_EQ(step_after(failure(Cause::loading), {.waited_ms = 1'000, .patience_ms = 1'000}).next, Next::give_up);
}

}  // namespace
}  // namespace basin::gateway
