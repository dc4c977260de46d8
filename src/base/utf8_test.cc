#include "base/utf8.h"

#include <gtest/gtest.h>

namespace basin::base {
namespace {

TEST(Utf8, KnowsWellFormedCharacters) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("é"), 2U);
  EXPECT_EQ(utf8_length("日x"), 3U);
  EXPECT_EQ(utf8_length("😀"), 4U);
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
                          "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe2\x82", "\xe2\x28\xa1"}) {
    EXPECT_EQ(utf8_length(bad), 0U);
  }
}

TEST(Utf8, EveryCharacterReadsBack) {
  for (std::uint32_t c = 0; c <= 0x10FFFF; c += c < 0x900 ? 1 : 101) {
    std::string out;
    append_utf8(out, c);
    EXPECT_EQ(utf8_length(out), out.size()) << c;
    EXPECT_EQ(out == kReplacementCharacter, c == 0xFFFD || (c >= 0xD800 && c <= 0xDFFF)) << c;
  }
  std::string out;
  append_utf8(out, 0x110000);
  EXPECT_EQ(out, kReplacementCharacter);
}

TEST(Utf8, BoundariesDoNotSplitCharacters) {
  const std::string_view text = "aé日😀";
  const std::size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10};
  for (std::size_t at = 0; at <= text.size(); ++at) EXPECT_EQ(utf8_boundary(text, at), expected[at]) << at;
  EXPECT_EQ(utf8_boundary("\x80\x80\x80\x80\x80\x80", 5), 5U);
}

}  // namespace
}  // namespace basin::base
