#include "config/environment.h"

#include <gtest/gtest.h>

namespace basin::config {
namespace {

Environment with(Environment::Variables variables) { return Environment(std::move(variables)); }

TEST(Environment, AnEmptyVariableIsUnset) {
  EXPECT_EQ(with({{"A", ""}}).get("A"), std::nullopt);
  EXPECT_EQ(with({{"A", "b"}}).get("A"), "b");
  EXPECT_EQ(with({}).get("A"), std::nullopt);
}

TEST(Environment, FoldersFollowTheXdgRules) {
  const auto home = with({{"HOME", "/h"}});
  EXPECT_EQ(home.config_dir(), "/h/.config/basin");
  EXPECT_EQ(home.state_dir(), "/h/.local/state/basin");
  EXPECT_EQ(home.cache_dir(), "/h/.cache/basin");
  EXPECT_EQ(with({{"HOME", "/h"}, {"XDG_STATE_HOME", "/s"}}).state_dir(), "/s/basin");
  EXPECT_EQ(with({{"HOME", "/h"}, {"XDG_STATE_HOME", "relative"}}).state_dir(), "/h/.local/state/basin");
  EXPECT_EQ(with({}).config_dir(), "");
}

TEST(Environment, TheConfigurationsPlace) {
  EXPECT_EQ(with({{"HOME", "/h"}}).config_file(), "/h/.config/basin/basin.toml");
  EXPECT_EQ(with({{"HOME", "/h"}, {"BASIN_CONFIG", "x.toml"}}).config_file(), "x.toml");
  EXPECT_EQ(with({}).config_file(), "");
}

TEST(Environment, OfTheProcessHoldsItsVariables) { EXPECT_TRUE(Environment::of_process().get("PATH")); }

}  // namespace
}  // namespace basin::config
