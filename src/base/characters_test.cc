#include "base/characters.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::base {
namespace {

std::vector<std::uint32_t> all(std::string_view text) {
  std::vector<std::uint32_t> characters;
  for (std::size_t at = 0; at < text.size();) characters.push_back(next_character(text, at));
  return characters;
}

TEST(Characters, DecodesUtf8AndLetsBadBytesStandForThemselves) {
  EXPECT_EQ(all("aé€😀"), (std::vector<std::uint32_t>{'a', 0xe9, 0x20ac, 0x1f600}));
  EXPECT_EQ(all("\xff\xc3").size(), 2u);
  EXPECT_EQ(all("\xe2\x82").size(), 2u);      // cut short
  EXPECT_EQ(all("\xe2\x28\xa1").size(), 3u);  // a wrong continuation
}

TEST(Characters, FoldsCaseOfTheScriptsThatHaveIt) {
  EXPECT_EQ(fold('Q'), 'q');
  EXPECT_EQ(fold(0xC9), 0xE9u);      // É
  EXPECT_EQ(fold(0x416), 0x436u);    // Ж
  EXPECT_EQ(fold(0x3A3), 0x3C3u);    // Σ
  EXPECT_EQ(fold(0x160), 0x161u);    // Š
  EXPECT_EQ(fold(0x4E2D), 0x4E2Du);  // 中
  for (std::uint32_t c = 0; c < 0x3000; ++c) EXPECT_EQ(fold(fold(c)), fold(c)) << c;
}

TEST(Characters, Kinds) {
  EXPECT_EQ(kind_of('7'), CharKind::digit);
  EXPECT_EQ(kind_of(0x4E2D), CharKind::sign);
  EXPECT_EQ(kind_of(0xE01), CharKind::sign);     // Thai
  EXPECT_EQ(kind_of(0xAC00), CharKind::letter);  // Hangul has spaces
  EXPECT_EQ(kind_of(0x3002), CharKind::mark);    // 。
  EXPECT_EQ(kind_of(0xA0), CharKind::space);
}

}  // namespace
}  // namespace basin::base
