// A request from end to end inside one process: gateway.cc, door.cc, exchange.cc, relay.cc and answer.cc between a
// client and a scripted upstream. What real clients and hostile ones do is tested on the program (tests/).
#include "gateway/gateway.h"

#include <gtest/gtest.h>

#include "gateway/testing.h"
#include "geometry/testing.h"

namespace basin::gateway {
namespace {

using testing::field_of;
using testing::Reply;
using testing::Running;
using testing::snapshot_of;
using testing::Upstream;

constexpr std::string_view kBody =
    R"({"model":"basin-large","max_tokens":9,"x_future":[1,2],"messages":[{"role":"user","content":"hi"}]})";
const std::string kMessages = "/v1/messages";

TEST(Gateway, ARequestGoesUpWithItsModelReplacedAndNothingElse) {
  Upstream upstream({.pieces = {"{\"id\":", "\"msg_1\"}"}});
  const Running basin(snapshot_of(upstream.url()));
  const auto answer = basin.ask("POST", kMessages + "?beta=true", std::string(kBody));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{\"id\":\"msg_1\"}");
  EXPECT_EQ(field_of(answer, "x-basin-tier"), "large");
  EXPECT_EQ(field_of(answer, "x-basin-model"), "big");
  ASSERT_EQ(upstream.seen().size(), 1U);
  std::string expected(kBody);
  expected.replace(expected.find("basin-large"), 11, "big");
  EXPECT_EQ(upstream.seen()[0].body, expected);
  EXPECT_EQ(upstream.seen()[0].target, "/v1/messages?beta=true");
  const auto record = basin.ask("GET", "/basin/decisions/" + field_of(answer, "x-basin-decision-id"));
  EXPECT_NE(record.body.find("\"rule\":\"forced\""), std::string::npos) << record.body;
}

TEST(Gateway, AnUpstreamsErrorTravelsAsItIs) {
  Upstream upstream({.status = 529, .pieces = {"{\"odd\": \"error\"}"}});
  const Running basin(snapshot_of(upstream.url()));
  const auto answer = basin.ask("POST", kMessages, std::string(kBody));
  EXPECT_EQ(answer.status, 529);
  EXPECT_EQ(answer.body, "{\"odd\": \"error\"}");
}

TEST(Gateway, AStreamThatEndsEarlyEndsInAnErrorEvent) {
  const std::string start = "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n\n";
  for (const bool cut : {true, false}) {  // torn off, or ended politely before its end
    Upstream upstream({.type = "text/event-stream", .pieces = {start}, .cut = cut});
    const Running basin(snapshot_of(upstream.url()));
    const auto answer = basin.ask("POST", kMessages, std::string(kBody));
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body.substr(0, start.size()), start);
    EXPECT_NE(answer.body.find("event: error", start.size()), std::string::npos) << answer.body;
  }
}

TEST(Gateway, AWholeStreamIsNotAddedTo) {
  const std::string stream = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  Upstream upstream({.type = "text/event-stream", .pieces = {stream}});
  const Running basin(snapshot_of(upstream.url()));
  EXPECT_EQ(basin.ask("POST", kMessages, std::string(kBody)).body, stream);
}

TEST(Gateway, AStreamOfAnUnroutedPathEndsAsItsServerEndsIt) {
  const std::string stream = "event: speech.audio.done\ndata: {\"type\":\"speech.audio.done\"}\n\n";
  for (const bool cut : {false, true}) {
    Upstream upstream({.type = "text/event-stream", .pieces = {stream}, .cut = cut});
    const Running basin(snapshot_of(upstream.url()));
    const auto answer = basin.ask("POST", "/v1/audio/speech", R"({"model":"voice","input":"hi"})");
    EXPECT_EQ(answer.body == stream, !cut) << answer.body;
  }
}

TEST(Gateway, NobodyIsAskedToRepeatARequestWithItsKey) {
  Upstream upstream({});
  const Running basin(snapshot_of(upstream.url()));
  EXPECT_EQ(basin.ask("TRACE", "/v1/messages").status, 400);
  EXPECT_TRUE(upstream.seen().empty());
}

TEST(Gateway, APathThatClimbsGoesNowhere) {
  Upstream upstream({});
  const Running basin(snapshot_of(upstream.url()));
  EXPECT_EQ(basin.ask("GET", "/v1/%2e%2e/admin").status, 400);
  EXPECT_EQ(basin.ask("GET", "/v1/models/qwen2.5").status, 200);
  ASSERT_EQ(upstream.seen().size(), 1U);
  EXPECT_EQ(upstream.seen()[0].target, "/v1/models/qwen2.5");
}

TEST(Gateway, AnUnreachableUpstreamIsABadGatewayInTheClientsDialect) {
  std::string url;
  {
    const Upstream gone({});
    url = gone.url();
  }
  const Running basin(snapshot_of(url));
  const auto answer = basin.ask("POST", kMessages, std::string(kBody));
  EXPECT_EQ(answer.status, 502);
  EXPECT_NE(answer.body.find("\"type\":\"error\""), std::string::npos);
  EXPECT_NE(answer.body.find("upstream near"), std::string::npos);
}

TEST(Gateway, AForeignHostIsRefusedAndTheConnectionEnds) {
  Upstream upstream({});
  const Running basin(snapshot_of(upstream.url()));
  const auto answer = basin.ask("POST", kMessages, std::string(kBody), {{"Origin", "http://evil.example"}});
  EXPECT_EQ(answer.status, 403);
  EXPECT_EQ(field_of(answer, "connection"), "close");
  EXPECT_TRUE(upstream.seen().empty());
}

TEST(Gateway, AReloadSwapsTheWholeSnapshotAndABadOneNothing) {
  Upstream first({.pieces = {"1"}});
  Upstream second({.pieces = {"2"}});
  bool good = true;
  Running basin(snapshot_of(first.url()), [&]() -> base::Result<std::shared_ptr<const Snapshot>> {
    if (!good) return base::fail(base::Code::configuration, "basin.toml:3:1: no such key");
    return std::shared_ptr<const Snapshot>(snapshot_of(second.url()));
  });
  EXPECT_EQ(basin.ask("POST", kMessages, std::string(kBody)).body, "1");
  EXPECT_EQ(basin.ask("POST", "/basin/reload").status, 200);
  EXPECT_EQ(basin.ask("POST", kMessages, std::string(kBody)).body, "2");
  good = false;
  const auto refused = basin.ask("POST", "/basin/reload");
  EXPECT_EQ(refused.status, 400);
  EXPECT_NE(refused.body.find("basin.toml:3:1"), std::string::npos);
  EXPECT_EQ(basin.ask("POST", kMessages, std::string(kBody)).body, "2");
}

// The first stage is unsure of everything here: the ask is read off the loop before the request goes on, once.
TEST(Gateway, AnUnsureAskIsReadOnceAndForTheDryRunToo) {
  Upstream upstream({.pieces = {"1"}});
  const Running basin(snapshot_of(upstream.url()), {}, geometry::two_stage_model(geometry::random_encoder_loaded(1)));
  for (int round = 0; round < 2; ++round) EXPECT_EQ(basin.ask("POST", kMessages, std::string(kBody)).body, "1");
  EXPECT_EQ(upstream.seen().size(), 2u);
  EXPECT_NE(basin.ask("GET", "/basin/decisions").body.find(R"("stage":2)"), std::string::npos);
  EXPECT_EQ(basin.ask("GET", "/basin/decisions").body.find(R"("stage":1)"), std::string::npos);
  EXPECT_NE(basin.ask("GET", "/metrics").body.find("basin_second_stage_read_total 1\n"), std::string::npos);
  const std::string another = R"({"model":"claude-x","messages":[{"role":"user","content":"prove it"}]})";
  EXPECT_NE(basin.ask("POST", "/basin/route", another).body.find(R"("stage":2)"), std::string::npos);
  EXPECT_NE(basin.ask("GET", "/metrics").body.find("basin_second_stage_read_total 2\n"), std::string::npos);
}

TEST(Gateway, EmbeddingsGoByTheirModelAndAWebSocketIsDeclined) {
  Upstream upstream({.pieces = {"[]"}});
  const Running basin(snapshot_of(upstream.url()));
  EXPECT_EQ(basin.ask("POST", "/v1/embeddings", R"({"model":"vectors","input":"x"})").body, "[]");
  EXPECT_EQ(upstream.seen().at(0).body, R"({"model":"vectors","input":"x"})");
  EXPECT_EQ(basin.ask("GET", "/v1/responses", "", {{"Upgrade", "websocket"}}).status, 426);
}

}  // namespace
}  // namespace basin::gateway
