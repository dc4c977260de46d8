#include "gateway/outbound.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::gateway {
namespace {

using core::Dialect;

struct Case {
  net::ServeOptions options;
  upstream::Server server;
  net::RequestHead head;
  Dialect dialect = Dialect::anthropic;
  Dialect spoken = Dialect::anthropic;
  bool decoded = false;

  Case() {
    options.token = base::Secret("basin-token");
    server.name = "near";
    server.url.host = "127.0.0.1";
    server.url.port = 8080;
    server.takes_client_key = true;
    head.method = "POST";
    head.target = "/v1/messages?beta=true";
    head.content_length = 10;
  }
  std::string write() const {
    const Access access{options};
    return Outbound{head, server, dialect, access, decoded, spoken}.write(12);
  }
  base::Status check() const {
    const Access access{options};
    return Outbound{head, server, dialect, access, decoded, spoken}.check_credential();
  }
};

TEST(Outbound, FieldsTravelInTheirOrderAndSpelling) {
  Case c;
  c.server.url.prefix = "/api";
  c.head.fields = {{"hOsT", "127.0.0.1:4100"}, {"X-Future", "1"},
                   {"Content-Length", "10"},   {"anthropic-beta", "x-2099"},
                   {"Connection", "X-Hop"},    {"X-Hop", "drop"},
                   {"x-basin-tier", "small"},  {"Expect", "100-continue"},
                   {"x-api-key", "sk-client"}, {"authorization", "Bearer basin-token"},
                   {"X-Future", "2"}};
  EXPECT_EQ(c.write(),
            "POST /api/v1/messages?beta=true HTTP/1.1\r\nhOsT: 127.0.0.1:8080\r\nX-Future: 1\r\nContent-Length: 12\r\n"
            "anthropic-beta: x-2099\r\nx-api-key: sk-client\r\nX-Future: 2\r\n\r\n");
}

TEST(Outbound, AChunkedBodyGetsALength) {
  Case c;
  c.head.content_length.reset();
  c.head.chunked = true;
  c.head.fields = {{"Host", "x"}, {"Transfer-Encoding", "chunked"}};
  EXPECT_EQ(c.write(), "POST /v1/messages?beta=true HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Length: 12\r\n\r\n");
}

TEST(Outbound, ADecodedBodyLosesItsCoding) {
  Case c;
  c.head.fields = {{"Host", "x"}, {"Content-Encoding", "gzip"}};
  EXPECT_NE(c.write().find("Content-Encoding: gzip"), std::string::npos);
  c.decoded = true;
  EXPECT_EQ(c.write().find("Content-Encoding"), std::string::npos);
}

TEST(Outbound, OurKeyReplacesTheClients) {
  Case c;
  c.server.key = base::Secret("sk-ours");
  c.server.vendor = "anthropic";
  c.head.fields = {{"Host", "x"}, {"x-api-key", "sk-client"}, {"Authorization", "Bearer sk-client"}};
  EXPECT_EQ(c.write().find("sk-client"), std::string::npos);
  EXPECT_NE(c.write().find("x-api-key: sk-ours"), std::string::npos);
}

TEST(Outbound, AClientsKeyGoesToItsOwnVendorOnly) {
  Case c;
  c.head.fields = {{"Host", "x"}, {"x-api-key", "sk-client"}};
  c.server.vendor = "openai";
  EXPECT_EQ(c.write().find("sk-client"), std::string::npos);
  c.server.vendor = "anthropic";
  EXPECT_NE(c.write().find("sk-client"), std::string::npos);
  c.server.takes_client_key = false;
  EXPECT_EQ(c.write().find("sk-client"), std::string::npos);
}

TEST(Outbound, NoFieldThatCarriesACredentialReachesAStranger) {
  for (const char* name : {"Authorization", "x-api-key", "api-key", "X-Goog-Api-Key", "Cookie"}) {
    Case c;
    c.server.vendor = "anthropic";
    c.head.fields = {{"Host", "x"}, {name, "sk-client"}};
    EXPECT_NE(c.write().find("sk-client"), std::string::npos) << name << " goes to its own vendor as it came";
    c.server.takes_client_key = false;
    EXPECT_EQ(c.write().find("sk-client"), std::string::npos) << name;
    c.server.takes_client_key = true;
    c.server.key = base::Secret("sk-ours");
    EXPECT_EQ(c.write().find("sk-client"), std::string::npos) << name;
  }
}

TEST(Outbound, ASubscriptionLoginNeedsToBeSwitchedOn) {
  Case c;
  c.server.vendor = "anthropic";
  c.head.fields = {{"Host", "x"}, {"Authorization", "Bearer sk-ant-oat01-abc"}};
  ASSERT_FALSE(c.check().ok());
  EXPECT_EQ(c.check().error().code, base::Code::unauthorized);
  EXPECT_NE(c.check().error().message.find("allow_subscription"), std::string::npos);
  EXPECT_EQ(c.check().error().message.find("sk-ant"), std::string::npos);
  c.head.fields[1].value = "bearer \t sk-ant-oat01-abc";
  EXPECT_FALSE(c.check().ok()) << "however it is spaced";
  c.server.allow_subscription = true;
  EXPECT_TRUE(c.check().ok());
}

TEST(Outbound, ALocalServerNeedNotSeeTheLoginThatItCannotUse) {
  Case c;
  c.head.fields = {{"Host", "x"}, {"Authorization", "Bearer sk-ant-oat01-abc"}};
  ASSERT_FALSE(c.check().ok());
  EXPECT_NE(c.check().error().message.find("client_key = false"), std::string::npos) << c.check().error().message;
}

TEST(Outbound, AVendorNobodyHasAKeyForSaysWhatToSet) {
  Case c;
  c.server.vendor = "anthropic";
  c.head.fields = {{"Host", "x"}, {"x-api-key", "basin-token"}};  // opens Basin, not the vendor
  EXPECT_TRUE(c.check().ok()) << "a server that somebody configured says itself what it wants";
  c.server.builtin = true;
  ASSERT_FALSE(c.check().ok());
  EXPECT_NE(c.check().error().message.find("ANTHROPIC_API_KEY"), std::string::npos);
  c.head.fields = {{"Host", "x"}, {"x-api-key", "sk-client"}};
  EXPECT_TRUE(c.check().ok());
}

TEST(Outbound, ATranslatedRequestHasAHeadOfItsOwn) {
  Case c;
  c.spoken = Dialect::openai_chat;
  c.server.url.prefix = "/api";
  c.server.key = base::Secret("sk-ours");
  c.head.fields = {{"Host", "x"},
                   {"anthropic-beta", "b"},
                   {"User-Agent", "tool/1"},
                   {"Accept-Encoding", "br"},
                   {"x-api-key", "sk-client"},
                   {"Cookie", "c"}};
  EXPECT_EQ(c.write(),
            "POST /api/v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nContent-Type: application/json\r\n"
            "Content-Length: 12\r\nAccept: application/json, text/event-stream\r\nAccept-Encoding: identity\r\n"
            "User-Agent: tool/1\r\nAuthorization: Bearer sk-ours\r\n\r\n");
}

TEST(Outbound, InAnotherDialectAKeyGoesOnlyWhereAnybodysMayAndALoginNowhere) {
  Case c;
  c.spoken = Dialect::openai_chat;
  c.head.fields = {{"Host", "x"}, {"x-api-key", "sk-client"}};
  EXPECT_NE(c.write().find("Authorization: Bearer sk-client"), std::string::npos);
  c.server.vendor = "openai";
  EXPECT_EQ(c.write().find("sk-client"), std::string::npos);
  c.server.vendor = "";
  c.head.fields[1] = {"Authorization", "Bearer sk-ant-oat01-abc"};
  EXPECT_EQ(c.write().find("sk-ant"), std::string::npos);
  EXPECT_TRUE(c.check().ok());
}

}  // namespace
}  // namespace basin::gateway
