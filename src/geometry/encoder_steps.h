// The encoder's forward pass, once for every kind of processor.
//
// All paths must give the same bits. Products of weights and activations are int8 summed in int32, so their order does
// not matter and each path may do them as its processor likes: that is what `Path` brings along. Everything else is
// float in an order fixed here: eight lanes side by side (compilers turn them into whatever registers there are), sums
// along a row in lanes folded 8, 4, 2, 1, no fused multiply-add, own exp. IEEE arithmetic does the rest. training/
// encoder_file.py does the same in numpy.
//
// Included by encoder_plain.cc, encoder_avx2.cc and encoder_vnni.cc, each compiled for its processor. Everything is a
// template over a type that only that file has, and nothing calls into std: an inline function that two of these files
// share would be kept once, perhaps the one with instructions that this machine lacks.
#pragma once

#include "geometry/encoder_view.h"

namespace basin::geometry {

using Lanes [[gnu::vector_size(32)]] = float;            // eight of them, whatever registers there are
using IntLanes [[gnu::vector_size(32)]] = std::int32_t;  // as Lanes
inline constexpr std::uint32_t kLanes = 8;
inline constexpr std::uint32_t kQueries = 2;  // divides kEncoderTokens

// A Path has: Level, the type an activation is kept in; kOffset, what is added to it; kTile, rows multiplied at a time
// (divides kEncoderTokens); and tile(), the sums of kTile rows of levels with one block of a matrix.
template <class Path>
class Steps {
 public:
  // As Forward says.
  static void forward(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count,
                      const EncoderRows& rows, float* outputs) {
    embed(encoder, ids, count, rows.x);
    for (std::uint32_t i = 0; i < encoder.sizes.layers; ++i)
      run_layer(encoder.layers[i], count, encoder.sizes.width, rows);
    conclude(encoder, count, rows, outputs);
  }

 private:
  using Level = typename Path::Level;

  static Lanes load(const float* from) {
    Lanes lanes;
    __builtin_memcpy(&lanes, from, sizeof lanes);
    return lanes;
  }
  static void store(float* to, Lanes lanes) { __builtin_memcpy(to, &lanes, sizeof lanes); }
  static Lanes all(float x) { return Lanes{x, x, x, x, x, x, x, x}; }
  static float fold(Lanes a) { return ((a[0] + a[4]) + (a[2] + a[6])) + ((a[1] + a[5]) + (a[3] + a[7])); }
  static Lanes larger(Lanes a, Lanes b) { return a > b ? a : b; }
  static float largest(Lanes a) {
    float top = a[0];
    for (std::uint32_t i = 1; i < kLanes; ++i) top = a[i] > top ? a[i] : top;
    return top;
  }

  // Adding 1.5 * 2^23 leaves the nearest integer (ties to even) in the low bits.
  static constexpr float kMagic = 12582912.0f;
  static constexpr std::int32_t kMagicBits = 0x4B400000;

  // e^x for x <= 0 to about 1e-7 relative: 2^n e^f, |f| <= ln 2 / 2, the latter by its series to the sixth power.
  static Lanes exp_of(Lanes x) {
    x = larger(x, all(-87.0f));
    const Lanes shifted = x * 1.44269504f + kMagic;
    const Lanes whole = shifted - kMagic;
    const Lanes f = (x - whole * 0.693359375f) - whole * -2.12194440e-4f;
    Lanes series = f * 1.38888889e-3f + 8.33333333e-3f;
    series = series * f + 4.16666667e-2f;
    series = series * f + 1.66666667e-1f;
    series = series * f + 0.5f;
    series = series * f + 1.0f;
    series = series * f + 1.0f;
    return (Lanes)((IntLanes)series + (((IntLanes)shifted - kMagicBits) << 23));
  }

  // row = norm(row + added); added may be null.
  static void norm_row(float* row, const float* added, const Norm& norm, std::uint32_t width) {
    Lanes sums{};
    for (std::uint32_t i = 0; i < width; i += kLanes) {
      Lanes x = load(row + i);
      if (added) x += load(added + i);
      store(row + i, x);
      sums += x;
    }
    const float n = static_cast<float>(width);
    const Lanes mean = all(fold(sums) / n);
    Lanes squares{};
    for (std::uint32_t i = 0; i < width; i += kLanes) {
      const Lanes x = load(row + i) - mean;
      squares += x * x;
    }
    const Lanes inverse = all(1.0f / __builtin_sqrtf(fold(squares) / n + 1e-5f));
    for (std::uint32_t i = 0; i < width; i += kLanes)
      store(row + i, (load(row + i) - mean) * inverse * load(norm.gain + i) + load(norm.bias + i));
  }

  // Levels of one row, -127 to 127 times the scale that is returned.
  static float quantise_row(const float* row, std::uint32_t width, Level* levels) {
    Lanes top{};
    for (std::uint32_t i = 0; i < width; i += kLanes) {
      const Lanes x = load(row + i);
      top = larger(top, larger(x, -x));
    }
    const float most = largest(top);
    // A row of trifles is a row of zeros; 127 / 1e-30 is still a number.
    const Lanes per_level = all(most > 1e-30f ? 127.0f / most : 0.0f);
    using LevelLanes [[gnu::vector_size(kLanes * sizeof(Level))]] = Level;
    for (std::uint32_t i = 0; i < width; i += kLanes) {
      const IntLanes whole = (IntLanes)(load(row + i) * per_level + kMagic) - (kMagicBits - Path::kOffset);
      const LevelLanes few = __builtin_convertvector(whole, LevelLanes);
      __builtin_memcpy(levels + i, &few, sizeof few);
    }
    return most > 1e-30f ? most / 127.0f : 0.0f;
  }

  static void quantise(const float* x, std::uint32_t count, std::uint32_t width, const EncoderRows& rows) {
    for (std::uint32_t t = 0; t < count; ++t)
      rows.level_scale[t] = quantise_row(x + std::size_t{t} * width, width, levels_of(rows) + std::size_t{t} * width);
  }
  static Level* levels_of(const EncoderRows& rows) { return static_cast<Level*>(rows.levels); }

  // out = matrix * levels + bias, row by row. A last tile runs over rows past `count`: they hold something, and nobody
  // reads what becomes of it.
  static void multiply(const Matrix& matrix, std::uint32_t count, const EncoderRows& rows, float* out) {
    for (std::uint32_t n = 0; n < matrix.outputs; n += kOutputBlock) {
      const std::int8_t* block = matrix.levels + std::size_t{n} * matrix.inputs;
      for (std::uint32_t t = 0; t < count; t += Path::kTile) {
        std::int32_t sums[Path::kTile][kOutputBlock];
        Path::tile(levels_of(rows) + std::size_t{t} * matrix.inputs, block, matrix.inputs, sums);
        for (std::uint32_t r = 0; r < Path::kTile; ++r) {
          float* to = out + std::size_t{t + r} * matrix.outputs + n;
          for (std::uint32_t i = 0; i < kOutputBlock; i += kLanes) {
            IntLanes whole;
            __builtin_memcpy(&whole, sums[r] + i, sizeof whole);
            const Lanes scale = load(matrix.scale + n + i) * all(rows.level_scale[t + r]);
            store(to + i, __builtin_convertvector(whole, Lanes) * scale + load(matrix.bias + n + i));
          }
        }
      }
    }
  }

  // Scores of kQueries queries with every key, four registers of keys at a time; keys lie in columns.
  static void score(const float* query, std::size_t stride, const float* keys, std::uint32_t padded,
                    float (*scores)[kEncoderTokens]) {
    constexpr float kScale = 0.176776695f;  // 1 / sqrt(kHeadWidth)
    for (std::uint32_t s = 0; s < padded; s += 4 * kLanes) {
      Lanes sums[kQueries][4] = {};
      for (std::uint32_t d = 0; d < kHeadWidth; ++d) {
        const float* key = keys + std::size_t{d} * kEncoderTokens + s;
        for (std::uint32_t q = 0; q < kQueries; ++q) {
          const Lanes scaled = all(query[q * stride + d] * kScale);
          for (std::uint32_t i = 0; i < 4; ++i) sums[q][i] += scaled * load(key + i * kLanes);
        }
      }
      for (std::uint32_t q = 0; q < kQueries; ++q) {
        for (std::uint32_t i = 0; i < 4; ++i) store(scores[q] + s + i * kLanes, sums[q][i]);
      }
    }
  }

  // Scores become shares that are still to be divided by their sum, which is returned.
  static float soften(float* scores, std::uint32_t count, std::uint32_t padded) {
    for (std::uint32_t s = count; s < padded; ++s) scores[s] = -1e30f;
    Lanes top = load(scores);
    for (std::uint32_t s = kLanes; s < padded; s += kLanes) top = larger(top, load(scores + s));
    const Lanes most = all(largest(top));
    for (std::uint32_t s = 0; s < padded; s += kLanes) store(scores + s, exp_of(load(scores + s) - most));
    for (std::uint32_t s = count; s < padded; ++s) scores[s] = 0;
    Lanes sums{};
    for (std::uint32_t s = 0; s < padded; s += kLanes) sums += load(scores + s);
    return fold(sums);
  }

  // Sums of the values by their shares, for kQueries queries: a head's part of rows of `out`.
  static void mix(const float (*shares)[kEncoderTokens], const float* total, const float* value, std::size_t stride,
                  std::uint32_t count, float* out, std::uint32_t width) {
    constexpr std::uint32_t kParts = kHeadWidth / kLanes;
    Lanes sums[kQueries][kParts] = {};
    for (std::uint32_t s = 0; s < count; ++s, value += stride) {
      for (std::uint32_t q = 0; q < kQueries; ++q) {
        for (std::uint32_t i = 0; i < kParts; ++i) sums[q][i] += all(shares[q][s]) * load(value + i * kLanes);
      }
    }
    for (std::uint32_t q = 0; q < kQueries; ++q) {
      for (std::uint32_t i = 0; i < kParts; ++i)
        store(out + std::size_t{q} * width + i * kLanes, sums[q][i] * all(1.0f / total[q]));
    }
  }

  // out = attention over rows.wide (query, key and value side by side), one head after the other. Two queries at a time
  // keep the adders busy; after an odd last one comes a row that nobody reads.
  static void attend(std::uint32_t count, std::uint32_t width, const EncoderRows& rows, float* out) {
    const std::size_t stride = std::size_t{3} * width;
    const std::uint32_t padded = (count + 4 * kLanes - 1) / (4 * kLanes) * (4 * kLanes);
    float scores[kQueries][kEncoderTokens], total[kQueries];
    for (std::uint32_t head = 0; head < width; head += kHeadWidth) {
      const float* key = rows.wide + width + head;
      for (std::uint32_t s = 0; s < padded; ++s) {
        for (std::uint32_t d = 0; d < kHeadWidth; ++d)
          rows.keys[std::size_t{d} * kEncoderTokens + s] = s < count ? key[s * stride + d] : 0;
      }
      for (std::uint32_t t = 0; t < count; t += kQueries) {
        score(rows.wide + t * stride + head, stride, rows.keys, padded, scores);
        for (std::uint32_t q = 0; q < kQueries; ++q) total[q] = soften(scores[q], count, padded);
        mix(scores, total, rows.wide + 2 * std::size_t{width} + head, stride, count,
            out + std::size_t{t} * width + head, width);
      }
    }
  }

  static void embed(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, float* x) {
    const std::uint32_t width = encoder.sizes.width;
    for (std::uint32_t t = 0; t < count; ++t) {
      const std::int8_t* word = encoder.word_levels + std::size_t{ids[t]} * width;
      const float* position = encoder.positions + std::size_t{t} * width;
      float* row = x + std::size_t{t} * width;
      for (std::uint32_t i = 0; i < width; ++i)
        row[i] = static_cast<float>(word[i]) * encoder.word_scale[ids[t]] + position[i];
      norm_row(row, nullptr, encoder.embedded, width);
    }
  }

  static void run_layer(const Layer& layer, std::uint32_t count, std::uint32_t width, const EncoderRows& rows) {
    quantise(rows.x, count, width, rows);
    multiply(layer.qkv, count, rows, rows.wide);
    attend(count, width, rows, rows.y);
    quantise(rows.y, count, width, rows);
    multiply(layer.out, count, rows, rows.y);
    for (std::uint32_t t = 0; t < count; ++t)
      norm_row(rows.x + std::size_t{t} * width, rows.y + std::size_t{t} * width, layer.attended, width);
    quantise(rows.x, count, width, rows);
    const std::uint32_t hidden = layer.up.outputs;
    multiply(layer.up, count, rows, rows.wide);
    for (std::size_t i = 0; i < std::size_t{count} * hidden; i += kLanes)
      store(rows.wide + i, larger(load(rows.wide + i), Lanes{}));
    quantise(rows.wide, count, hidden, rows);
    multiply(layer.down, count, rows, rows.y);
    for (std::uint32_t t = 0; t < count; ++t)
      norm_row(rows.x + std::size_t{t} * width, rows.y + std::size_t{t} * width, layer.stepped, width);
  }

  static void conclude(const EncoderView& encoder, std::uint32_t count, const EncoderRows& rows, float* outputs) {
    const std::uint32_t width = encoder.sizes.width;
    const Lanes n = all(static_cast<float>(count));
    for (std::uint32_t i = 0; i < width; i += kLanes) {
      Lanes sums{};
      for (std::uint32_t t = 0; t < count; ++t) sums += load(rows.x + std::size_t{t} * width + i);
      store(rows.mean + i, sums / n);
    }
    for (std::uint32_t o = 0; o < kEncoderOutputs; ++o) {
      Lanes sums{};
      const float* weights = encoder.head + std::size_t{o} * width;
      for (std::uint32_t i = 0; i < width; i += kLanes) sums += load(rows.mean + i) * load(weights + i);
      outputs[o] = fold(sums) + encoder.head_bias[o];
    }
  }
};

}  // namespace basin::geometry
