// serving.cc and banner.cc: from a file to a gateway, and what is said when it is ready.
#include "cli/serving.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/json.h"
#include "cli/banner.h"
#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

// A home folder of its own, gone afterwards.
class Serving : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "basin-serving-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    home_ = pattern;
  }
  void TearDown() override { fs::remove_all(home_); }

  void configure(const std::string& text) {
    fs::create_directories(home_ / ".config/basin");
    std::ofstream(home_ / ".config/basin/basin.toml") << text;
  }
  config::Environment environment() const { return config::Environment({{"HOME", home_.string()}}); }
  fs::path state_file() const { return home_ / ".local/state/basin/serve.json"; }

  fs::path home_;
};

constexpr const char* kTwoTiers = R"(
[discovery]
enabled = false
[[upstream]]
name = "near"
base_url = "http://127.0.0.1:1"
dialects = ["anthropic"]
[[tier]]
name = "small"
upstream = "near"
model = "little"
[[tier]]
name = "large"
upstream = "near"
model = "big"
)";

TEST_F(Serving, AFileBecomesASnapshot) {
  configure(kTwoTiers);
  const auto env = environment();
  const auto loaded = load_snapshot({.port = 0}, env);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->snapshot->catalogue.tiers().size(), 2U);
  EXPECT_EQ(loaded->snapshot->routing.mode, core::Mode::on);
  EXPECT_EQ(loaded->snapshot->serve.port, 0);
  EXPECT_NE(loaded->snapshot->source.find("basin.toml"), std::string::npos);
}

TEST_F(Serving, AMistakeInTheFileIsAConfigurationError) {
  configure(std::string(kTwoTiers) + "colour = 1\n");
  const auto env = environment();
  const auto loaded = load_snapshot({}, env);
  ASSERT_FALSE(loaded.ok());
  EXPECT_EQ(loaded.error().code, base::Code::configuration);
  EXPECT_NE(loaded.error().message.find("basin.toml:"), std::string::npos);
}

TEST_F(Serving, AnAddressOfTheCommandLineNeedsATokenAsTheFilesDoes) {
  const auto env = environment();
  const auto open = load_snapshot({.host = "0.0.0.0", .port = 0}, env);
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().code, base::Code::configuration);
  EXPECT_NE(open.error().message.find("BASIN_TOKEN"), std::string::npos) << open.error().message;
  for (const char* near : {"localhost", "::1", "127.0.0.2"}) EXPECT_TRUE(load_snapshot({.host = near}, env).ok());
  const config::Environment guarded({{"HOME", home_.string()}, {"BASIN_TOKEN", "long-enough-for-a-test"}});
  EXPECT_TRUE(load_snapshot({.host = "0.0.0.0"}, guarded).ok());
}

TEST_F(Serving, AnAddressMayStandInBrackets) {
  const auto env = environment();
  const auto loaded = load_snapshot({.host = "[::1]", .port = 0}, env);
  ASSERT_TRUE(loaded.ok()) << loaded.error().message;
  EXPECT_EQ(loaded->snapshot->serve.host, "::1");
}

TEST_F(Serving, TheStateFileIsPrivateAndGoesWithItsOwner) {
  const auto env = environment();
  {
    StateFile state;
    ASSERT_TRUE(state.write(env, "127.0.0.1", 4100).ok());
    struct stat found {};
    ASSERT_EQ(::stat(state_file().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 0777, 0600U);
    std::ifstream file(state_file());
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    base::json::Document document;
    ASSERT_TRUE(document.parse_copy(text).ok());
    EXPECT_EQ(document.root().member("schema").string(), "basin.serve/1");
    EXPECT_EQ(document.root().member("url").string(), "http://127.0.0.1:4100");
    EXPECT_TRUE(state.describe("::", 4100).starts_with(R"({"schema":"basin.serve/1","port":4100,"pid":)"));
  }
  EXPECT_FALSE(fs::exists(state_file()));
}

TEST_F(Serving, TheStateFileTellsOfOurOwnModelServerHoweverLongItsName) {
  const auto env = environment();
  const std::string name(600, 'm');
  {
    StateFile state;
    state.tell_own_server({"gguf", "http://127.0.0.1:40123", name});
    ASSERT_TRUE(state.write(env, "127.0.0.1", 4100).ok());
    const auto running = find_running(env);
    ASSERT_TRUE(running.ok() && running->own_server);
    EXPECT_EQ(running->own_server->upstream, "gguf");
    EXPECT_EQ(running->own_server->url, "http://127.0.0.1:40123");
    EXPECT_EQ(running->own_server->model, name);
  }
  EXPECT_FALSE(fs::exists(state_file()));
}

TEST_F(Serving, AnotherInstancesStateFileIsLeftAlone) {
  const auto env = environment();
  StateFile state;
  ASSERT_TRUE(state.write(env, "::1", 4100).ok());
  std::ofstream(state_file()) << R"({"schema":"basin.serve/1","port":4101,"pid":1})";
  state.remove();
  EXPECT_TRUE(fs::exists(state_file()));
}

TEST_F(Serving, TheBannerSaysWhereWhatAndWhatNext) {
  const auto env = environment();
  const auto loaded = load_snapshot({.port = 0}, env);
  ASSERT_TRUE(loaded.ok());
  const int fd = ::memfd_create("banner", 0);
  Terminal out(fd, Color::never, env);
  Context context{env, {}, out, out};
  print_banner(context, *loaded->snapshot, 4242);
  const std::string said = test::drain(fd);
  EXPECT_NE(said.find("http://127.0.0.1:4242"), std::string::npos) << said;
  EXPECT_NE(said.find("shadow"), std::string::npos);
  EXPECT_NE(said.find("basin explain"), std::string::npos);
  EXPECT_NE(said.find("basin init"), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
