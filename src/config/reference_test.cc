#include "config/reference.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "config/config.h"
#include "config/keys.h"
#include "config/toml.h"

namespace basin::config {
namespace {

const Environment kNothing{Environment::Variables{}};

TEST(Reference, TheCommittedDocumentIsTheGeneratedOne) {
  const std::string file = std::string(BASIN_SOURCE_DIR) + "/docs/configuration.md";
  if (std::getenv("BASIN_GOLDEN") != nullptr) std::ofstream(file) << reference_markdown();
  const auto committed = read_file(file);
  ASSERT_TRUE(committed.ok());
  EXPECT_EQ(*committed, reference_markdown()) << "run: make golden";
}

TEST(Reference, NamesEveryKeyWithItsDefault) {
  const std::string text = reference_markdown(), file = commented_file({});
  for (const Table& table : tables()) {
    for (const Key& key : table.keys) {
      EXPECT_NE(text.find("| `" + std::string(key.name) + "` |"), std::string::npos) << key.name;
      EXPECT_NE(file.find("# " + std::string(key.name) + " = "), std::string::npos) << key.name;
    }
  }
}

TEST(Reference, ACommentedFileWithoutTiersChangesNothing) {
  const auto config = parse(commented_file({}), "init", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->routing.mode, core::Mode::shadow);
  EXPECT_TRUE(config->upstream.tiers.empty());
}

// What is commented out is right: every "# key = value" line can be switched on (but for the examples' "...").
TEST(Reference, ACommentedDefaultCanBeSwitchedOn) {
  std::string text = commented_file({}), on;
  bool repeated = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::string line = text.substr(at, text.find('\n', at) - at);
    at += line.size() + 1;
    if (line.starts_with("[") || line.starts_with("# [")) repeated = line.starts_with("# [[");
    const bool key =
        line.starts_with("# ") && line.find(" = ") != std::string::npos && line.find('.') == std::string::npos;
    on += (key && !repeated && line.find("token_file") == std::string::npos && line.find("mode") == std::string::npos
               ? line.substr(2)
               : line) +
          "\n";
  }
  EXPECT_NE(on.find("\nport = 4100\n"), std::string::npos);
  const auto config = parse(on, "init", kNothing);
  EXPECT_TRUE(config.ok()) << config.error().message;
}

TEST(Reference, WrittenTiersAndUpstreamsReadBackTheSame) {
  const std::vector<upstream::TierOptions> tiers = {
      {.name = "small",
       .upstream = "box",
       .model = "a \"quoted\" \\ model\n",
       .effort = {"low", 0},
       .serves = {upstream::Service::side},
       .context = 8192},
      {.name = "large",
       .upstream = "anthropic",
       .model = "claude-opus-5-5",
       .effort = {{}, 2048},
       .serves = {},
       .context = {}},
  };
  upstream::UpstreamOptions box;
  box.name = "box";
  box.base_url = "https://box.example/api";
  box.dialects = {core::Dialect::anthropic, core::Dialect::openai_responses};
  box.key_env = "BOX_KEY";
  const auto config =
      parse(commented_file({.tiers = tiers, .upstreams = {box}, .mode = core::Mode::advise}), "init", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->routing.mode, core::Mode::advise);
  ASSERT_EQ(config->upstream.tiers.size(), 2U);
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const upstream::TierOptions &a = tiers[i], &b = config->upstream.tiers[i];
    EXPECT_EQ(std::tie(a.name, a.upstream, a.model, a.effort, a.serves, a.context),
              std::tie(b.name, b.upstream, b.model, b.effort, b.serves, b.context));
  }
  const upstream::UpstreamOptions& read = config->upstream.upstreams.at(0);
  EXPECT_EQ(std::tie(box.name, box.base_url, box.dialects, box.key_env),
            std::tie(read.name, read.base_url, read.dialects, read.key_env));
}

}  // namespace
}  // namespace basin::config
