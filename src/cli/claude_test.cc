#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/child.h"
#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

using test::run;

// A home with a client of that name in its PATH: a shell script that does as it is told.
class ClaudeTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(home_), nullptr); }
  void TearDown() override { std::filesystem::remove_all(home_); }

  std::string path(const std::string& name) const { return std::string(home_) + "/" + name; }
  config::Environment::Variables variables() const {
    return {{"HOME", home_}, {"PATH", std::string(home_) + ":/usr/bin:/bin"}, {"ANTHROPIC_API_KEY", "sk-x"}};
  }
  void client(const std::string& script) const {
    std::ofstream(path("claude")) << "#!/bin/sh\n" << script << "\n";
    chmod(path("claude").c_str(), 0755);
  }
  std::string said() const {
    std::ostringstream out;
    out << std::ifstream(path("said")).rdbuf();
    return out.str();
  }
  void configure(const std::string& text) const {
    std::filesystem::create_directories(path(".config/basin"));
    std::ofstream(path(".config/basin/basin.toml")) << text;
  }

  char home_[32] = "/tmp/basin_claude_XXXXXX";
};

TEST_F(ClaudeTest, TheClientGetsItsWordsTwoVariablesAndNothingElse) {
  client("for word; do echo \"$word\" >> $HOME/said; done; env | grep -E '^(ANTHROPIC|CLAUDE)' | sort >> $HOME/said");
  const auto answer = run({"claude", "-p", "two words", "--config", "", "--help"}, variables());
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_EQ(answer.err + answer.out, "");
  const std::string text = said();
  EXPECT_TRUE(text.starts_with(
      "-p\ntwo words\n--config\n\n--help\nANTHROPIC_API_KEY=sk-x\nANTHROPIC_BASE_URL=http://127.0.0.1:"))
      << text;
  EXPECT_TRUE(text.ends_with("\nCLAUDE_CODE_GATEWAY_HINT_HEADERS=1\n")) << text;
}

// Opened by serving.cc, as `basin serve` is.
TEST_F(ClaudeTest, APrivateBasinAnswersWhileTheClientRuns) {
  // sh has no sockets, bash has.
  client(
      "exec bash -c 'address=${ANTHROPIC_BASE_URL#http://}; exec 3<>/dev/tcp/${address%:*}/${address#*:}; "
      "printf \"GET /basin/health HTTP/1.1\\r\\nHost: $address\\r\\nConnection: close\\r\\n\\r\\n\" >&3; cat <&3 > "
      "$HOME/said'");
  EXPECT_EQ(run({"claude"}, variables()).exit, 0);
  EXPECT_TRUE(said().starts_with("HTTP/1.1 200")) << said();
  EXPECT_FALSE(std::filesystem::exists(path(".local/state/basin/serve.json")));
}

TEST_F(ClaudeTest, ExitCodesAndSignalsPassThrough) {
  client("exit 7");
  EXPECT_EQ(run({"claude"}, variables()).exit, 7);
  client("kill -TERM $$");
  EXPECT_EQ(run({"claude"}, variables()).exit, 128 + SIGTERM);
  client("trap 'exit 42' TERM; kill -TERM $PPID; while :; do :; done");  // sent to us, relayed to it
  EXPECT_EQ(run({"claude"}, variables()).exit, 42);
}

TEST_F(ClaudeTest, ProxiesDoNotStandBetween) {
  client("echo \"$NO_PROXY\" > $HOME/said");
  auto proxied = variables();
  proxied["HTTPS_PROXY"] = "http://proxy.example:3128";
  proxied["NO_PROXY"] = "intranet";
  EXPECT_EQ(run({"claude"}, proxied).exit, 0);
  EXPECT_EQ(said(), "intranet,127.0.0.1\n");
}

TEST_F(ClaudeTest, TheConfiguredTokenOpensBasin) {
  client("echo \"$ANTHROPIC_AUTH_TOKEN\" > $HOME/said");
  auto guarded = variables();
  guarded["BASIN_TOKEN"] = "t0ken";
  EXPECT_EQ(run({"claude"}, guarded).exit, 0);
  EXPECT_EQ(said(), "t0ken\n");
}

TEST_F(ClaudeTest, WithoutATerminalASubscriptionLoginIsNotAskedAbout) {
  auto login = variables();
  login.erase("ANTHROPIC_API_KEY");
  login["CLAUDE_CODE_OAUTH_TOKEN"] = "sk-ant-oat-canary";
  client("echo started > $HOME/said");
  const auto answer = run({"claude"}, login);
  EXPECT_EQ(answer.exit, 0);
  EXPECT_EQ(answer.out + answer.err, "");
  EXPECT_EQ(said(), "started\n");
}

TEST_F(ClaudeTest, SaysWhatIsMissing) {
  auto without = variables();
  without["PATH"] = "/nowhere";
  const auto missing = run({"claude"}, without);
  EXPECT_EQ(missing.exit, 2);
  EXPECT_NE(missing.err.find("not installed"), std::string::npos);
  client("exit 0");
  configure("[server]\nprot = 1\n");
  EXPECT_EQ(run({"claude"}, variables()).exit, 5);
}

TEST_F(ClaudeTest, OwnFlagsStandBeforeTheCommand) {
  client("exit 0");
  EXPECT_EQ(run({"--config", path("none.toml"), "claude"}, variables()).exit, 5);
  EXPECT_NE(run({"help", "claude"}).out.find("Usage: basin claude [ARGUMENT...]"), std::string::npos);
}

TEST(FindProgram, LooksThroughPath) {
  const config::Environment environment(config::Environment::Variables{{"PATH", "/nowhere::/bin"}});
  EXPECT_EQ(find_program("sh", environment), "/bin/sh");
  EXPECT_EQ(find_program("/x/y", environment), "/x/y");
  EXPECT_EQ(find_program("no-such-program", environment), std::nullopt);
}

}  // namespace
}  // namespace basin::cli
