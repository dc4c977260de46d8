#include "base/content_coding.h"

#include <gtest/gtest.h>

#include "base/testing_codings.h"

namespace basin::base {
namespace {

constexpr std::size_t kLimit = 100'000;

using testing::pack;

class Coding : public ::testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(All, Coding, ::testing::Values("gzip", "deflate", "zstd", "identity"));

TEST_P(Coding, GivesBackWhatWasPacked) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{1000}, kLimit}) {
    std::string text(size, 'x');
    for (std::size_t i = 0; i < size; i += 7) text[i] = static_cast<char>(i * 31);
    std::string out;
    ASSERT_TRUE(decode(GetParam(), pack(GetParam(), text), kLimit, out).ok());
    EXPECT_EQ(out, text);
  }
}

TEST_P(Coding, StopsAtTheLimit) {
  const std::string bomb = pack(GetParam(), std::string(kLimit + 1, 'a'));
  std::string out;
  const auto done = decode(GetParam(), bomb, kLimit, out);
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().code, Code::too_large);
  const auto more = decode(GetParam(), pack(GetParam(), std::string(50 * kLimit, 'a')), kLimit, out);
  EXPECT_EQ(more.error().code, Code::too_large);
  EXPECT_LE(out.size(), 2 * kLimit);
}

TEST_P(Coding, EveryTruncationIsNoticed) {
  if (std::string_view(GetParam()) == "identity") return;
  const std::string whole = pack(GetParam(), "what went in must come out, what went in must come out");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::string out;
    EXPECT_FALSE(decode(GetParam(), whole.substr(0, size), kLimit, out).ok()) << size;
  }
}

TEST(ContentCoding, OnlyWhatIsKnown) {
  EXPECT_TRUE(can_decode("GZIP"));
  for (const char* coding : {"br", "gzip, gzip", "", "zip"}) {
    std::string out;
    EXPECT_FALSE(can_decode(coding)) << coding;
    EXPECT_EQ(decode(coding, "x", kLimit, out).error().code, Code::unsupported) << coding;
  }
  std::string out;
  EXPECT_EQ(decode("gzip", "not gzip at all", kLimit, out).error().code, Code::invalid);
}

}  // namespace
}  // namespace basin::base
