// The learned model: a table of small integers, and how its sums become a difficulty. See model.cc for the file format.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/difficulty.h"
#include "geometry/features.h"

namespace basin::geometry {

// A score per topology, then the four quantities of the essay.
enum Column : std::size_t {
  kInfoColumn = core::kTopologies,  // logit of the share of the answer that is new
  kTokensColumn,                    // log2(1 + new tokens)
  kDepthColumn,                     // ln(1 + dependent steps)
  kRestColumn,                      // what is left of the difficulty, in logits
  kColumns,
};
using Row = std::array<std::int8_t, kColumns>;
using Sums = std::array<float, kColumns>;

// How many held-out prompts of about this difficulty there were, and the 90 % interval of the share that was small.
struct Band {
  float up_to = 0;  // difficulty, exclusive; the last band has +infinity
  float low = 0, high = 1;
  std::uint32_t n = 0;
};
inline constexpr std::size_t kBandLimit = 64;

// d = info_slope * logit(dI) + depth_slope * ln(1 + D) + rest + bias; slopes are never negative, so d rises with both.
struct Head {
  float info_slope = 1, depth_slope = 1, bias = 0;
};

// Immutable; share it between threads. Keeps (or refers to) the bytes it was loaded from.
class Model {
 public:
  // Errors: Code::invalid naming what is wrong: size, magic, version, checksum, a number out of range.
  static base::Result<std::shared_ptr<const Model>> load(std::string bytes);
  // As load(), without a copy. REQUIRES: bytes outlive the model. sha256 is taken on trust: the build computes it.
  static base::Result<std::shared_ptr<const Model>> view(std::string_view bytes, std::string sha256);

  const Row& row(std::uint32_t index) const { return rows_[index]; }  // REQUIRES: index < kRows
  const Sums& scale() const { return scale_; }
  const Sums& bias() const { return bias_; }
  const Head& head() const { return head_; }
  const std::vector<Band>& bands() const { return bands_; }
  const std::string& sha256() const { return sha256_; }

 private:
  base::Status read(std::string_view bytes);

  std::string owned_;
  const Row* rows_ = nullptr;
  Sums scale_{}, bias_{};
  Head head_;
  std::vector<Band> bands_;
  std::string sha256_;
};

// What a trainer has in hand, and the file it becomes.
struct ModelParts {
  std::vector<Row> rows;  // kRows of them
  Sums scale{}, bias{};
  Head head;
  std::vector<Band> bands;
};
std::string encode(const ModelParts& parts);

}  // namespace basin::geometry
