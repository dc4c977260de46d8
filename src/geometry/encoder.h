// The second stage: a small attention encoder that reads the ask where sums of words leave it unsure.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/difficulty.h"
#include "geometry/encoder_view.h"
#include "geometry/wordpiece.h"

namespace basin::geometry {

// What the head says of an ask.
enum EncoderOutput : std::size_t {
  kLargeOutput,     // logit of "a small model is not enough"
  kInfoOutput,      // logit of dI
  kDepthOutput,     // logit of a third of the depth level, 0 to 3 (see depth levels in training/)
  kTopologyOutput,  // the first of a logit for each topology
};
static_assert(kTopologyOutput + core::kTopologies == kEncoderOutputs);
using EncoderOutputs = std::array<float, kEncoderOutputs>;

// Which instructions a forward pass uses. The bits of its result are the same.
enum class EncoderPath : std::uint8_t { plain, avx2, vnni };
// Whether this processor has them.
bool supported(EncoderPath path);
// The fastest that it has.
EncoderPath fastest_path();

// The memory of one reading, about a megabyte, taken on the first. One per thread.
class EncoderScratch {
 public:
  // Large enough for `sizes`.
  EncoderRows rows(const EncoderSizes& sizes);

  Pieces pieces;

 private:
  std::vector<float> floats_;
  std::vector<std::uint16_t> levels_;
};

// Immutable; share it between threads. Keeps (or refers to) the bytes it was loaded from.
class Encoder {
 public:
  // Errors: Code::invalid naming what is wrong with the file or its vocabulary.
  static base::Result<std::shared_ptr<const Encoder>> load(std::string bytes);
  // As load(), without a copy. REQUIRES: bytes outlive the encoder. sha256 is taken on trust: the build computes it.
  static base::Result<std::shared_ptr<const Encoder>> view(std::string_view bytes, std::string sha256);

  // Pure: the same text and encoder give the same bits on every machine. Up to a few milliseconds, whatever the text's
  // length. scratch is overwritten.
  EncoderOutputs read(std::string_view text, EncoderScratch& scratch) const;
  // As read(), from words already cut, by a path of choice. REQUIRES: supported(path); 1 to sizes().tokens ids, each
  // below sizes().words.
  EncoderOutputs run(const std::vector<std::uint32_t>& ids, EncoderScratch& scratch, EncoderPath path) const;

  const Wordpieces& words() const { return words_; }
  const EncoderSizes& sizes() const { return view_.sizes; }
  std::uint64_t mark() const { return view_.mark; }  // names the file's bytes, as a weight file does
  const std::string& sha256() const { return sha256_; }

 private:
  base::Status open(std::string_view bytes);

  std::string owned_;
  EncoderView view_;
  Wordpieces words_;
  EncoderPath path_ = EncoderPath::plain;
  std::string sha256_;
};

}  // namespace basin::geometry
