// The encoder's file, little-endian. Each table begins at a multiple of 128 bytes, zeros between:
//
//   magic "basin.e\n" | u32 file version, words, word_bytes, tokens, width, layers, hidden, outputs (17)
//   u32 word_ends[words] | word_bytes bytes of spellings, one after the other
//   f32 word_scale[words] | i8 word_levels[words][width] | f32 positions[tokens][width]
//   norm embedded
//   layers x { matrix qkv[3 width][width], matrix out[width][width], norm attended,
//              matrix up[hidden][width], matrix down[width][hidden], norm stepped }
//   f32 head[17][width] | f32 head_bias[17]
//   120 zeros, u64 checksum of all before these 128 bytes
//
//   norm:   f32 gain[width] | f32 bias[width]
//   matrix: f32 scale[outputs] | f32 bias[outputs] | i8 levels[outputs / 16][inputs / 4][16][4]
//
// A weight is its level times its row's scale; a word's vector is its levels times the word's scale. Rows of qkv are
// the queries' of all heads, then the keys', then the values'; a head has 32. Queries are not scaled in the file.
//
// Numbers are held to ranges in which no sum of the forward pass can leave a float: gains, biases and
// positions within 100, a scale within 1.
#include "geometry/encoder_file.h"

#include <array>
#include <cmath>

#include "geometry/file_bytes.h"

namespace basin::geometry {
namespace {

constexpr std::string_view kMagic = "basin.e\n";
constexpr std::uint32_t kFileVersion = 1;
constexpr float kMostFloat = 100, kMostScale = 1;

base::Error bad(std::string what) { return base::fail(base::Code::invalid, "encoder: " + std::move(what)); }

class EncoderTables : public Tables {
 public:
  using Tables::Tables;
  const float* floats(std::size_t count, float most) {
    const auto* table = take<float>(count);
    for (std::size_t i = 0; table && i < count; ++i) sane_ = sane_ && std::fabs(table[i]) <= most;
    return table;
  }
  Norm norm(std::uint32_t width) {
    const float* gain = floats(width, kMostFloat);
    return {gain, floats(width, kMostFloat)};
  }
  Matrix matrix(std::uint32_t outputs, std::uint32_t inputs) {
    Matrix matrix{outputs, inputs};
    matrix.scale = floats(outputs, kMostScale);
    matrix.bias = floats(outputs, kMostFloat);
    matrix.levels = take<std::int8_t>(std::size_t{outputs} * inputs);
    return matrix;
  }
  bool sane() const { return sane_; }

 private:
  bool sane_ = true;
};

base::Status check(const EncoderSizes& sizes) {
  const auto between = [](std::uint32_t value, std::uint32_t most, std::uint32_t step) {
    return value > 0 && value <= most && value % step == 0;
  };
  if (!between(sizes.words, kEncoderWords, 1)) return bad("no words, or more than " + std::to_string(kEncoderWords));
  if (!between(sizes.tokens, kEncoderTokens, 1) || sizes.tokens < 8)
    return bad("tokens must be 8 to " + std::to_string(kEncoderTokens));
  if (!between(sizes.width, kEncoderWidth, kHeadWidth))
    return bad("width must be a multiple of 32, " + std::to_string(kEncoderWidth) + " at most");
  if (!between(sizes.hidden, kEncoderHidden, kHeadWidth))
    return bad("hidden must be a multiple of 32, " + std::to_string(kEncoderHidden) + " at most");
  if (!between(sizes.layers, kEncoderLayers, 1)) return bad("layers must be 1 to " + std::to_string(kEncoderLayers));
  return base::ok_status();
}

base::Status read_header(std::string_view bytes, EncoderSizes& sizes) {
  if (!bytes.starts_with(kMagic)) return bad("not an encoder file");
  if (bytes.size() > kEncoderFileLimit) return bad("larger than 12 MB");
  if (bytes.size() % kAlign != 0 || bytes.size() < 2 * kAlign) return bad("cut short");
  if (reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(float) != 0) return bad("not aligned to four bytes");
  Reader header(bytes.substr(kMagic.size()));
  const auto version = header.take<std::uint32_t>();
  if (version != kFileVersion)
    return bad("file version " + std::to_string(version) + ", this program reads " + std::to_string(kFileVersion));
  for (std::uint32_t* size :
       {&sizes.words, &sizes.word_bytes, &sizes.tokens, &sizes.width, &sizes.layers, &sizes.hidden})
    *size = header.take<std::uint32_t>();
  if (header.take<std::uint32_t>() != kEncoderOutputs) return bad("another number of outputs than 17");
  return check(sizes);
}

}  // namespace

base::Result<EncoderView> view_encoder(std::string_view bytes) {
  EncoderView view;
  EncoderSizes& sizes = view.sizes;
  if (auto read = read_header(bytes, sizes); !read) return read.error();
  EncoderTables tables(bytes.substr(kAlign));
  view.word_ends = tables.take<std::uint32_t>(sizes.words);
  view.spellings = tables.take<char>(sizes.word_bytes);
  view.word_scale = tables.floats(sizes.words, kMostScale);
  view.word_levels = tables.take<std::int8_t>(std::size_t{sizes.words} * sizes.width);
  view.positions = tables.floats(std::size_t{sizes.tokens} * sizes.width, kMostFloat);
  view.embedded = tables.norm(sizes.width);
  for (std::uint32_t i = 0; i < sizes.layers; ++i) {
    Layer& layer = view.layers[i];
    layer.qkv = tables.matrix(3 * sizes.width, sizes.width);
    layer.out = tables.matrix(sizes.width, sizes.width);
    layer.attended = tables.norm(sizes.width);
    layer.up = tables.matrix(sizes.hidden, sizes.width);
    layer.down = tables.matrix(sizes.width, sizes.hidden);
    layer.stepped = tables.norm(sizes.width);
  }
  view.head = tables.floats(std::size_t{kEncoderOutputs} * sizes.width, kMostFloat);
  view.head_bias = tables.floats(kEncoderOutputs, kMostFloat);
  if (!tables.whole() || tables.left() != kAlign) return bad("cut short, or longer than its header says");
  view.mark = stated_checksum(bytes);
  if (!is_sealed(bytes)) return bad("the checksum does not match: the file was damaged");
  if (!tables.sane()) return bad("a number is out of range");
  for (std::uint32_t i = 0; i < sizes.words; ++i) {
    if (view.word_ends[i] < (i > 0 ? view.word_ends[i - 1] : 0) || view.word_ends[i] > sizes.word_bytes)
      return bad("a word's spelling ends before it begins");
  }
  return view;
}

namespace {

void add(std::string& out, const NormParts& norm) {
  add_table(out, norm.gain);
  add_table(out, norm.bias);
}

void add(std::string& out, const MatrixParts& matrix) {
  add_table(out, matrix.scale);
  add_table(out, matrix.bias);
  for (std::uint32_t n = 0; n < matrix.outputs; n += kOutputBlock) {
    for (std::uint32_t k = 0; k < matrix.inputs; k += kInputGroup) {
      for (std::uint32_t i = 0; i < kOutputBlock; ++i) {
        const std::int8_t* group = &matrix.levels[std::size_t{n + i} * matrix.inputs + k];
        out.append(reinterpret_cast<const char*>(group), kInputGroup);
      }
    }
  }
  pad(out);
}

}  // namespace

std::string encode(const EncoderParts& parts) {
  std::string spellings;
  std::vector<std::uint32_t> ends;
  for (const std::string& word : parts.words) {
    spellings += word;
    ends.push_back(static_cast<std::uint32_t>(spellings.size()));
  }
  std::string out(kMagic);
  for (const std::size_t value :
       {std::size_t{kFileVersion}, parts.words.size(), spellings.size(), std::size_t{parts.tokens},
        std::size_t{parts.width}, parts.layers.size(), std::size_t{parts.hidden}, std::size_t{kEncoderOutputs}})
    append(out, static_cast<std::uint32_t>(value));
  pad(out);
  add_table(out, ends);
  out += spellings;
  pad(out);
  add_table(out, parts.word_scale);
  add_table(out, parts.word_levels);
  add_table(out, parts.positions);
  add(out, parts.embedded);
  for (const LayerParts& layer : parts.layers) {
    add(out, layer.qkv);
    add(out, layer.out);
    add(out, layer.attended);
    add(out, layer.up);
    add(out, layer.down);
    add(out, layer.stepped);
  }
  add_table(out, parts.head);
  add_table(out, parts.head_bias);
  seal(out);
  return out;
}

}  // namespace basin::geometry
