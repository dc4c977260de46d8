#include "base/nearest.h"

#include <gtest/gtest.h>

namespace basin::base {
namespace {

TEST(Nearest, CountsEdits) {
  EXPECT_EQ(edit_distance("", ""), 0U);
  EXPECT_EQ(edit_distance("port", "port"), 0U);
  EXPECT_EQ(edit_distance("prot", "port"), 1U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("", "abc"), 3U);
}

TEST(Nearest, FindsWhatWasMeant) {
  constexpr std::string_view kKnown[] = {"serve", "explain", "score", "validate"};
  EXPECT_EQ(nearest("expalin", kKnown), "explain");
  EXPECT_EQ(nearest("serv", kKnown), "serve");
  EXPECT_EQ(nearest("zzzzzz", kKnown), std::nullopt);
  EXPECT_EQ(did_you_mean("valdate", kKnown), " (did you mean `validate`?)");
  EXPECT_EQ(did_you_mean("zzzzzz", kKnown), "");
}

TEST(Nearest, ADistanceThatLeavesNothingOfTheWordIsNotNear) {
  constexpr std::string_view kKnown[] = {"up"};
  EXPECT_EQ(nearest("xy", kKnown), std::nullopt);
}

TEST(Nearest, LongWordsAreNotCompared) {
  const std::string at_limit(kNearestLimit, 'a'), past(kNearestLimit + 1, 'a');
  const std::string_view known[] = {at_limit};
  EXPECT_EQ(nearest(std::string(kNearestLimit - 1, 'a'), known), at_limit);
  EXPECT_EQ(nearest(past, known), std::nullopt);
}

}  // namespace
}  // namespace basin::base
