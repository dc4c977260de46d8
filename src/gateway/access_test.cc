#include "gateway/access.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::gateway {
namespace {

using base::Code;

struct Case {
  net::ServeOptions options;
  Peer peer;
  std::vector<net::HeadField> fields{{"Host", "127.0.0.1:4100"}};

  base::Status check() const {
    net::RequestHead head;
    head.fields = fields;
    return Access{options}.check(head, peer);
  }
  bool allowed() const { return check().ok(); }
  Code code() const { return check().ok() ? Code::internal : check().error().code; }
};

TEST(Access, OurOwnUserOnLoopbackNeedsNothing) {
  Case c;
  EXPECT_TRUE(c.allowed());
  for (const char* host : {"localhost:4100", "LOCALHOST", "[::1]:4100", "127.1.2.3:80"}) {
    c.fields = {{"host", host}};
    EXPECT_TRUE(c.allowed()) << host;
  }
}

TEST(Access, AStrangeHostIsDnsRebinding) {
  Case c;
  for (const char* host :
       {"evil.example", "evil.example:4100", "127.evil.example", "localhost.evil.example", "", "[::1", "10.0.0.1"}) {
    c.fields = {{"host", host}};
    EXPECT_EQ(c.code(), Code::forbidden) << host;
  }
  c.fields = {{"Host", "basin.lan:4100"}};
  EXPECT_EQ(c.code(), Code::forbidden);
  c.options.allowed_hosts = {"basin.lan"};
  EXPECT_TRUE(c.allowed());
  c.fields.clear();
  EXPECT_EQ(c.code(), Code::invalid);
  c.fields = {{"Host", "localhost"}, {"host", "localhost"}};
  EXPECT_EQ(c.code(), Code::invalid);
}

TEST(Access, PagesAreRefusedUnlessTheyAreOurOwn) {
  Case c;
  for (const char* origin : {"https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1:4101", ""}) {
    c.fields = {{"host", "127.0.0.1:4100"}, {"Origin", origin}};
    EXPECT_EQ(c.code(), Code::forbidden) << origin;
  }
  c.fields = {{"host", "127.0.0.1:4100"}, {"Origin", "http://127.0.0.1:4100"}};
  EXPECT_TRUE(c.allowed());
  c.fields = {{"host", "127.0.0.1:4100"}, {"Sec-Fetch-Site", "cross-site"}};
  EXPECT_EQ(c.code(), Code::forbidden);
}

TEST(Access, AConfiguredTokenIsAskedOfEverybody) {
  Case c;
  c.options.token = base::Secret("secret-token");
  EXPECT_EQ(c.code(), Code::unauthorized);
  const net::HeadField host{"host", "localhost"};
  c.fields = {host, {"authorization", "Bearer secret-token"}};
  EXPECT_TRUE(c.allowed());
  c.fields = {host, {"Authorization", "bearer secret-token"}};
  EXPECT_TRUE(c.allowed());
  c.fields = {host, {"X-Api-Key", "secret-token"}};
  EXPECT_TRUE(c.allowed());
  for (const char* wrong :
       {"Bearer secret-toke", "Bearer secret-tokens", "Bearer ", "secret-token", "Basic secret-token", ""}) {
    c.fields = {host, {"authorization", wrong}};
    EXPECT_EQ(c.code(), Code::unauthorized) << wrong;
  }
}

TEST(Access, WithoutATokenNobodyElseGetsIn) {
  Case c;
  c.peer.same_user = false;
  EXPECT_EQ(c.code(), Code::unauthorized);
  c.peer = {.loopback = false, .same_user = true};
  EXPECT_EQ(c.code(), Code::unauthorized);
}

TEST(Access, WithATokenItIsTheTokenThatCounts) {
  Case c;
  c.options.token = base::Secret("secret-token");
  c.fields.push_back({"x-api-key", "secret-token"});
  c.peer = {.loopback = false, .same_user = false};
  EXPECT_TRUE(c.allowed());
}

}  // namespace
}  // namespace basin::gateway
