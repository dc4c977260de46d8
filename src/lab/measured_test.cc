#include "lab/measured.h"

#include <gtest/gtest.h>

#include "prompt/ask.h"

namespace basin::lab {
namespace {

// Nine sets in which the longer prompt takes more steps and more that is new, each on a scale of its own.
std::vector<Example> sets_of_lengths() {
  std::vector<Example> examples;
  const char* words[] = {"red", "green", "blue", "white", "black", "brown", "grey", "pink"};
  for (std::size_t set = 0; set < 9; ++set) {
    for (std::size_t i = 0; i < 48; ++i) {
      Example& e = examples.emplace_back();
      e.id = std::to_string(i);
      e.source = "set" + std::to_string(set);
      std::string text = "count the marbles:";
      for (std::size_t j = 0; j <= i; ++j) text += std::string(" ") + words[(i * 7 + j * 3 + set) % 8];
      e.prompt = prompt::prompt_of(text);
      e.counted_steps = e.steps = 1 + static_cast<double>(i) / 6 * static_cast<double>(1 + set % 3);
      e.measured_share = e.new_share = 0.1 + static_cast<double>(i) / 80;
    }
  }
  return examples;
}

TEST(Measured, FindsWhatCarriesOverToSetsNotSeen) {
  const auto examples = sets_of_lengths();
  const auto rows = prepare(examples);
  TrainOptions options;
  options.epochs = 6;
  std::size_t told = 0;
  const MeasuredReport report = hold_out_sets(rows, options, [&](const MeasuredSet&) { ++told; });
  EXPECT_EQ(told, 9u);
  EXPECT_EQ(report.info_rows, examples.size());
  EXPECT_GT(report.depth_within, 0.6);
  EXPECT_GT(report.info_within, 0.6);
  EXPECT_NE(to_json(report).find("\"set8\":{\"delta_info\":{\"n\":48,"), std::string::npos);
}

TEST(Measured, RealisticRowsAreNotRanked) {
  auto examples = sets_of_lengths();
  for (Example& e : examples) e.realistic = true;
  const auto rows = prepare(examples);
  EXPECT_TRUE(hold_out_sets(rows, {.epochs = 1}, [](const MeasuredSet&) {}).sets.empty());
}

}  // namespace
}  // namespace basin::lab
