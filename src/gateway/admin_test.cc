// admin.cc and status.cc: what Basin says about itself, as programs see it.
#include "gateway/admin.h"

#include <gtest/gtest.h>

#include "base/json.h"
#include "gateway/testing.h"

namespace basin::gateway {
namespace {

using testing::Running;
using testing::snapshot_of;
using testing::Upstream;

class Admin : public ::testing::Test {
 protected:
  Upstream upstream_{{}};
  Running basin_{snapshot_of(upstream_.url())};
};

TEST_F(Admin, EveryObjectStartsWithItsSchema) {
  EXPECT_TRUE(basin_.ask("GET", "/basin/health").body.starts_with(R"({"schema":"basin.health/1")"));
  EXPECT_TRUE(basin_.ask("GET", "/basin/status").body.starts_with(R"({"schema":"basin.status/1")"));
  EXPECT_TRUE(basin_.ask("GET", "/basin/decisions").body.starts_with(R"({"schema":"basin.decisions/1")"));
  EXPECT_TRUE(basin_.ask("GET", "/basin/decisions/nope").body.starts_with(R"({"schema":"basin.error/1")"));
  const auto foreign = basin_.ask("POST", "/basin/reload", {}, {{"Origin", "https://elsewhere.example"}});
  EXPECT_EQ(foreign.status, 403);
  EXPECT_TRUE(foreign.body.starts_with(R"({"schema":"basin.error/1","error":{"code":"forbidden",)")) << foreign.body;
}

TEST_F(Admin, StatusTellsTiersUpstreamsAndCounts) {
  base::json::Document document;
  ASSERT_TRUE(document.parse_copy(basin_.ask("GET", "/basin/status").body).ok());
  const auto root = document.root();
  EXPECT_EQ(root.member("mode").string(), "on");
  base::json::Elements tiers(root.member("tiers"));
  ASSERT_TRUE(tiers.next());
  EXPECT_EQ(tiers.value().member("model").string(), "little");
  EXPECT_EQ(tiers.value().member("context").unsigned_integer(), 100'000U);
  EXPECT_EQ(root.member("counts").member("requests").unsigned_integer(), 1U);
}

TEST_F(Admin, UnknownPathsAndMethodsSayWhatThereIs) {
  EXPECT_EQ(basin_.ask("GET", "/nothing").status, 404);
  EXPECT_NE(basin_.ask("GET", "/nothing").body.find("/v1/messages"), std::string::npos);
  EXPECT_EQ(basin_.ask("POST", "/basin/status").status, 405);
  EXPECT_EQ(basin_.ask("DELETE", "/basin/decisions/d-0-0").status, 405);
  EXPECT_EQ(basin_.ask("HEAD", "/api/hello").status, 200);
}

TEST_F(Admin, ADryRunDecidesAndSendsNothing) {
  const auto record =
      basin_.ask("POST", "/basin/route", R"({"model":"m","messages":[{"role":"user","content":"hi"}]})");
  EXPECT_EQ(record.status, 200);
  EXPECT_TRUE(record.body.starts_with(R"({"schema":"basin.decision/1")"));
  EXPECT_TRUE(upstream_.seen().empty());
  EXPECT_EQ(basin_.ask("POST", "/basin/route", "{").status, 400);
  EXPECT_EQ(basin_.ask("POST", "/basin/route", "{}").status, 400);
}

TEST_F(Admin, ListsAreBounded) {
  for (const char* limit : {"0", "1", "99999999999999999999", "-1", "x"}) {
    EXPECT_EQ(basin_.ask("GET", std::string("/basin/decisions?limit=") + limit).status, 200) << limit;
  }
}

TEST_F(Admin, ThePageAndTheMetersAreThere) {
  EXPECT_NE(basin_.ask("GET", "/").body.find("<h1>Basin</h1>"), std::string::npos);
  EXPECT_NE(basin_.ask("GET", "/metrics").body.find("\nbasin_requests_total 2\n"), std::string::npos);
}

}  // namespace
}  // namespace basin::gateway
