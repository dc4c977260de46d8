#include "cli/write_file.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

class WriteFile : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "basin-write-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  static std::string text_of(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }
  fs::path folder_;
};

TEST_F(WriteFile, MakesItsFoldersAndMindsTheMode) {
  ASSERT_TRUE(write_file(path("a/b/c"), "text", 0600, Existing::keep).ok());
  EXPECT_EQ(text_of(path("a/b/c")), "text");
  struct stat found {};
  ASSERT_EQ(::stat(path("a/b/c").c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
}

TEST_F(WriteFile, KeepsOrReplaces) {
  ASSERT_TRUE(write_file(path("f"), "one", 0644, Existing::keep).ok());
  const auto kept = write_file(path("f"), "two", 0644, Existing::keep);
  ASSERT_FALSE(kept.ok());
  EXPECT_EQ(kept.error().code, base::Code::configuration);
  EXPECT_EQ(text_of(path("f")), "one");
  EXPECT_TRUE(write_file(path("f"), "two", 0644, Existing::replace).ok());
  EXPECT_EQ(text_of(path("f")), "two");
  EXPECT_EQ(files(), 1U);
}

TEST_F(WriteFile, ALinkStaysALink) {
  ASSERT_TRUE(write_file(path("real"), "one", 0644, Existing::keep).ok());
  fs::create_symlink("real", path("link"));
  ASSERT_TRUE(write_file(path("link"), "two", 0644, Existing::replace).ok());
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(text_of(path("real")), "two");
}

TEST_F(WriteFile, WhatCannotBeWrittenWholeLeavesNothingAndDestroysNothing) {
  ASSERT_TRUE(write_file(path("old"), "old", 0644, Existing::keep).ok());
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
  const rlimit tight{1024, before.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
  const std::string text(4096, 'x');
  const auto fresh = write_file(path("new"), text, 0644, Existing::keep);
  const auto replaced = write_file(path("old"), text, 0644, Existing::replace);
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, ignored);
  EXPECT_FALSE(fresh.ok());
  EXPECT_FALSE(replaced.ok());
  EXPECT_EQ(text_of(path("old")), "old");
  EXPECT_EQ(files(), 1U);
}

TEST_F(WriteFile, AFolderIsNoFile) {
  EXPECT_FALSE(write_file(folder_.string(), "x", 0644, Existing::replace).ok());
  ASSERT_TRUE(write_file(path("f"), "x", 0644, Existing::keep).ok());
  EXPECT_NE(write_file(path("f/g"), "x", 0644, Existing::keep).error().message.find("Not a directory"),
            std::string::npos);
}

}  // namespace
}  // namespace basin::cli
