#include "net/body_decoder.h"

#include <gtest/gtest.h>

#include <string>

#include "net/limits.h"

namespace basin::net {
namespace {

struct Outcome {
  std::string body;
  std::string rest;
  bool done = false;
  bool failed = false;
};

// Feeds the bytes in two parts.
Outcome decode(BodyDecoder decoder, const std::string& bytes, std::size_t cut) {
  Outcome outcome;
  for (std::string part : {bytes.substr(0, cut), bytes.substr(cut)}) {
    auto decoded = decoder.decode(part.data(), part.size());
    outcome.body += part.substr(0, decoded.produced);
    if (decoder.done()) {
      outcome.rest += part.substr(decoded.consumed);
    } else if (!decoder.failed()) {
      EXPECT_EQ(decoded.consumed, part.size());
    }
  }
  outcome.done = decoder.done();
  outcome.failed = decoder.failed();
  return outcome;
}

TEST(BodyDecoder, ChunksCutAnywhere) {
  std::string bytes =
      "1\r\na\r\n00010;x=\"y\"\r\n0123456789abcdef\r\nA \r\n+++++-----\r\n000\r\nT: v\r\nU: w\r\n\r\nNEXT";
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    Outcome outcome = decode(BodyDecoder::chunks(), bytes, cut);
    ASSERT_TRUE(outcome.done) << cut;
    ASSERT_EQ(outcome.body, "a0123456789abcdef+++++-----") << cut;
    ASSERT_EQ(outcome.rest, "NEXT") << cut;
  }
}

TEST(BodyDecoder, RefusesMalformedChunksWhereverCut) {
  for (std::string bytes :
       {"", "g\r\n", ";\r\n", " 1\r\na\r\n", "1\na\r\n", "1\r\nab\r\n", "1\r\na\n", "1\r\na\r1\r\n", "1\r\r\n",
        "0\r\n\n", "0\r\nA: b\n", "0\r\n\x01\r\n", "1;\x01\r\n", "200000000000000\r\n", "-1\r\n", "0\r\nA\x7f\r\n"}) {
    for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
      Outcome outcome = decode(BodyDecoder::chunks(), bytes, cut);
      ASSERT_FALSE(outcome.done) << bytes;
      ASSERT_EQ(outcome.failed, !bytes.empty()) << bytes << " cut at " << cut;
    }
  }
}

TEST(BodyDecoder, LineAndTrailerLimits) {
  auto line = [](std::size_t size) { return "1;" + std::string(size - 2, 'x') + "\r\na\r\n0\r\n\r\n"; };
  EXPECT_TRUE(decode(BodyDecoder::chunks(), line(kChunkLineBytes - 1), 0).done);  // the CR counts
  EXPECT_TRUE(decode(BodyDecoder::chunks(), line(kChunkLineBytes), 0).failed);
  auto trailer = [](std::size_t size) { return "0\r\n" + std::string(size - 4, 'x') + "\r\n\r\n"; };
  EXPECT_TRUE(decode(BodyDecoder::chunks(), trailer(kTrailerBytes), 0).done);
  EXPECT_TRUE(decode(BodyDecoder::chunks(), trailer(kTrailerBytes + 1), 0).failed);
}

TEST(BodyDecoder, Lengths) {
  Outcome outcome = decode(BodyDecoder::length(5), "helloNEXT", 2);
  EXPECT_TRUE(outcome.done);
  EXPECT_EQ(outcome.body, "hello");
  EXPECT_EQ(outcome.rest, "NEXT");
  EXPECT_TRUE(BodyDecoder::length(0).done());
  BodyDecoder decoder = BodyDecoder::length(3);
  EXPECT_EQ(decoder.left(), 3u);
  EXPECT_FALSE(decoder.close());
}

TEST(BodyDecoder, UntilClose) {
  BodyDecoder decoder = BodyDecoder::until_close();
  std::string bytes = "anything";
  EXPECT_EQ(decoder.decode(bytes.data(), bytes.size()).produced, bytes.size());
  EXPECT_FALSE(decoder.done());
  EXPECT_TRUE(decoder.close());
  EXPECT_TRUE(decoder.done());
  BodyDecoder chunks = BodyDecoder::chunks();
  EXPECT_FALSE(chunks.close());
}

}  // namespace
}  // namespace basin::net
