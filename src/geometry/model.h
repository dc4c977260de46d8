// The learned model: a table of small integers, and how its sums become a difficulty. See model.cc for the file format.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/difficulty.h"
#include "geometry/encoder.h"
#include "geometry/features.h"
#include "geometry/forest.h"
#include "geometry/spelling.h"

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

// What the measures of the whole prompt add to logit(dI), and to ln(1 + D).
struct Forests {
  Forest info, depth;
};

// How the second stage joins the first: where it is asked, and what becomes of its answer. Fitted to one encoder.
struct Blend {
  std::uint64_t encoder_mark = 0;  // Encoder::mark() of the one it was fitted to
  float low = 0, high = 0;         // asked where the first stage's P(small) lies in [low, high]
  // d = first * (d of the first stage) + encoder * (its logit of large) + offset; neither slope is negative.
  float first = 1, encoder = 0, offset = 0;
  // The encoder's share, 0 to 1, in the means of both stages: of logit(dI), of ln(1 + D), of the topology.
  float info = 0, depth = 0, topology = 0;
  std::vector<Band> bands;  // of d after the second stage
};

// Immutable; share it between threads. Keeps (or refers to) the bytes it was loaded from.
class Model {
 public:
  // Errors: Code::invalid naming what is wrong: size, magic, version, checksum, a number out of range.
  static base::Result<std::shared_ptr<const Model>> load(std::string bytes);
  // As load(), without a copy. REQUIRES: bytes outlive the model. sha256 is taken on trust: the build computes it.
  static base::Result<std::shared_ptr<const Model>> view(std::string_view bytes, std::string sha256);

  // This model with the encoder that its second stage was fitted to; it keeps the encoder alive.
  // Errors: Code::invalid when it has no second stage, or was fitted to another encoder.
  base::Result<std::shared_ptr<const Model>> with(std::shared_ptr<const Encoder> encoder) const;
  // This model with the words that it knows; null for asks as they were typed.
  std::shared_ptr<const Model> with(std::shared_ptr<const Spelling> spelling) const;

  const Row& row(std::uint32_t index) const { return rows_[index]; }  // REQUIRES: index < kRows
  const Sums& scale() const { return scale_; }
  const Sums& bias() const { return bias_; }
  const Head& head() const { return head_; }
  const std::vector<Band>& bands() const { return bands_; }
  const Forests& forests() const { return forests_; }
  const std::optional<Blend>& blend() const { return blend_; }
  // Null: the first stage's answer stands.
  const std::shared_ptr<const Encoder>& encoder() const { return encoder_; }
  // Null: asks are measured as they were typed.
  const std::shared_ptr<const Spelling>& spelling() const { return spelling_; }
  const std::string& sha256() const { return sha256_; }

 private:
  base::Status read(std::string_view bytes);

  std::shared_ptr<const std::string> owned_;
  const Row* rows_ = nullptr;
  Sums scale_{}, bias_{};
  Head head_;
  std::vector<Band> bands_;
  Forests forests_;
  std::optional<Blend> blend_;
  std::shared_ptr<const Encoder> encoder_;
  std::shared_ptr<const Spelling> spelling_;
  std::string sha256_;
};

// What a trainer has in hand, and the file it becomes.
struct ModelParts {
  std::vector<Row> rows;  // kRows of them
  Sums scale{}, bias{};
  Head head;
  std::vector<Band> bands;
  Forests forests;
  std::optional<Blend> blend;
};
std::string encode(const ModelParts& parts);

}  // namespace basin::geometry
