#include "config/secret_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>

namespace basin::config {
namespace {

TEST(LocalToken, IsMadeOnceForItsOwnerAlone) {
  char folder[] = "/tmp/basin_token_XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const Environment environment(Environment::Variables{{"HOME", folder}});
  const auto first = local_token(environment), second = local_token(environment);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->reveal().size(), 64U);
  EXPECT_TRUE(second->matches(first->reveal()));
  struct stat status {};
  const std::string path = environment.state_dir() + "/token";
  ASSERT_EQ(stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777U, 0600U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(environment.state_dir()), {}),
            1);  // no draft stays behind
  chmod(path.c_str(), 0604);
  EXPECT_EQ(local_token(environment).error().code, base::Code::configuration);
  std::filesystem::remove_all(folder);
  EXPECT_FALSE(local_token(Environment(Environment::Variables{})).ok());
}

TEST(ExpandHome, OnlyTheOwnTilde) {
  const Environment environment(Environment::Variables{{"HOME", "/srv/a"}});
  EXPECT_EQ(expand_home("~/x", environment), "/srv/a/x");
  EXPECT_EQ(expand_home("~b/x", environment), "~b/x");
  EXPECT_EQ(expand_home("/x/~/y", environment), "/x/~/y");
}

}  // namespace
}  // namespace basin::config
