// Gradient boosting with trees that ask one question per level, least squares, and one thing that is not usual: after
// every tree, what is left is centred within each set. That is the same as giving each set an offset of its own that
// costs nothing, so the trees never spend a leaf on telling a rewrite from a story (the table does that, by their
// words); all that they can earn is the order of prompts of one kind. What they learn of that carries over to kinds
// they have not seen, which cannot be said of the differences between the kinds that they have.
#include "lab/forest_fit.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace basin::lab {
namespace {

using geometry::kWholeMeasures;

constexpr std::size_t kBins = 24;

class Grower {
 public:
  Grower(const std::vector<ForestRow>& rows, const ForestOptions& options)
      : rows_(rows), options_(options), rest_(rows.size()), weight_(rows.size()), leaf_(rows.size()) {
    for (const ForestRow& row : rows) sets_ = std::max(sets_, row.set + 1);
    std::vector<double> members(sets_);
    for (const ForestRow& row : rows) ++members[row.set];
    double all = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rest_[i] = rows[i].target;
      all += weight_[i] = std::pow(members[rows[i].set], -options.weight_of_sets);
    }
    for (double& weight : weight_) weight *= static_cast<double>(rows.size()) / all;
    for (std::size_t m = 0; m < kWholeMeasures; ++m) cut(m);
    centre();
  }

  geometry::Tree next() {
    geometry::Tree tree;
    std::fill(leaf_.begin(), leaf_.end(), 0);
    for (std::size_t level = 0; level < geometry::kTreeDepth; ++level) {
      // A shallower tree asks its last question again.
      const Split split = level < options_.depth ? best_split(std::size_t{1} << level) : last_;
      last_ = split;
      tree.measure[level] = static_cast<std::uint8_t>(split.measure);
      tree.at_least[level] = edges_[split.measure].empty() ? 0 : edges_[split.measure][split.edge];
      const std::vector<std::uint8_t>& bins = bins_[split.measure];
      for (std::size_t i = 0; i < rows_.size(); ++i)
        leaf_[i] = static_cast<std::uint8_t>(leaf_[i] * 2 + (bins[i] > split.edge ? 1 : 0));
    }
    fill_leaves(tree);
    for (std::size_t i = 0; i < rows_.size(); ++i) rest_[i] -= static_cast<double>(tree.leaf[leaf_[i]]);
    centre();
    return tree;
  }

 private:
  struct Split {
    std::size_t measure = 0, edge = 0;
    double gain = -1;
  };
  struct Sum {
    double rest = 0, weight = 0;
  };

  // The measure's edges, about equally many rows apart, and the bin of each row: how many edges it has reached.
  void cut(std::size_t measure) {
    std::vector<float> values;
    values.reserve(rows_.size());
    for (const ForestRow& row : rows_) values.push_back((*row.measures)[measure]);
    std::vector<float> sorted = values;
    std::sort(sorted.begin(), sorted.end());
    std::vector<float>& edges = edges_[measure];
    for (std::size_t b = 1; b < kBins; ++b) {
      const float edge = sorted[sorted.size() * b / kBins];
      if (edge > (edges.empty() ? sorted.front() : edges.back())) edges.push_back(edge);
    }
    for (const float value : values)
      bins_[measure].push_back(
          static_cast<std::uint8_t>(std::upper_bound(edges.begin(), edges.end(), value) - edges.begin()));
  }

  void centre() {
    std::vector<Sum> sums(sets_);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      sums[rows_[i].set].rest += rest_[i];
      ++sums[rows_[i].set].weight;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) rest_[i] -= sums[rows_[i].set].rest / sums[rows_[i].set].weight;
  }

  double gain_of(const Sum& sum) const { return sum.rest * sum.rest / (sum.weight + options_.prior); }

  // The question that takes most off the squares, asked of all the leaves so far at once.
  Split best_split(std::size_t leaves) const {
    Split best;
    std::vector<Sum> bins;
    for (std::size_t measure = 0; measure < kWholeMeasures; ++measure) {
      const std::size_t edges = edges_[measure].size();
      bins.assign(leaves * kBins, {});
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        Sum& sum = bins[leaf_[i] * kBins + bins_[measure][i]];
        sum.rest += weight_[i] * rest_[i];
        sum.weight += weight_[i];
      }
      std::array<double, kBins> gains{};
      for (std::size_t leaf = 0; leaf < leaves; ++leaf) add_gains(&bins[leaf * kBins], edges, gains);
      for (std::size_t edge = 0; edge < edges; ++edge) {
        if (gains[edge] > best.gain) best = {measure, edge, gains[edge]};
      }
    }
    return best;
  }

  // gains[e] += what is gained in one leaf by parting its bins behind edge e.
  void add_gains(const Sum* bins, std::size_t edges, std::array<double, kBins>& gains) const {
    Sum all;
    for (std::size_t b = 0; b <= edges; ++b) {
      all.rest += bins[b].rest;
      all.weight += bins[b].weight;
    }
    Sum below;
    for (std::size_t edge = 0; edge < edges; ++edge) {
      below.rest += bins[edge].rest;
      below.weight += bins[edge].weight;
      gains[edge] += gain_of(below) + gain_of({all.rest - below.rest, all.weight - below.weight}) - gain_of(all);
    }
  }

  void fill_leaves(geometry::Tree& tree) const {
    std::array<Sum, std::size_t{1} << geometry::kTreeDepth> sums{};
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      sums[leaf_[i]].rest += weight_[i] * rest_[i];
      sums[leaf_[i]].weight += weight_[i];
    }
    for (std::size_t leaf = 0; leaf < sums.size(); ++leaf)
      tree.leaf[leaf] = static_cast<float>(options_.rate * sums[leaf].rest / (sums[leaf].weight + options_.prior));
  }

  const std::vector<ForestRow>& rows_;
  ForestOptions options_;
  std::size_t sets_ = 0;
  std::vector<double> rest_, weight_;
  std::vector<std::uint8_t> leaf_;
  std::array<std::vector<float>, kWholeMeasures> edges_;
  std::array<std::vector<std::uint8_t>, kWholeMeasures> bins_;
  Split last_;
};

}  // namespace

geometry::Forest grow(const std::vector<ForestRow>& rows, const ForestOptions& options) {
  geometry::Forest forest;
  if (rows.empty()) return forest;
  Grower grower(rows, options);
  for (std::size_t i = 0; i < options.trees; ++i) forest.trees.push_back(grower.next());
  return forest;
}

}  // namespace basin::lab
