#include "net/head.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::net {
namespace {

using base::Code;

TEST(Head, KeepsOrderCaseAndDuplicates) {
  std::string bytes =
      "POST /v1/x?beta=true HTTP/1.1\r\nHost: a\r\nX-Stainless-OS:Linux\r\nx-b:  one \t\r\nX-B: two\r\nEmpty:\r\n"
      "Content-Length: 12\r\n\r\n";
  RequestHead head;
  ASSERT_TRUE(parse_request_head(bytes, head).ok());
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target, "/v1/x?beta=true");
  ASSERT_EQ(head.fields.size(), 6u);
  EXPECT_EQ(head.fields[1].name, "X-Stainless-OS");
  EXPECT_EQ(head.fields[1].value, "Linux");
  EXPECT_EQ(head.fields[2].value, "one");
  EXPECT_EQ(head.fields[3].name, "X-B");
  EXPECT_EQ(head.fields[4].value, "");
  EXPECT_EQ(head.content_length, 12u);
  EXPECT_TRUE(head.keep_alive);
  EXPECT_TRUE(head.has_body());
  for (const HeadField& field : head.fields) {
    EXPECT_GE(field.name.data(), bytes.data());  // views, not copies
    EXPECT_LE(field.value.data() + field.value.size(), bytes.data() + bytes.size());
  }
}

TEST(Head, IsReusable) {
  RequestHead head;
  ASSERT_TRUE(parse_request_head("POST / HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n", head).ok());
  EXPECT_TRUE(head.expect_continue);
  ASSERT_TRUE(parse_request_head("GET / HTTP/1.0\r\n\r\n", head).ok());
  EXPECT_FALSE(head.expect_continue);
  EXPECT_FALSE(head.content_length);
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.fields.empty());
}

TEST(Head, FindsAndLists) {
  RequestHead head;
  ASSERT_TRUE(
      parse_request_head("GET / HTTP/1.1\r\nConnection: keep-alive, X-Mine\r\nconnection: close,,\r\n\r\n", head).ok());
  EXPECT_EQ(head.find("CONNECTION"), "keep-alive, X-Mine");
  EXPECT_FALSE(head.find("none"));
  EXPECT_TRUE(head.lists("connection", "x-mine"));
  EXPECT_FALSE(head.lists("connection", "x-min"));
  EXPECT_FALSE(head.keep_alive);
  EXPECT_TRUE(head.is_hop_by_hop("x-mine"));
  EXPECT_TRUE(head.is_hop_by_hop("Transfer-Encoding"));
  EXPECT_TRUE(head.is_hop_by_hop("TE"));
  EXPECT_FALSE(head.is_hop_by_hop("content-length"));
  EXPECT_FALSE(head.is_hop_by_hop("anthropic-beta"));
}

TEST(Head, LengthIsFoundWhereverTheBytesWereCut) {
  std::string bytes = "GET / HTTP/1.1\r\nA: b\r\n\r\nbody";
  std::size_t length = bytes.size() - 4;
  EXPECT_EQ(head_length(bytes), length);
  for (std::size_t looked = 0; looked < length; ++looked) {
    EXPECT_EQ(head_length(std::string_view(bytes).substr(0, looked)), 0u);
    EXPECT_EQ(head_length(bytes, looked), length) << looked;
  }
}

TEST(Head, AHeadThatIsNotWholeIsRefused) {
  RequestHead head;
  std::string bytes = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
  for (std::size_t size = 0; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_request_head(std::string_view(bytes).substr(0, size), head).ok()) << size;
}

TEST(Head, ResponsesMapEveryFailureToTheUpstream) {
  ResponseHead head;
  ASSERT_TRUE(parse_response_head("HTTP/1.1 529 Site is overloaded\r\nRetry-After: 3\r\n\r\n", head).ok());
  EXPECT_EQ(head.status, 529);
  EXPECT_EQ(head.reason, "Site is overloaded");
  ASSERT_TRUE(parse_response_head("HTTP/1.1 200 \r\n\r\n", head).ok());
  EXPECT_EQ(head.reason, "");
  for (const char* bytes :
       {"HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 099 OK\r\n\r\n", "HTTP/1.1 000 OK\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n", "\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n"}) {
    base::Status status = parse_response_head(bytes, head);
    ASSERT_FALSE(status.ok()) << bytes;
    EXPECT_EQ(status.error().code, Code::bad_upstream);
  }
}

TEST(Head, IsWrittenAsItCame) {
  std::string out;
  HeadWriter writer(out);
  writer.request("POST", "/x").field("X-Case", "kept").field("Content-Length", std::uint64_t{18446744073709551615u});
  writer.end();
  EXPECT_EQ(out, "POST /x HTTP/1.1\r\nX-Case: kept\r\nContent-Length: 18446744073709551615\r\n\r\n");
  out.clear();
  HeadWriter(out).response(529).response(404).response(200, "Very Fine");
  EXPECT_EQ(out, "HTTP/1.1 529 \r\nHTTP/1.1 404 Not Found\r\nHTTP/1.1 200 Very Fine\r\n");
}

TEST(Head, AValueHoldsNoControlCharacters) {
  std::string out;
  HeadWriter(out).field("X", std::string_view("a\r\nB: c\0\x01\x7f\td\xc3\xa9", 14));
  EXPECT_EQ(out, "X: a  B: c   \td\xc3\xa9\r\n");
}

TEST(Head, ReasonOf) {
  EXPECT_EQ(reason_of(200), "OK");
  EXPECT_EQ(reason_of(529), "");
  EXPECT_EQ(reason_of(0), "");
}

}  // namespace
}  // namespace basin::net
