#include "cli/model_files.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/program_for_test.h"
#include "geometry/gguf_for_test.h"

namespace basin::cli {
namespace {

class ModelFiles : public ::testing::Test {
 protected:
  ModelFiles() { std::ofstream(path_, std::ios::binary) << geometry::test::small_gguf().file(); }
  ~ModelFiles() override { std::filesystem::remove(path_); }

  const std::string path_ = ::testing::TempDir() + "model_files_" + std::to_string(getpid()) + ".gguf";
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(ModelFiles, AreShownForPeople) {
  const auto answer = test::run({"models", path_});
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_TRUE(has(answer.out, "Small\n")) << answer.out;
  EXPECT_TRUE(has(answer.out, "gguf, llama, Q4_K_M")) << answer.out;
  EXPECT_TRUE(has(answer.out, "2,048; 4.00 bytes a weight")) << answer.out;
  EXPECT_TRUE(has(answer.out, "64 wide, 2 layers, 4 heads (2 of keys and values, 16 each)")) << answer.out;
  EXPECT_TRUE(has(answer.out, "8.2 KB of weights + 2.1 MB for 8,192 tokens of context (256 B a token)")) << answer.out;
  EXPECT_TRUE(has(answer.out, "2 layers x 64, 0M, from its file")) << answer.out;
  EXPECT_TRUE(has(answer.err, "ABILITY: of 100 prompts")) << answer.err;
  EXPECT_TRUE(has(answer.out, "tools yes, thinking no, pictures ?")) << answer.out;
}

TEST_F(ModelFiles, AndForPrograms) {
  const auto answer = test::run({"models", path_, "--json", "--context", "1000"});
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_TRUE(answer.out.starts_with(R"({"schema":"basin.model_files/1","reference":)")) << answer.out;
  EXPECT_TRUE(
      has(answer.out, R"("parameters":2048,"active_parameters":2048,"file_bytes":8192,"d_model":64,"layers":2)"))
      << answer.out;
  EXPECT_TRUE(
      has(answer.out, R"("memory":{"context":1000,"weights_bytes":8192,"kv_bytes":256000,"total_bytes":264192})"))
      << answer.out;
  EXPECT_TRUE(has(answer.out, R"("from":"geometry","why":"2 layers x 64, 0M, from its file")")) << answer.out;
  EXPECT_FALSE(has(answer.out, "vision")) << answer.out;
}

TEST_F(ModelFiles, OneThatIsNoneDoesNotHideTheOthers) {
  const auto answer = test::run({"models", "/nonexistent.gguf", path_});
  EXPECT_EQ(answer.exit, 2);
  EXPECT_TRUE(has(answer.out, "Small"));
  EXPECT_TRUE(has(answer.err, "/nonexistent.gguf")) << answer.err;
  const auto json = test::run({"models", "/nonexistent.gguf", "--json"});
  EXPECT_EQ(json.exit, 2);
  EXPECT_TRUE(has(json.out, R"({"path":"/nonexistent.gguf","error":)")) << json.out;
}

}  // namespace
}  // namespace basin::cli
