#include "core/record.h"

#include <gtest/gtest.h>

#include "base/json.h"

namespace basin::core {
namespace {

TEST(Rfc3339, KnownInstants) {
  EXPECT_EQ(rfc3339(0), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(rfc3339(951'782'400'000), "2000-02-29T00:00:00.000Z");
  EXPECT_EQ(rfc3339(1'795'543'199'999), "2026-11-24T17:59:59.999Z");
  EXPECT_EQ(rfc3339(-1), "1969-12-31T23:59:59.999Z");
}

TEST(Record, IsOneObjectThatStartsWithItsSchema) {
  Decision decision;
  decision.id = "d-1";
  decision.ask = "say \"hi\"\n";
  decision.ask_spans = {{0, 0, 3, 12}};
  decision.p_ok = {{"small", .9, .8, .95, 40}};
  decision.prices = {{"small", std::nullopt}, {"large", MicroUsd{1200}}};
  decision.edits = {{"model", {10, 20}, "\"m\""}};
  std::string out;
  append_record(out, decision, {"0.1", "abc"});
  EXPECT_EQ(out.rfind("{\"schema\":\"basin.decision/1\",", 0), 0U);

  base::json::Document document;
  ASSERT_TRUE(document.parse_copy(out).ok()) << out;
  const auto root = document.root();
  EXPECT_EQ(root.member("ask").member("text").string(), "say \"hi\"\n");
  EXPECT_EQ(root.member("prices").member("small").member("expected_micro_usd").kind(), base::json::Kind::null);
  EXPECT_EQ(root.member("prices").member("large").member("expected_micro_usd").unsigned_integer(), 1200U);
  EXPECT_EQ(root.member("wait_ms").kind(), base::json::Kind::null);
  EXPECT_EQ(root.member("engine").member("weights_sha256").raw_string(), "abc");
}

}  // namespace
}  // namespace basin::core
