#include "base/coding_stream.h"

#include <gtest/gtest.h>

#include <string>

#include "base/testing_codings.h"

namespace basin::base {
namespace {

using testing::pack;

class StreamedCoding : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, StreamedCoding, ::testing::Values("gzip", "deflate", "zstd", "br"));

TEST_P(StreamedCoding, GivesBackWhatWasPackedHoweverItIsCut) {
  std::string text(100'000, 'x');
  for (std::size_t i = 0; i < text.size(); i += 7) text[i] = static_cast<char>(i * 31);
  const std::string packed = pack(GetParam(), text);
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, packed.size()}) {
    CodingStream stream(GetParam());
    std::string out;
    for (std::size_t at = 0; at < packed.size(); at += piece) {
      ASSERT_TRUE(stream.feed(std::string_view(packed).substr(at, piece), [&](std::string_view p) { out += p; }));
    }
    EXPECT_EQ(out, text) << piece;
    EXPECT_TRUE(stream.feed("", [&](std::string_view p) { out += p; }));
    EXPECT_EQ(out.size(), text.size());
  }
}

TEST_P(StreamedCoding, GivesNothingMoreOnceBytesAreOfAnother) {
  CodingStream stream(GetParam());
  std::string out;
  const auto take = [&](std::string_view p) { out += p; };
  EXPECT_FALSE(stream.feed(std::string(2000, '\xff'), take));
  EXPECT_FALSE(stream.feed(pack(GetParam(), "hello"), take));
  EXPECT_TRUE(CodingStream::knows(GetParam()));
}

TEST(CodingStream, KnowsNoOtherCoding) {
  CodingStream stream("compress");
  EXPECT_FALSE(CodingStream::knows("compress"));
  EXPECT_FALSE(stream.feed("x", [](std::string_view) { FAIL(); }));
}

}  // namespace
}  // namespace basin::base
