#include "config/secret_file.h"

#include <gtest/gtest.h>

namespace basin::config {
namespace {

// Modes, limits and emptiness are tested with the keys that name such files (config_test.cc).
TEST(SecretFile, AMissingFileIsToldApart) {
  EXPECT_EQ(read_secret("/nowhere/at/all").error().code, base::Code::not_found);
  EXPECT_EQ(read_secret("/").error().code, base::Code::configuration);
}

TEST(ExpandHome, OnlyTheOwnTilde) {
  const Environment environment(Environment::Variables{{"HOME", "/srv/a"}});
  EXPECT_EQ(expand_home("~/x", environment), "/srv/a/x");
  EXPECT_EQ(expand_home("~b/x", environment), "~b/x");
  EXPECT_EQ(expand_home("/x/~/y", environment), "/x/~/y");
}

}  // namespace
}  // namespace basin::config
