#include "wire/sse.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::wire {
namespace {

// "name|data;" for each event.
std::string read(SseReader& reader, std::string_view bytes) {
  std::string out;
  while (reader.next(bytes)) {
    const SseEvent event = reader.event();
    (out.append(event.name) += '|').append(event.truncated ? "<truncated>" : event.data) += ';';
  }
  return out;
}

std::string read_all(std::string_view bytes) {
  SseReader reader;
  return read(reader, bytes);
}

TEST(Sse, LinesEndInAnyOfThreeWays) {
  EXPECT_EQ(read_all("event: a\ndata: 1\n\n"), "a|1;");
  EXPECT_EQ(read_all("event: a\r\ndata: 1\r\n\r\n"), "a|1;");
  EXPECT_EQ(read_all("event: a\rdata: 1\r\r"), "a|1;");
  EXPECT_EQ(read_all("data: 1\r\n\n\rdata: 2\n\r"), "|1;|2;");
}

TEST(Sse, FieldsAreReadAsTheStandardSays) {
  EXPECT_EQ(read_all("data:no space\n\ndata:  two\n\ndata\n\ndata:\n\n"), "|no space;| two;|;|;");
  EXPECT_EQ(read_all("data: a\ndata: b\n\n"), "|a\nb;");
  EXPECT_EQ(read_all(": comment\n\n:\nid: 7\nretry: 10\nunknown: x\ndata: y\n\n"), "|y;");
  EXPECT_EQ(read_all("event: ping\n\nevent: a\nevent: b\ndata: z\n\n"), "b|z;");
  EXPECT_EQ(read_all("\xEF\xBB\xBF"
                     "data: bom\n\n"),
            "|bom;");
  EXPECT_EQ(read_all("data: open end\n"), "");
}

TEST(Sse, AStreamCutAnywhereReadsTheSame) {
  const std::string stream =
      "\xEF\xBB\xBF: hello\r\n\r\nevent: message_start\r\ndata: {\"a\":1}\r\n\r\nevent: b\ndata: x\ndata: y\n\n: "
      "ping\n\ndata: é\r\rdata: [DONE]\n\n";
  const std::string whole = read_all(stream);
  EXPECT_EQ(whole, "message_start|{\"a\":1};b|x\ny;|é;|[DONE];");
  for (std::size_t first = 0; first <= stream.size(); ++first) {
    for (std::size_t second = first; second <= stream.size(); ++second) {
      SseReader reader;
      std::string out = read(reader, std::string_view(stream).substr(0, first));
      out += read(reader, std::string_view(stream).substr(first, second - first));
      out += read(reader, std::string_view(stream).substr(second));
      ASSERT_EQ(out, whole) << first << " " << second;
    }
  }
}

TEST(Sse, LongEventsAreSteppedOver) {
  const std::string data(kSseEventLimit - 1, 'x');
  EXPECT_EQ(read_all("data:" + std::string(kSseEventLimit - 6, 'x') + "\n\ndata: 2\n\n").size(),
            kSseEventLimit - 6 + 2 + 3);
  EXPECT_EQ(read_all("event: a\ndata:" + data + "\n\ndata: 2\n\n"), "a|<truncated>;|2;");
  const std::string half(kSseEventLimit / 2, 'x');
  EXPECT_EQ(read_all("data:" + half + "\ndata:" + half + "\ndata:" + half + "\n\ndata: 2\n\n"), "|<truncated>;|2;");
  SseReader reader;
  std::string out = read(reader, "data: ");
  for (int i = 0; i < 5; ++i) out += read(reader, half);
  out += read(reader, "\n\ndata: 2\n\n");
  EXPECT_EQ(out, "|<truncated>;|2;");
}

TEST(Sse, AtTheLimitALineIsStillRead) {
  const std::string at = "data:" + std::string(kSseEventLimit - 5, 'x');
  EXPECT_EQ(read_all(at + "\n\n").size(), kSseEventLimit - 5 + 2);
  EXPECT_EQ(read_all(at + "x\n\n"), "|<truncated>;");
}

TEST(Sse, KnowsWhenItIsBetweenEvents) {
  SseReader reader;
  EXPECT_TRUE(reader.between_events());
  EXPECT_EQ(read(reader, "data"), "");
  EXPECT_FALSE(reader.between_events());
  EXPECT_EQ(read(reader, ": 1\n"), "");
  EXPECT_FALSE(reader.between_events());
  EXPECT_EQ(read(reader, "\n"), "|1;");
  EXPECT_TRUE(reader.between_events());
  EXPECT_EQ(read(reader, ": comment\n"), "");
  EXPECT_TRUE(reader.between_events());
  EXPECT_EQ(read(reader, "event: x\n"), "");
  EXPECT_FALSE(reader.between_events());
}

}  // namespace
}  // namespace basin::wire
