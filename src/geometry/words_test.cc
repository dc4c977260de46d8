#include "geometry/words.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

TEST(Words, Scripts) {
  EXPECT_EQ(script_of('a'), Script::latin);
  EXPECT_EQ(script_of(0x627), Script::arabic);
  EXPECT_EQ(script_of(0x915), Script::indic);
}

TEST(Words, MixingDependsOnTheOrder) { EXPECT_NE(mix(mix(0, 1), 2), mix(mix(0, 2), 1)); }

}  // namespace
}  // namespace basin::geometry
