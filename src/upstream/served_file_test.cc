#include "upstream/served_file.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <string>

#include "geometry/gguf_for_test.h"

namespace basin::upstream {
namespace {

// A model's file with these layers, gone at the end.
struct File {
  explicit File(std::uint32_t layers) {
    const int fd = ::mkstemps(path.data(), 5);
    EXPECT_GE(fd, 0);
    geometry::test::GgufBuilder head;
    head.text("general.architecture", "llama").text("general.name", "Tiny Llama");
    head.number("llama.block_count", layers).number("llama.embedding_length", 64);
    head.number("llama.attention.head_count", 4).number("llama.context_length", 2048);
    const std::string bytes = head.head();
    EXPECT_EQ(::write(fd, bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    ::close(fd);
  }
  ~File() { ::unlink(path.c_str()); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  std::string path = "/tmp/basin_served_XXXXXX.gguf";
};

TEST(ServedFile, TellsWhatTheServerDidNot) {
  const File file(22);
  ServedModel model;
  model.name = "alias";
  model.shape.d_model = 2048;
  model.shape_from = "/v1/models";
  model.weights_path = file.path;
  add_from_files(model);
  EXPECT_EQ(model.shape.layers, 22U);
  EXPECT_EQ(model.shape.heads, 4U);
  EXPECT_EQ(model.shape.d_model, 2048U) << "what the server said stays";
  EXPECT_EQ(model.shape.name, "Tiny Llama");
  EXPECT_EQ(model.shape_from, "its file");
  EXPECT_EQ(model.name, "alias");
}

TEST(ServedFile, WithoutAReadableFileNothingChanges) {
  for (const char* path : {"", "relative.gguf", "/nowhere/x.gguf", "/dev/null", "/etc/hostname"}) {
    ServedModel model;
    model.weights_path = path;
    add_from_files(model);
    EXPECT_EQ(model.shape.layers, 0U) << path;
    EXPECT_EQ(model.shape_from, "") << path;
  }
}

}  // namespace
}  // namespace basin::upstream
