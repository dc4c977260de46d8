// An encoder's file: read in place, and written from parts. See encoder_file.cc for the format.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geometry/encoder_view.h"

namespace basin::geometry {

// Checks everything that a file can say and finds its tables, without a copy: the view points into `bytes`.
// Errors: Code::invalid naming what is wrong: size, alignment (4 bytes), magic, version, a size past its limit, a
// number out of range, the checksum.
base::Result<EncoderView> view_encoder(std::string_view bytes);

// A matrix as it is trained: levels lie row by row, a row per output.
struct MatrixParts {
  std::uint32_t outputs = 0, inputs = 0;
  std::vector<float> scale, bias;
  std::vector<std::int8_t> levels;
};

// Gain and bias, `width` of each.
struct NormParts {
  std::vector<float> gain, bias;
};

// See Layer.
struct LayerParts {
  MatrixParts qkv, out;
  NormParts attended;
  MatrixParts up, down;
  NormParts stepped;
};

// What a file is written from; the names are those of EncoderView.
struct EncoderParts {
  std::uint32_t tokens = 0, width = 0, hidden = 0;
  std::vector<std::string> words;  // [CLS], [SEP] and [UNK] among them; "##" begins what goes on inside a word
  std::vector<float> word_scale;
  std::vector<std::int8_t> word_levels;
  std::vector<float> positions;
  NormParts embedded;
  std::vector<LayerParts> layers;
  std::vector<float> head, head_bias;
};
// The file's bytes. REQUIRES: every table has its size.
std::string encode(const EncoderParts& parts);

}  // namespace basin::geometry
