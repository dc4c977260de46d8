// An encoder file as it lies in memory: sizes, and where each table begins. No std type has code in here, since this is
// also included by files that are compiled for one kind of processor (encoder_steps.h says why that matters).
#pragma once

#include <cstddef>
#include <cstdint>

namespace basin::geometry {

// The largest encoder that this program reads. With these, one decision's scratch stays under 1.2 MB, its time under
// 10 ms, and no sum can leave its type: 127 * 127 * 1,024 fits 32 bits.
inline constexpr std::uint32_t kEncoderTokens = 96;
inline constexpr std::uint32_t kEncoderWidth = 256;
inline constexpr std::uint32_t kEncoderLayers = 8;
inline constexpr std::uint32_t kEncoderHidden = 1024;
inline constexpr std::uint32_t kEncoderWords = 65'536;
inline constexpr std::size_t kEncoderFileLimit = std::size_t{12} << 20;

inline constexpr std::uint32_t kHeadWidth = 32;       // of each attention head
inline constexpr std::uint32_t kOutputBlock = 16;     // outputs of a matrix that lie side by side
inline constexpr std::uint32_t kInputGroup = 4;       // inputs of one output that lie side by side
inline constexpr std::uint32_t kEncoderOutputs = 17;  // large, dI, depth, 14 topologies: see encoder.h

// Sizes as the file's header states them.
struct EncoderSizes {
  std::uint32_t words = 0;       // of the vocabulary
  std::uint32_t word_bytes = 0;  // all of its spellings together
  std::uint32_t tokens = 0;      // most that are read of an ask
  std::uint32_t width = 0;       // floats per token; a head has kHeadWidth of them
  std::uint32_t layers = 0;
  std::uint32_t hidden = 0;  // width of the step between
};

// outputs x inputs int8, each output with its scale and bias. Levels lie in blocks of 16 outputs; in a block, groups of
// four inputs follow each other, and in a group the 16 outputs: 64 bytes that one instruction can multiply.
struct Matrix {
  std::uint32_t outputs = 0, inputs = 0;
  const float* scale = nullptr;
  const float* bias = nullptr;
  const std::int8_t* levels = nullptr;
};

// gain and bias of a layer norm, `width` of each.
struct Norm {
  const float* gain = nullptr;
  const float* bias = nullptr;
};

// One layer: x = norm(x + out(attention(qkv(x)))); x = norm(x + down(relu(up(x)))).
struct Layer {
  Matrix qkv, out;
  Norm attended;
  Matrix up, down;
  Norm stepped;
};

// See above.
struct EncoderView {
  EncoderSizes sizes;
  const std::uint32_t* word_ends = nullptr;  // where word i ends in `spellings`; it begins where i - 1 ends
  const char* spellings = nullptr;
  const float* word_scale = nullptr;         // words
  const std::int8_t* word_levels = nullptr;  // words x width
  const float* positions = nullptr;          // tokens x width
  Norm embedded;
  Layer layers[kEncoderLayers];
  const float* head = nullptr;  // kEncoderOutputs x width
  const float* head_bias = nullptr;
  std::uint64_t mark = 0;  // the file's checksum: names it to those who were fitted to it
};

// The memory of one forward pass, lent by EncoderScratch. Rows are kEncoderTokens each, whatever the text's length.
struct EncoderRows {
  float* x = nullptr;            // rows x width
  float* wide = nullptr;         // rows x max(3 * width, hidden)
  float* y = nullptr;            // rows x width
  void* levels = nullptr;        // rows x max(width, hidden) of whatever type the path wants, 2 bytes at most
  float* level_scale = nullptr;  // rows
  float* keys = nullptr;         // kHeadWidth x kEncoderTokens
  float* mean = nullptr;         // width
};

// Reads `count` tokens (1 to sizes.tokens, each below sizes.words) and leaves the mean of the last layer in rows.mean
// and the head's outputs in `outputs`. All paths give the same bits. forward_avx2 and forward_vnni are for processors
// that have these; elsewhere they are forward_plain.
using Forward = void (*)(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count,
                         const EncoderRows& rows, float* outputs);
// As Forward says.
void forward_plain(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                   float* outputs);
// As Forward says.
void forward_avx2(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs);
// As Forward says.
void forward_vnni(const EncoderView& encoder, const std::uint32_t* ids, std::uint32_t count, const EncoderRows& rows,
                  float* outputs);

}  // namespace basin::geometry
