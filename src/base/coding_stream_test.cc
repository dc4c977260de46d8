#include "base/coding_stream.h"

#include <brotli/encode.h>
#include <gtest/gtest.h>
#include <zlib.h>
#include <zstd.h>

#include <string>

namespace basin::base {
namespace {

std::string zlib_pack(std::string_view text, int window_bits) {
  z_stream stream{};
  deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 32, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

std::string brotli_pack(std::string_view text) {
  std::size_t size = BrotliEncoderMaxCompressedSize(text.size());
  std::string out(size, '\0');
  BrotliEncoderCompress(5, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_TEXT, text.size(),
                        reinterpret_cast<const std::uint8_t*>(text.data()), &size,
                        reinterpret_cast<std::uint8_t*>(out.data()));
  out.resize(size);
  return out;
}

std::string pack(std::string_view coding, std::string_view text) {
  if (coding == "gzip") return zlib_pack(text, 16 + MAX_WBITS);
  if (coding == "deflate") return zlib_pack(text, MAX_WBITS);
  if (coding == "br") return brotli_pack(text);
  std::string out(ZSTD_compressBound(text.size()), '\0');
  out.resize(ZSTD_compress(out.data(), out.size(), text.data(), text.size(), 3));
  return out;
}

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
