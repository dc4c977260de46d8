#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/program_for_test.h"
#include "config/config.h"

namespace basin::cli {
namespace {

using test::run;

std::string text_of(const std::string& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

class InitTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(mkdtemp(home_), nullptr); }
  void TearDown() override { std::filesystem::remove_all(home_); }
  config::Environment::Variables variables() const { return {{"HOME", home_}, {"ANTHROPIC_API_KEY", "sk-canary"}}; }
  std::string file() const { return std::string(home_) + "/.config/basin/basin.toml"; }

  char home_[32] = "/tmp/basin_init_XXXXXX";
};

TEST_F(InitTest, WritesWhatLoadsWithTheKeysTierAndNoSecret) {
  const auto answer = run({"init", "--yes"}, variables());
  ASSERT_EQ(answer.exit, 0) << answer.err;
  EXPECT_NE(answer.out.find(file()), std::string::npos);
  const std::string text = text_of(file());
  EXPECT_EQ(text.find("sk-canary"), std::string::npos);
  struct stat status {};
  ASSERT_EQ(stat(file().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  const auto config = config::load("", config::Environment(variables()));
  ASSERT_TRUE(config.ok()) << config.error().message;
  ASSERT_EQ(config->upstream.tiers.size(), 2U);
  EXPECT_EQ(config->upstream.tiers[1].upstream, "anthropic");
  EXPECT_EQ(config->routing.mode, core::Mode::on);
}

TEST_F(InitTest, NeverOverwritesUnlessForced) {
  ASSERT_EQ(run({"init", "--yes"}, variables()).exit, 0);
  std::ofstream(file()) << "# mine\n";
  const auto refused = run({"init", "--yes"}, variables());
  EXPECT_EQ(refused.exit, 5);
  EXPECT_NE(refused.err.find("--force"), std::string::npos);
  EXPECT_EQ(text_of(file()), "# mine\n");
  EXPECT_EQ(run({"init", "--yes", "--force"}, variables()).exit, 0);
  EXPECT_NE(text_of(file()), "# mine\n");
}

TEST_F(InitTest, WritesWhereConfigSaysAndNowhereWithoutAHome) {
  const std::string other = std::string(home_) + "/a/b/other.toml";
  EXPECT_EQ(run({"init", "--yes", "--config", other}, variables()).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(other));
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_EQ(run({"init", "--yes"}).exit, 5);
  EXPECT_EQ(run({"init", "--yes", "--config", std::string(home_) + "/a/b/other.toml/c"}, variables()).exit, 5);
}

TEST_F(InitTest, AFolderIsNotAFile) {
  const auto answer = run({"init", "--yes", "--config", home_}, variables());
  EXPECT_EQ(answer.exit, 5);
  EXPECT_NE(answer.err.find("is a folder"), std::string::npos) << answer.err;
  EXPECT_EQ(run({"init", "--yes", "--force", "--config", home_}, variables()).exit, 5);
}

TEST_F(InitTest, AnswersInJson) {
  EXPECT_TRUE(run({"init", "--yes", "--json"}, variables()).out.starts_with(R"({"schema":"basin.init/1","file":")"));
}

}  // namespace
}  // namespace basin::cli
