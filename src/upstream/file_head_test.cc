#include "upstream/file_head.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

namespace basin::upstream {
namespace {

namespace fs = std::filesystem;

std::string file_with(const std::string& text) {
  const std::string path = ::testing::TempDir() + "file_head_" + std::to_string(getpid());
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

TEST(FileHead, ReadsAsFarAsIsWanted) {
  const std::string text(700'000, 'x');
  const std::string path = file_with(text);
  auto head = FileHead::open(path);
  ASSERT_TRUE(head.ok());
  EXPECT_EQ(head->size(), text.size());
  EXPECT_EQ(head->first(10)->size(), 10U);
  EXPECT_EQ(head->first(400'000)->size(), 400'000U);
  EXPECT_EQ(head->first(10)->size(), 400'000U);  // what was read stays
  EXPECT_EQ(*head->first(~std::uint64_t{0}), text);
  EXPECT_EQ(*read_small_file(path, text.size()), text);
  EXPECT_EQ(read_small_file(path, text.size() - 1).error().code, base::Code::too_large);
}

TEST(FileHead, AFileThatIsCutMeanwhileEndsThere) {
  const std::string path = file_with(std::string(500'000, 'x'));
  auto head = FileHead::open(path);
  ASSERT_TRUE(head.ok());
  EXPECT_TRUE(head->first(1'000).ok());
  fs::resize_file(path, 300'000);
  EXPECT_EQ(head->first(500'000)->size(), 300'000U);
  EXPECT_EQ(head->size(), 300'000U);
}

TEST(FileHead, OnlyRegularFilesAreOpened) {
  EXPECT_EQ(FileHead::open("/nonexistent/file").error().code, base::Code::not_found);
  EXPECT_EQ(FileHead::open(::testing::TempDir()).error().code, base::Code::invalid);
  const std::string pipe = ::testing::TempDir() + "file_head_pipe_" + std::to_string(getpid());
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(FileHead::open(pipe).error().code, base::Code::invalid);  // and it does not wait for a writer
  fs::remove(pipe);
}

}  // namespace
}  // namespace basin::upstream
