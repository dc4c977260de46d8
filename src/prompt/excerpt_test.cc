#include "prompt/excerpt.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace basin::prompt {
namespace {

TEST(Excerpt, ShortTextsAreDecodedWhole) {
  const Excerpt excerpt = decode({R"(a\nb)", true});
  EXPECT_EQ(excerpt.text, "a\nb");
  EXPECT_EQ(excerpt.joint, 3U);
  EXPECT_EQ(excerpt.skipped, 0U);
  EXPECT_EQ(decode({"", false}).text, "");
  EXPECT_EQ(decode({R"(good\q bad)", true}).text, "good");
}

TEST(Excerpt, AtTheLimitATextIsStillWhole) {
  const std::string at(kWholeLimit, 'x');
  EXPECT_EQ(decode({at, false}).text.size(), kWholeLimit);
  const std::string past(kWholeLimit + 1, 'x');
  const Excerpt excerpt = decode({past, false});
  EXPECT_EQ(excerpt.text.size(), 2 * kEnd);
  EXPECT_EQ(excerpt.text.size() + excerpt.skipped, past.size());
  EXPECT_EQ(excerpt.middle.size(), kMiddleSample);
}

TEST(Excerpt, EndsAndLengthsAreThoseOfTheWholeText) {
  for (const char* unit :
       {"plain ", R"(\"x\" )", R"(é\n日)", R"(\u00e9-)", R"(\ud83d\ude00,)", R"(\\)", R"(\u0041\ud83d)"}) {
    std::string raw;
    while (raw.size() < kWholeLimit * 2) raw += unit;
    std::string whole;
    ASSERT_TRUE(base::json::unescape(raw, whole));
    const Excerpt excerpt = decode({raw, true});
    ASSERT_GT(excerpt.skipped, 0U);
    // a pair of surrogates cut in two is two characters
    EXPECT_NEAR(static_cast<double>(excerpt.text.size() + excerpt.skipped), static_cast<double>(whole.size()), 8)
        << unit;
    EXPECT_EQ(whole.substr(0, excerpt.joint - 6), excerpt.text.substr(0, excerpt.joint - 6)) << unit;
    const std::string tail = excerpt.text.substr(excerpt.joint + 6);
    EXPECT_TRUE(whole.ends_with(tail)) << unit;
    EXPECT_NEAR(static_cast<double>(excerpt.whole_position(excerpt.text.size())), static_cast<double>(whole.size()), 8);
    EXPECT_EQ(excerpt.whole_position(5), 5U);
  }
}

}  // namespace
}  // namespace basin::prompt
