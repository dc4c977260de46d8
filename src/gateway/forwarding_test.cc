// What forwarding.cc and translated_relay.cc make of upstreams that fail and of those that speak another dialect.
#include "gateway/forwarding.h"

#include <gtest/gtest.h>

#include "base/testing_codings.h"
#include "gateway/testing.h"

namespace basin::gateway {
namespace {

using core::Dialect;
using testing::field_of;
using testing::Reply;
using testing::Running;
using testing::Upstream;

constexpr const char* kHello =
    R"({"model":"any","max_tokens":50,"messages":[{"role":"user","content":"fix teh typo"}]})";
constexpr const char* kChat =
    R"({"id":"c1","object":"chat.completion","model":"little","choices":[{"index":0,"message":{"role":"assistant",)"
    R"("content":"Fixed."},"finish_reason":"stop"}],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}})";

// A small and a large tier, each on a server of its own; every prompt is small enough.
std::shared_ptr<Snapshot> two_servers(const std::string& small, const std::string& large,
                                      std::vector<Dialect> dialects = {Dialect::anthropic},
                                      const std::string& vendor = {}) {
  upstream::Options options;
  options.upstreams.push_back({.name = "a", .base_url = small, .dialects = dialects, .vendor = vendor});
  options.upstreams.push_back({.name = "b", .base_url = large, .dialects = dialects, .vendor = vendor});
  options.tiers.push_back({.name = "small", .upstream = "a", .model = "little", .context = 100'000});
  options.tiers.push_back({.name = "large", .upstream = "b", .model = "big", .context = 100'000});
  auto snapshot = testing::snapshot_of(small);
  snapshot->catalogue = *upstream::Catalogue::build(options);
  snapshot->routing.target_risk = 1;
  return snapshot;
}

std::string record_of(Running& basin, const net::FetchResponse& response) {
  return basin.ask("GET", "/basin/decisions/" + field_of(response, "x-basin-decision-id")).body;
}

TEST(Forwarding, WhatFailsGoesToTheNextTierAndTheRecordSaysSo) {
  Upstream small({.status = 500, .pieces = {R"({"type":"error","error":{"type":"api_error","message":"broke"}})"}});
  Upstream large({.pieces = {R"({"id":"msg_1","content":[]})"}});
  Running basin(two_servers(small.url(), large.url()));
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(field_of(response, "x-basin-tier"), "large");
  EXPECT_EQ(small.seen().size(), 2U) << "once more, and then no more";
  ASSERT_EQ(large.seen().size(), 1U);
  EXPECT_NE(large.seen()[0].body.find(R"("model":"big")"), std::string::npos);
  const std::string record = record_of(basin, response);
  EXPECT_NE(record.find(R"("rule":"fallback")"), std::string::npos) << record;
  EXPECT_NE(record.find(R"("cause":"server_error")"), std::string::npos) << record;
}

TEST(Forwarding, WithoutFallbackAnErrorComesAsItIs) {
  Upstream small({.status = 500, .pieces = {"{\"broke\":", "true}"}});
  Upstream large({});
  auto snapshot = two_servers(small.url(), large.url());
  snapshot->routing.fallback = false;
  Running basin(snapshot);
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(response.body, "{\"broke\":true}");
  EXPECT_EQ(small.seen().size(), 1U);
  EXPECT_TRUE(large.seen().empty());
}

TEST(Forwarding, WhereEverybodyFailsTheLastErrorComesAsItIs) {
  Upstream small({.status = 529, .pieces = {"{\"a\":1}"}});
  Upstream large({.status = 503, .pieces = {"{\"b\":2}"}});
  Running basin(two_servers(small.url(), large.url()));
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.body, "{\"b\":2}");
}

TEST(Forwarding, AClosedPlaceIsPassedOver) {
  Upstream large({.pieces = {R"({"id":"msg_1","content":[]})"}});
  Running basin(two_servers("http://127.0.0.1:1", large.url()));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(basin.ask("POST", "/v1/messages", kHello).status, 200);
  const auto status = basin.ask("GET", "/basin/status").body;
  EXPECT_NE(status.find(R"("cause":"unreachable")"), std::string::npos) << status;
}

TEST(Forwarding, ATierThatWasNamedIsNotLeft) {
  Upstream small({.status = 500, .pieces = {"{}"}});
  Upstream large({});
  Running basin(two_servers(small.url(), large.url()));
  const auto response = basin.ask("POST", "/v1/messages", kHello, {{"x-basin-tier", "small"}});
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(small.seen().size(), 1U);
}

TEST(Forwarding, CountingIsAnsweredWhereNobodyCounts) {
  Upstream small({.status = 404, .pieces = {"404 page not found"}});
  Upstream large({});
  Running basin(two_servers(small.url(), large.url()));
  const auto response = basin.ask("POST", "/v1/messages/count_tokens", kHello, {{"x-basin-tier", "small"}});
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(field_of(response, "x-basin-estimated"), "input_tokens");
  EXPECT_EQ(response.body.find(R"({"input_tokens":)"), 0U) << response.body;
}

TEST(Forwarding, AServerThatRefusesAFieldIsToldTheSameInOlderWords) {
  Upstream fussy(
      {.status = 422, .pieces = {R"({"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]})"}});
  Running basin(two_servers(fussy.url(), fussy.url(), {Dialect::openai_chat}));
  const std::string streamed = std::string(kHello).insert(1, R"("stream":true,)");
  for (int i = 0; i < 2; ++i)
    EXPECT_EQ(basin.ask("POST", "/v1/messages", streamed, {{"x-basin-tier", "small"}}).status, 422);
  const auto seen = fussy.seen();
  ASSERT_EQ(seen.size(), 3U) << "found out once";
  EXPECT_NE(seen[0].body.find("stream_options"), std::string::npos);
  EXPECT_EQ(seen[1].body.find("stream_options"), std::string::npos);
  EXPECT_EQ(seen[2].body.find("stream_options"), std::string::npos);
}

// What of a server's is closed, as the status page has it.
bool anything_closed(Running& basin) {
  return basin.ask("GET", "/basin/status").body.find(R"("cause":)") != std::string::npos;
}

TEST(Forwarding, CountingIsAnsweredWhereNobodyIsOrNobodyHasAKey) {
  Running gone(two_servers("http://127.0.0.1:1", "http://127.0.0.1:1"));
  auto nobody = testing::snapshot_of("http://127.0.0.1:1");
  nobody->catalogue = *upstream::Catalogue::build({});
  Running keyless(nobody);
  for (Running* basin : {&gone, &keyless}) {
    const auto response = basin->ask("POST", "/v1/messages/count_tokens", kHello);
    EXPECT_EQ(response.status, 200) << response.body;
    EXPECT_EQ(field_of(response, "x-basin-estimated"), "input_tokens");
  }
}

TEST(Forwarding, NotCountingIsNoFailureOfTheModels) {
  Upstream small({.status = 404, .pieces = {"404 page not found"}});
  Upstream large({});
  Running basin(two_servers(small.url(), large.url()));
  for (const char* tier : {"small", "auto"})
    EXPECT_EQ(basin.ask("POST", "/v1/messages/count_tokens", kHello, {{"x-basin-tier", tier}}).status, 200);
  EXPECT_FALSE(anything_closed(basin));
}

TEST(Forwarding, WhatWasNotDecidedHereClosesNothing) {
  Upstream small({.status = 404, .pieces = {R"({"error":{"message":"not found"}})"}});
  auto snapshot = two_servers(small.url(), small.url(), {Dialect::anthropic}, "anthropic");
  Running decided(snapshot);
  EXPECT_EQ(decided.ask("GET", "/v1/files", {}, {{"anthropic-version", "2023-06-01"}}).status, 404);
  EXPECT_FALSE(anything_closed(decided)) << "a path that is passed on";
  auto looking_on = std::make_shared<Snapshot>(*snapshot);
  looking_on->routing.mode = core::Mode::shadow;
  Running shadow(looking_on);
  EXPECT_EQ(shadow.ask("POST", "/v1/messages", kHello).status, 404);
  EXPECT_FALSE(anything_closed(shadow)) << "mode shadow";
}

TEST(Forwarding, AnErrorIsUnderstoodInsideOfItsContentCoding) {
  const std::string error = R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}})";
  Upstream small({.status = 400, .pieces = {base::testing::pack("gzip", error)}, .coding = "gzip"});
  Upstream large({.pieces = {R"({"id":"msg_1","content":[]})"}});
  Running basin(two_servers(small.url(), large.url()));
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_NE(record_of(basin, response).find(R"("cause":"bad_key")"), std::string::npos) << response.status;
  EXPECT_EQ(field_of(response, "x-basin-tier"), "large");
}

TEST(Forwarding, ATextThatIsLongInItsEscapesOnlyWasNotCut) {
  std::string answer =
      R"({"id":"msg_1","type":"message","content":[],"usage":{"input_tokens":1900,"output_tokens":1}})";
  Upstream small({.pieces = {answer}});
  auto snapshot = two_servers(small.url(), small.url());
  upstream::Options options;
  options.upstreams.push_back({.name = "a", .base_url = small.url(), .dialects = {Dialect::anthropic}});
  options.tiers.push_back({.name = "small", .upstream = "a", .model = "little", .context = 4'096});
  options.tiers.push_back({.name = "large", .upstream = "a", .model = "big", .context = 100'000});
  snapshot->catalogue = *upstream::Catalogue::build(options);
  Running basin(snapshot);
  std::string text;
  for (int i = 0; i < 9'000; ++i) text += "\\u0434";
  const std::string body = R"({"model":"any","max_tokens":9,"messages":[{"role":"user","content":")" + text + R"("}]})";
  EXPECT_EQ(basin.ask("POST", "/v1/messages", body, {{"x-basin-tier", "small"}}).status, 200);
  EXPECT_EQ(basin.ask("GET", "/basin/status").body.find(R"("context":1900)"), std::string::npos);
}

TEST(TranslatedRelay, AServerThatDoesNotStreamIsHeardAsAStream) {
  Upstream small({.pieces = {kChat}});
  Running basin(two_servers(small.url(), small.url(), {Dialect::openai_chat}));
  const auto response = basin.ask("POST", "/v1/messages", std::string(kHello).insert(1, R"("stream":true,)"));
  EXPECT_EQ(field_of(response, "content-type"), "text/event-stream");
  EXPECT_NE(response.body.find("event: message_stop"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("Fixed."), std::string::npos) << response.body;
}

TEST(TranslatedRelay, AWholeAnswerIsSaidInTheClientsDialect) {
  Upstream small({.pieces = {std::string(kChat).substr(0, 40), std::string(kChat).substr(40)}});
  Running basin(two_servers(small.url(), small.url(), {Dialect::openai_chat}));
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_EQ(response.status, 200);
  ASSERT_EQ(small.seen().size(), 1U);
  EXPECT_EQ(small.seen()[0].target, "/v1/chat/completions");
  EXPECT_NE(response.body.find(R"("type":"message")"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find(R"("stop_reason":"end_turn")"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("Fixed."), std::string::npos);
}

TEST(TranslatedRelay, AStreamIsSaidInTheClientsDialectAndACutOneEndsInAnError) {
  const std::string chunk = R"(data: {"id":"c1","model":"little","choices":[{"index":0,"delta":{"content":"Fixed."}}]})"
                            "\n\n";
  const std::string end =
      R"(data: {"id":"c1","model":"little","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]})"
      "\n\ndata: [DONE]\n\n";
  const std::string streamed = std::string(kHello).insert(1, R"("stream":true,)");
  for (const bool cut : {false, true}) {
    std::vector<std::string> pieces{chunk.substr(0, 30), chunk.substr(30)};
    if (!cut) pieces.push_back(end);
    Upstream small({.type = "text/event-stream", .pieces = pieces, .cut = cut});
    Running basin(two_servers(small.url(), small.url(), {Dialect::openai_chat}));
    const auto response = basin.ask("POST", "/v1/messages", streamed);
    EXPECT_EQ(response.status, 200);
    EXPECT_NE(response.body.find("event: message_start"), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("event: message_stop") != std::string::npos, !cut) << response.body;
    EXPECT_EQ(response.body.find("event: error") != std::string::npos, cut) << response.body;
  }
}

TEST(TranslatedRelay, WhatItsServerDoesNotCountIsReckoned) {
  std::string uncounted = kChat;
  uncounted.erase(uncounted.find(R"(,"usage")"));
  Upstream small({.pieces = {uncounted + "}"}});
  Running basin(two_servers(small.url(), small.url(), {Dialect::openai_chat}));
  const auto response = basin.ask("POST", "/v1/messages", kHello);
  EXPECT_EQ(response.body.find(R"("input_tokens":0,)"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find(R"("output_tokens":2,)"), std::string::npos) << response.body;
}

TEST(TranslatedRelay, AnErrorIsSaidInTheClientsDialect) {
  Upstream small(
      {.status = 401,
       .pieces = {R"({"error":{"message":"bad key","type":"invalid_request_error","code":"invalid_api_key"}})"}});
  Running basin(two_servers(small.url(), small.url(), {Dialect::openai_chat}));
  const auto response = basin.ask("POST", "/v1/messages", kHello, {{"x-basin-tier", "small"}});
  EXPECT_EQ(response.status, 401);
  EXPECT_NE(response.body.find(R"("type":"authentication_error")"), std::string::npos) << response.body;
  EXPECT_NE(response.body.find("bad key"), std::string::npos);
}

}  // namespace
}  // namespace basin::gateway
