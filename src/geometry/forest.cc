#include "geometry/forest.h"

#include <algorithm>
#include <cmath>

namespace basin::geometry {
namespace {

bool is_sane(const Tree& tree) {
  const auto finite = [](float value) { return std::isfinite(value) && std::fabs(value) < 1e6f; };
  return std::all_of(tree.measure.begin(), tree.measure.end(), [](std::uint8_t m) { return m < kWholeMeasures; }) &&
         std::all_of(tree.at_least.begin(), tree.at_least.end(), finite) &&
         std::all_of(tree.leaf.begin(), tree.leaf.end(), finite);
}

}  // namespace

float Forest::score(const WholeMeasures& measures) const {
  float sum = 0;
  for (const Tree& tree : trees) {
    std::size_t leaf = 0;
    for (std::size_t level = 0; level < kTreeDepth; ++level)
      leaf = leaf * 2 + (measures[tree.measure[level]] >= tree.at_least[level] ? 1 : 0);
    sum += tree.leaf[leaf];
  }
  return sum;
}

void append_forest(std::string& out, const Forest& forest) {
  append(out, static_cast<std::uint32_t>(forest.trees.size()));
  for (const Tree& tree : forest.trees) {
    for (const std::uint8_t measure : tree.measure) append(out, measure);
    for (const float value : tree.at_least) append(out, value);
    for (const float value : tree.leaf) append(out, value);
  }
}

base::Result<Forest> take_forest(Reader& reader) {
  const auto count = reader.take<std::uint32_t>();
  if (count > kTreeLimit)
    return base::fail(base::Code::invalid, "weights: a forest of more than " + std::to_string(kTreeLimit) + " trees");
  Forest forest;
  forest.trees.resize(count);
  for (Tree& tree : forest.trees) {
    for (std::uint8_t& measure : tree.measure) measure = reader.take<std::uint8_t>();
    for (float& value : tree.at_least) value = reader.take<float>();
    for (float& value : tree.leaf) value = reader.take<float>();
    if (!is_sane(tree))
      return base::fail(base::Code::invalid, "weights: a tree asks for no measure, or holds no number");
  }
  return forest;
}

}  // namespace basin::geometry
