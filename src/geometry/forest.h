// A forest over the measures of the whole prompt: what a sum of knots cannot say. "The longer, the less is new" is true
// of questions and false of rewrites; a tree asks a few measures at once.
//
// All leaves of a tree lie equally deep, and one question is asked per level: a walk is three comparisons and no
// branch, and a forest of a hundred and fifty is a few KB.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "geometry/file_bytes.h"
#include "geometry/whole.h"

namespace basin::geometry {

inline constexpr std::size_t kTreeDepth = 3;
inline constexpr std::size_t kTreeLimit = 256;  // of a forest: a walk costs some three nanoseconds

struct Tree {
  std::array<std::uint8_t, kTreeDepth> measure{};  // which measure each level asks for, below kWholeMeasures
  std::array<float, kTreeDepth> at_least{};        // and whether it is at least this
  std::array<float, 1u << kTreeDepth> leaf{};      // the first level's answer is the highest bit
};

// Trees whose answers are added up.
struct Forest {
  std::vector<Tree> trees;

  // The sum of the leaves that the measures lead to, in the order of the trees. REQUIRES: all measures of all trees
  // are below kWholeMeasures, which take_forest() sees to.
  float score(const WholeMeasures& measures) const;
};

// A forest as it stands in a weight file: u32 trees | trees x { u8 measure[3] | f32 at_least[3] | f32 leaf[8] }.
void append_forest(std::string& out, const Forest& forest);
// Errors: Code::invalid when there are more than kTreeLimit trees, a measure is none, or a number is not finite. A
// reader that ran out is not an error here: its ok() tells.
base::Result<Forest> take_forest(Reader& reader);

}  // namespace basin::geometry
