// What the figures rest on: the histogram's percentiles and the reader of answers.
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "histogram.h"
#include "message_reader.h"

namespace basin::bench {
namespace {

TEST(Histogram, percentiles_are_within_one_percent) {
  Histogram histogram;
  for (std::uint64_t i = 1; i <= 100'000; ++i) histogram.add(i * 1000);
  for (const double share : {.01, .5, .9, .99, 1.0}) {
    const double truth = share * 100'000 * 1000;
    EXPECT_NEAR(static_cast<double>(histogram.percentile(share)), truth, truth * .01) << share;
  }
}

TEST(Histogram, takes_any_value) {
  Histogram histogram;
  EXPECT_EQ(histogram.percentile(.5), 0u);
  for (unsigned shift = 0; shift < 64; ++shift) histogram.add(1ull << shift);
  histogram.add(0);
  histogram.add(~0ull);
  EXPECT_EQ(histogram.count(), 66u);
  EXPECT_GT(histogram.percentile(1), 1ull << 62);
}

TEST(Histogram, merging_adds) {
  Histogram one, other;
  one.add(100);
  other.add(300);
  one.merge(other);
  EXPECT_EQ(one.count(), 2u);
  EXPECT_NEAR(static_cast<double>(one.percentile(1)), 300, 3);
}

// Fed in pieces of every size, an answer gives the same body.
void expect_body(const std::string& message, const std::string& body) {
  for (std::size_t size = 1; size <= message.size(); ++size) {
    MessageReader reader(MessageReader::Side::answer);
    std::string got;
    for (std::size_t at = 0; at < message.size();) {
      const std::string_view piece = std::string_view(message).substr(at, size);
      const std::size_t used = reader.feed(piece, &got);
      ASSERT_GT(used, 0u) << "stuck at " << at << " with pieces of " << size;
      at += used;
    }
    EXPECT_TRUE(reader.done()) << size;
    EXPECT_EQ(got, body) << size;
    EXPECT_EQ(reader.status(), 200);
  }
}

TEST(MessageReader, counted_body) { expect_body("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "hello"); }

TEST(MessageReader, chunked_body) {
  expect_body("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x=y\r\nhel\r\n2\r\nlo\r\n0\r\nx: y\r\n\r\n",
              "hello");
}

TEST(MessageReader, interim_answers_are_passed_over) {
  expect_body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok", "ok");
}

TEST(MessageReader, the_next_message_is_left_alone) {
  MessageReader reader(MessageReader::Side::request);
  const std::string one = "POST / HTTP/1.1\r\ncontent-length: 2\r\n\r\nab";
  EXPECT_EQ(reader.feed(one + one, nullptr), one.size());
  EXPECT_TRUE(reader.done());
}

TEST(MessageReader, nonsense_is_bad) {
  MessageReader reader(MessageReader::Side::answer);
  reader.feed("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n", nullptr);
  EXPECT_TRUE(reader.bad());
}

}  // namespace
}  // namespace basin::bench
