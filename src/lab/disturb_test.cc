#include "lab/disturb.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

TEST(Disturb, DoesWhatItSays) {
  EXPECT_EQ(disturb("Fix THIS now", Disturbance::lower_case), "fix this now");
  EXPECT_EQ(disturb("a b", Disturbance::spaces), " a  b ");
  EXPECT_EQ(disturb("please sort it", Disturbance::typos), "plaese sort it");
  EXPECT_EQ(disturb("a bc def", Disturbance::typos), "a bc def");
  EXPECT_EQ(disturb("", Disturbance::typos), "");
}

}  // namespace
}  // namespace basin::lab
