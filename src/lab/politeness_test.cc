#include "lab/politeness.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

TEST(Politeness, APhraseBeforeAndOneBehind) {
  for (const char* language : {"en", "de", "zh", "tlh", ""}) {
    const auto asks = politely("sort it", language);
    ASSERT_EQ(asks.size(), 2u);
    EXPECT_TRUE(asks[0].ends_with("sort it") && asks[0].size() > 7) << language;
    EXPECT_TRUE(asks[1].starts_with("sort it") && asks[1].size() > 7) << language;
  }
}

TEST(Politeness, InTheLanguageOfTheRow) {
  EXPECT_NE(politely("sort it", "de"), politely("sort it", "en"));
  EXPECT_EQ(politely("sort it", "tlh"), politely("sort it", "en"));
  EXPECT_NE(politely("sort it", "en")[0].substr(0, 6), politely("sort it!", "en")[0].substr(0, 6));
}

}  // namespace
}  // namespace basin::lab
