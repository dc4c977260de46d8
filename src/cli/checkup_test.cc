#include "cli/checkup.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "cli/program_for_test.h"
#include "config/config.h"

namespace basin::cli {
namespace {

using core::Dialect;

gateway::Snapshot snapshot_of(upstream::Options options) {
  gateway::Snapshot snapshot;
  auto catalogue = upstream::Catalogue::build(options);
  EXPECT_TRUE(catalogue.ok()) << catalogue.error().message;
  snapshot.catalogue = std::move(*catalogue);
  snapshot.prices = std::make_shared<const ledger::PriceTable>();
  return snapshot;
}

upstream::UpstreamOptions server(const char* name, const char* url,
                                 std::vector<Dialect> dialects = {Dialect::anthropic}) {
  upstream::UpstreamOptions options;
  options.name = name;
  options.base_url = url;
  options.dialects = std::move(dialects);
  return options;
}

upstream::TierOptions tier(const char* name, const char* upstream, const char* model,
                           std::optional<std::uint32_t> context = {}) {
  upstream::TierOptions options;
  options.name = name;
  options.upstream = upstream;
  options.model = model;
  options.context = context;
  return options;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) out += text + "\n";
  return out;
}

TEST(Checkup, AKeyIsOursTheClientsMissingOrNotNeeded) {
  auto keyed = server("keyed", "https://a.example");
  keyed.key = base::Secret("sk-canary");
  const auto checkup = check_up(
      snapshot_of({.upstreams = {keyed, server("bare", "https://b.example"), server("near", "http://127.0.0.1:9")},
                   .tiers = {tier("a", "keyed", "m"), tier("b", "bare", "m"), tier("c", "near", "m"),
                             tier("d", "anthropic", "m")},
                   .discover = false}),
      0);
  ASSERT_EQ(checkup.tiers.size(), 4U);
  EXPECT_EQ(checkup.tiers[0].key, "ours");
  EXPECT_EQ(checkup.tiers[1].key, "missing");
  EXPECT_NE(joined(checkup.tiers[1].problems).find("key_env"), std::string::npos);
  EXPECT_EQ(checkup.tiers[2].key, "none needed");
  EXPECT_EQ(checkup.tiers[3].key, "client's");
  EXPECT_FALSE(checkup.valid());
}

TEST(Checkup, ALocalServerMustRunAndHaveTheModel) {
  auto silent = server("silent", "http://127.0.0.1:8"), full = server("full", "http://127.0.0.1:9");
  silent.discovered = full.discovered = true;
  full.models.emplace_back().name = "qwen3:8b";
  const auto checkup = check_up(
      snapshot_of({.upstreams = {silent, full},
                   .tiers = {tier("a", "silent", "m"), tier("b", "full", "qwen3:8"), tier("c", "full", "qwen3:8b")},
                   .discover = false}),
      0);
  EXPECT_NE(joined(checkup.tiers[0].problems).find("start it"), std::string::npos);
  EXPECT_NE(joined(checkup.tiers[1].problems).find("did you mean `qwen3:8b`?"), std::string::npos);
  EXPECT_EQ(joined(checkup.tiers[2].problems), "");
}

TEST(Checkup, SaysHowToRaiseAShortContext) {
  const auto checkup = check_up(
      snapshot_of({.upstreams = {server("near", "http://127.0.0.1:11434")},
                   .tiers = {tier("a", "near", "m"), tier("b", "near", "n", 11'999), tier("c", "near", "o", 12'000)},
                   .discover = false}),
      0);
  EXPECT_NE(joined(checkup.tiers[0].remarks).find("OLLAMA_CONTEXT_LENGTH"), std::string::npos);
  EXPECT_NE(joined(checkup.tiers[1].remarks).find("too few for agents"), std::string::npos);
  EXPECT_EQ(joined(checkup.tiers[2].remarks), "");
}

TEST(Checkup, SaysWhoseRequestsAreTranslatedAndWhoseAreNotServed) {
  const auto checkup = check_up(
      snapshot_of({.upstreams = {server("a", "http://127.0.0.1:8"),
                                 server("b", "http://127.0.0.1:9", {Dialect::anthropic, Dialect::openai_responses})},
                   .tiers = {tier("small", "a", "m"), tier("large", "b", "m")},
                   .discover = false}),
      0);
  EXPECT_EQ(joined(checkup.remarks),
            "requests of clients that speak openai_chat are translated for small, large\n"
            "requests of clients that speak openai_responses are translated for small\n");
  const auto deaf = check_up(snapshot_of({.upstreams = {server("c", "http://127.0.0.1:8", {Dialect::openai_responses})},
                                          .tiers = {tier("only", "c", "m")},
                                          .discover = false}),
                             0);
  EXPECT_EQ(joined(deaf.remarks),
            "clients that speak anthropic are not served by only\n"
            "clients that speak openai_chat are not served by only\n");
}

TEST(Checkup, OnlineItAsksForTheModelsWithOurKey) {
  auto keyed = server("keyed", "https://a.example/api/v1", {Dialect::openai_chat});
  keyed.key = base::Secret("sk-canary");
  const auto snapshot =
      snapshot_of({.upstreams = {keyed}, .tiers = {tier("a", "keyed", "gpt-smal")}, .discover = false});
  const auto asked = [&](int status, const char* body) {
    Checkup checkup = check_up(snapshot, 0);
    check_online(
        snapshot,
        [&](net::FetchRequest request) -> base::Result<net::FetchResponse> {
          EXPECT_EQ(request.url, "https://a.example/api/v1/models");
          EXPECT_EQ(request.fields.at(0), (std::pair<std::string, std::string>("Authorization", "Bearer sk-canary")));
          return net::FetchResponse{.status = status, .fields = {}, .body = body};
        },
        checkup);
    return joined(checkup.tiers[0].problems);
  };
  EXPECT_EQ(asked(200, R"({"data":[{"id":"gpt-smal"}]})"), "");
  EXPECT_EQ(asked(200, "{}"), "");
  EXPECT_NE(asked(200, R"({"data":[{"id":"gpt-small"}]})").find("did you mean `gpt-small`?"), std::string::npos);
  EXPECT_EQ(asked(401, ""), "it refuses our key (HTTP 401)\n");
  EXPECT_EQ(asked(404, ""), "");
}

TEST(Checkup, NobodyReachable) {
  const auto snapshot = snapshot_of(
      {.upstreams = {}, .tiers = {tier("a", "anthropic", "m"), tier("b", "openai", "m")}, .discover = false});
  Checkup checkup = check_up(snapshot, 0);
  EXPECT_FALSE(checkup.nobody_reachable());
  check_online(
      snapshot,
      [](net::FetchRequest) -> base::Result<net::FetchResponse> {
        return base::fail(base::Code::unreachable, "refused");
      },
      checkup);
  EXPECT_TRUE(checkup.nobody_reachable());
  EXPECT_FALSE(Checkup().nobody_reachable());
}

TEST(Validate, AWrongFileIsANegativeAnswerWithItsLine) {
  char home[] = "/tmp/basin_validate_XXXXXX";
  ASSERT_NE(mkdtemp(home), nullptr);
  const std::string file = std::string(home) + "/b.toml";
  std::FILE* out = std::fopen(file.c_str(), "w");
  std::fputs("[routing]\nmode = \"shadow\"\ntarget_risc = 1\n", out);
  std::fclose(out);
  const auto answer = test::run({"validate", "--config", file});
  EXPECT_EQ(answer.exit, 1);
  EXPECT_NE(answer.err.find(file + ":3:1: unknown key `target_risc` in [routing] (did you mean `target_risk`?)"),
            std::string::npos)
      << answer.err;
  const auto json = test::run({"validate", "--config", file, "--json"});
  EXPECT_EQ(json.exit, 1);
  EXPECT_TRUE(json.out.starts_with(R"({"schema":"basin.validate/1","valid":false,"error":")")) << json.out;
  std::filesystem::remove_all(home);
}

}  // namespace
}  // namespace basin::cli
