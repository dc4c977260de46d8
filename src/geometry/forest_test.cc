#include "geometry/forest.h"

#include <gtest/gtest.h>

#include <limits>

namespace basin::geometry {
namespace {

Tree a_tree() { return {.measure = {0, 1, 2}, .at_least = {1, 2, 3}, .leaf = {0, 1, 2, 3, 4, 5, 6, 7}}; }

std::string complaint(const Forest& forest) {
  std::string bytes;
  append_forest(bytes, forest);
  Reader reader(bytes);
  const auto taken = take_forest(reader);
  return taken ? "" : taken.error().message;
}

TEST(Forest, TheFirstQuestionIsTheHighestBit) {
  const Forest forest{{a_tree()}};
  WholeMeasures m{};
  EXPECT_EQ(forest.score(m), 0);
  m[0] = 1;
  EXPECT_EQ(forest.score(m), 4);
  m[2] = 3.5f;
  EXPECT_EQ(forest.score(m), 5);
  m[1] = 1.9f;
  EXPECT_EQ(forest.score(m), 5);
  EXPECT_EQ((Forest{{a_tree(), a_tree()}}.score(m)), 10);
  EXPECT_EQ(Forest{}.score(m), 0);
}

TEST(Forest, ComesBackAsItWasWritten) {
  std::string bytes;
  append_forest(bytes, {{a_tree(), a_tree()}});
  Reader reader(bytes);
  const auto forest = take_forest(reader);
  ASSERT_TRUE(forest.ok());
  EXPECT_EQ(reader.left(), 0u);
  ASSERT_EQ(forest->trees.size(), 2u);
  EXPECT_EQ(forest->trees[1].measure, a_tree().measure);
  EXPECT_EQ(forest->trees[1].leaf, a_tree().leaf);
}

TEST(Forest, WhatCannotBeWalkedIsRefused) {
  Forest forest{{a_tree()}};
  forest.trees[0].measure[1] = static_cast<std::uint8_t>(kWholeMeasures);
  EXPECT_NE(complaint(forest), "");
  forest.trees[0].measure[1] = static_cast<std::uint8_t>(kWholeMeasures - 1);
  EXPECT_EQ(complaint(forest), "");
  forest.trees[0].leaf[7] = std::numeric_limits<float>::infinity();
  EXPECT_NE(complaint(forest), "");
  forest.trees.assign(kTreeLimit, a_tree());
  EXPECT_EQ(complaint(forest), "");
  forest.trees.push_back(a_tree());
  EXPECT_NE(complaint(forest).find("256"), std::string::npos);
}

}  // namespace
}  // namespace basin::geometry
