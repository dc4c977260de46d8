#include "lab/dataset.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace basin::lab {
namespace {

class Dataset : public ::testing::Test {
 protected:
  Dataset() : folder_(std::filesystem::temp_directory_path() / ("basin_dataset_" + std::to_string(getpid()))) {}
  ~Dataset() override { std::filesystem::remove_all(folder_); }
  void file(const std::string& name, std::string_view text) const {
    const auto path = folder_ / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  base::Result<std::vector<Example>> load() const {
    return load_training({folder_ / "data", folder_ / "own", true}, [](const std::string&) {});
  }
  static std::size_t count(const std::vector<Example>& examples, std::string_view source) {
    return static_cast<std::size_t>(
        std::count_if(examples.begin(), examples.end(), [&](const Example& e) { return e.source == source; }));
  }
  std::filesystem::path folder_;
};

TEST_F(Dataset, GathersLabelledOwnJoinedAndTemplateRows) {
  file("data/real_labelled.jsonl.gz", R"({"id":"r","source":"real","prompt":"why?","tier":"large"})");
  file("data/real_unlabelled.jsonl.gz", R"({"id":"u","source":"real2","prompt":"sort a, b"})"
                                        "\n"
                                        R"({"id":"arena/9","source":"real2","prompt":"why not?"})");
  file("own/data/mine.jsonl", R"({"id":"m","source":"own","prompt":"hi","tier":"small"})");
  file("own/labels/theirs.jsonl", R"({"id":"u","source":"joined","tier":"small"})"
                                  "\n"
                                  R"({"id":"unknown","source":"joined","tier":"small"})");
  file("own/labels/public.jsonl", R"({"id":"svamp/3","source":"public","tier":"large"})"
                                  "\n"
                                  R"({"id":"arena/9","source":"joined","tier":"large"})");
  file("data/topology/svamp.jsonl.gz", R"({"id":"svamp/3","prompt":"how many apples?"})"
                                       "\n"
                                       R"({"id":"svamp/4","prompt":"how many pears?"})");
  std::string rows;
  for (std::size_t i = 0; i < kRowsPerSet + 5; ++i)
    rows += R"({"id":"t)" + std::to_string(i) + R"(","prompt":"Count the steps of )" + std::to_string(i) +
            R"(","output":"A line of the answer that is long enough.","category":"c","topology":"reason","depth":4})"
            "\n";
  file("data/topology/gsm8k.jsonl.gz", rows);
  file("data/topology/agent_prompts.jsonl.gz", rows);  // left out
  const auto examples = load();
  ASSERT_TRUE(examples.ok()) << examples.error().message;
  EXPECT_EQ(count(*examples, "real"), 1u);
  EXPECT_EQ(count(*examples, "own"), 1u);
  EXPECT_EQ(count(*examples, "joined"), 2u);
  EXPECT_EQ(count(*examples, "public"), 1u);
  EXPECT_EQ(count(*examples, "gsm8k"), kRowsPerSet);
  EXPECT_EQ(count(*examples, "agent_prompts"), 0u);
  for (const Example& e : *examples) {
    EXPECT_EQ(e.realistic, e.source != "gsm8k");
    if (e.source != "gsm8k") continue;
    EXPECT_EQ(*e.steps, 4);
    EXPECT_GT(*e.new_share, 0);
    EXPECT_FALSE(e.large.has_value());
  }
}

TEST_F(Dataset, NamesTheFileThatIsMissingOrDamaged) {
  file("data/real_labelled.jsonl.gz", R"({"id":"r","source":"real","prompt":"why?","tier":"large"})");
  auto examples = load();
  ASSERT_FALSE(examples.ok());
  EXPECT_NE(examples.error().message.find("real_unlabelled"), std::string::npos);
  file("data/real_unlabelled.jsonl.gz", "");
  file("own/data/mine.jsonl", "{\"tier\":\"small\"}");
  examples = load();
  ASSERT_FALSE(examples.ok());
  EXPECT_NE(examples.error().message.find("mine.jsonl"), std::string::npos);
}

}  // namespace
}  // namespace basin::lab
