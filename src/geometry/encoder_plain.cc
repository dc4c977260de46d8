// The forward pass for any processor.
#include "geometry/encoder_steps.h"

namespace basin::geometry {
namespace {

struct PlainPath {
  using Level = std::int8_t;
  static constexpr std::int32_t kOffset = 0;
  static constexpr std::uint32_t kTile = 1;

  static void tile(const Level* levels, const std::int8_t* block, std::uint32_t inputs,
                   std::int32_t (*sums)[kOutputBlock]) {
    for (std::uint32_t n = 0; n < kOutputBlock; ++n) sums[0][n] = 0;
    for (std::uint32_t k = 0; k < inputs; k += kInputGroup, block += kOutputBlock * kInputGroup) {
      for (std::uint32_t n = 0; n < kOutputBlock; ++n) {
        for (std::uint32_t i = 0; i < kInputGroup; ++i) sums[0][n] += levels[k + i] * block[n * kInputGroup + i];
      }
    }
  }
};

}  // namespace

void forward_plain(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                   float* outputs) {
  Steps<PlainPath>::forward(encoder, ids, count, rows, outputs);
}

}  // namespace basin::geometry
