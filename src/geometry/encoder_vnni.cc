// The forward pass with AVX-512 VNNI: one instruction multiplies and sums 64 bytes, but one side must be unsigned. So
// levels are kept plus 128, and 128 times the block's weights, summed along the way, is taken off in the end.
#include "geometry/encoder_steps.h"

#ifdef __AVX512VNNI__
#include <immintrin.h>

namespace basin::geometry {
namespace {

struct VnniPath {
  using Level = std::uint8_t;
  static constexpr std::int32_t kOffset = 128;
  static constexpr std::uint32_t kTile = 8;

  static void tile(const Level* levels, const std::int8_t* block, std::uint32_t inputs,
                   std::int32_t (*sums)[kOutputBlock]) {
    const __m512i offset = _mm512_set1_epi32(static_cast<int>(0x80808080u));
    __m512i surplus = _mm512_setzero_si512(), row[kTile];
#pragma GCC unroll 8
    for (std::uint32_t r = 0; r < kTile; ++r) row[r] = _mm512_setzero_si512();
    for (std::uint32_t k = 0; k < inputs; k += kInputGroup, block += kOutputBlock * kInputGroup) {
      const __m512i weights = _mm512_loadu_si512(block);
      surplus = _mm512_dpbusd_epi32(surplus, offset, weights);
#pragma GCC unroll 8
      for (std::uint32_t r = 0; r < kTile; ++r) {
        int four;
        __builtin_memcpy(&four, levels + r * inputs + k, sizeof four);
        row[r] = _mm512_dpbusd_epi32(row[r], _mm512_set1_epi32(four), weights);
      }
    }
#pragma GCC unroll 8
    for (std::uint32_t r = 0; r < kTile; ++r) _mm512_storeu_si512(sums[r], _mm512_sub_epi32(row[r], surplus));
  }
};

}  // namespace

void forward_vnni(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs) {
  Steps<VnniPath>::forward(encoder, ids, count, rows, outputs);
}

}  // namespace basin::geometry

#else

namespace basin::geometry {

void forward_vnni(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs) {
  forward_plain(encoder, ids, count, rows, outputs);
}

}  // namespace basin::geometry

#endif
