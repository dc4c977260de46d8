#include "lab/forest_fit.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

using geometry::Whole;
using geometry::WholeMeasures;

// Within every set the target rises with the number of sentences and falls with the names; between sets it falls with
// the sentences, which must not be learned.
struct World {
  std::vector<WholeMeasures> measures;
  std::vector<ForestRow> rows;

  explicit World(std::size_t sets) : measures(sets * 64) {
    for (std::size_t i = 0; i < measures.size(); ++i) {
      const std::size_t set = i / 64, sentences = i % 8, names = i / 8 % 8;
      WholeMeasures& m = measures[i];
      at(m, Whole::sentences) = static_cast<float>(sentences + 4 * set);
      at(m, Whole::names) = static_cast<float>(names);
      const double target = static_cast<double>(sentences) - static_cast<double>(names) - 20 * static_cast<double>(set);
      rows.push_back({&m, set, target});
    }
  }
  static float& at(WholeMeasures& m, Whole measure) { return m[static_cast<std::size_t>(measure)]; }
};

float score(const geometry::Forest& forest, float sentences, float names) {
  WholeMeasures m{};
  World::at(m, Whole::sentences) = sentences;
  World::at(m, Whole::names) = names;
  return forest.score(m);
}

TEST(ForestFit, LearnsTheOrderWithinSetsAndNotBetweenThem) {
  const World world(3);
  const auto forest = grow(world.rows, {.trees = 100, .prior = 2});
  EXPECT_EQ(forest.trees.size(), 100u);
  for (const float sentences : {0.0f, 4.0f, 8.0f}) {
    EXPECT_LT(score(forest, sentences, 3), score(forest, sentences + 5, 3)) << sentences;
    EXPECT_GT(score(forest, sentences, 0), score(forest, sentences, 6)) << sentences;
  }
  EXPECT_LT(score(forest, 2, 3), score(forest, 13, 3));
}

TEST(ForestFit, SameRowsGiveTheSameForest) {
  const World world(2);
  const auto one = grow(world.rows, {}), two = grow(world.rows, {});
  std::string a, b;
  geometry::append_forest(a, one);
  geometry::append_forest(b, two);
  EXPECT_EQ(a, b);
}

TEST(ForestFit, NothingToLearnIsNoForestOrAFlatOne) {
  EXPECT_TRUE(grow({}, {}).trees.empty());
  const WholeMeasures same{};
  const auto forest = grow({{&same, 0, 1}, {&same, 0, 2}}, {.trees = 3});
  EXPECT_EQ(forest.score(same), 0);
}

}  // namespace
}  // namespace basin::lab
