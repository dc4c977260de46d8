#include "geometry/load.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::geometry {
namespace {

TEST(Load, RisesWithWhatThereIsToWorkOnAndNotWithOptions) {
  const std::string bare = "What is the sum?", full = "What is 17 * 3 + 4 * (12 - 5) / 2 - 9?";
  EXPECT_LT(load_of(bare), load_of(full));
  EXPECT_EQ(load_of(full), load_of(full + "\nA. 12\nB. 13\n(C) 14"));
  EXPECT_LT(load_of("assert f('ab') == ??"), load_of("assert f('abcdefghijklmnop') == ??"));
}

TEST(Load, AnyTextHasOne) {
  EXPECT_LT(load_of(""), -1);
  EXPECT_EQ(load_of("A. only\nB. options"), load_of("A. only\nB. options"));
  EXPECT_GT(load_of(std::string(100'000, '1')), load_of("1"));
  EXPECT_GT(load_of("\xc3\xa4 \xe4\xb8\x96 '"), load_of(""));
}

TEST(Load, WhatIsPastTheLimitIsTheBeginning) {
  const std::string end(kLoadLimit, 'x');
  EXPECT_EQ(load_of(end), load_of("1 + 2 = 3 " + end));
}

}  // namespace
}  // namespace basin::geometry
