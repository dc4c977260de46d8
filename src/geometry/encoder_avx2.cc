// The forward pass with AVX2, the only one that most machines need: levels are kept in 16 bits, weights widened as they
// are loaded, and vpmaddwd sums pairs without a way to overflow. Six rows by eight outputs fill the sixteen registers.
// (vpmaddubsw does twice as much at a time but wants one side unsigned: taking the sign over costs what it wins.)
#include "geometry/encoder_steps.h"

#ifdef __AVX2__
#include <immintrin.h>

namespace basin::geometry {
namespace {

struct Avx2Path {
  using Level = std::int16_t;
  static constexpr std::int32_t kOffset = 0;
  static constexpr std::uint32_t kTile = 6;

  static __m256i widened(const std::int8_t* from) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from)));
  }
  static __m256i four_inputs(const Level* from) {
    long long four;
    __builtin_memcpy(&four, from, sizeof four);
    return _mm256_set1_epi64x(four);
  }

  static void tile(const Level* levels, const std::int8_t* block, std::uint32_t inputs,
                   std::int32_t (*sums)[kOutputBlock]) {
    for (std::uint32_t half = 0; half < kOutputBlock; half += 8) {
      __m256i left[kTile], right[kTile];  // outputs 0 to 3 and 4 to 7 of the half, two sums each
#pragma GCC unroll 6
      for (std::uint32_t r = 0; r < kTile; ++r) left[r] = right[r] = _mm256_setzero_si256();
      const std::int8_t* weights = block + half * kInputGroup;
      for (std::uint32_t k = 0; k < inputs; k += kInputGroup, weights += kOutputBlock * kInputGroup) {
        const __m256i first = widened(weights), second = widened(weights + 16);
#pragma GCC unroll 6
        for (std::uint32_t r = 0; r < kTile; ++r) {
          const __m256i four = four_inputs(levels + r * inputs + k);
          left[r] = _mm256_add_epi32(left[r], _mm256_madd_epi16(four, first));
          right[r] = _mm256_add_epi32(right[r], _mm256_madd_epi16(four, second));
        }
      }
#pragma GCC unroll 6
      for (std::uint32_t r = 0; r < kTile; ++r) {
        const __m256i eight = _mm256_permute4x64_epi64(_mm256_hadd_epi32(left[r], right[r]), 0b11'01'10'00);
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums[r] + half), eight);
      }
    }
  }
};

}  // namespace

void forward_avx2(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs) {
  Steps<Avx2Path>::forward(encoder, ids, count, rows, outputs);
}

}  // namespace basin::geometry

#else

namespace basin::geometry {

void forward_avx2(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs) {
  forward_plain(encoder, ids, count, rows, outputs);
}

}  // namespace basin::geometry

#endif
