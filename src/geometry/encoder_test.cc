// The encoder: encoder_plain.cc, encoder_avx2.cc and encoder_vnni.cc against each other and against a reading of the
// formulas in doubles.
#include "geometry/encoder.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <sstream>

#include "geometry/encoder_file.h"
#include "geometry/testing.h"

namespace basin::geometry {
namespace {

using Doubles = std::vector<double>;

// The model as it is written down, in doubles, without quantising activations.
class Reference {
 public:
  explicit Reference(const EncoderParts& parts) : parts_(parts) {}

  Doubles run(const std::vector<std::uint32_t>& ids) const {
    const std::size_t w = parts_.width;
    std::vector<Doubles> x;
    for (std::size_t t = 0; t < ids.size(); ++t) {
      Doubles row(w);
      for (std::size_t i = 0; i < w; ++i)
        row[i] = double{parts_.word_scale[ids[t]]} * parts_.word_levels[ids[t] * w + i] + parts_.positions[t * w + i];
      x.push_back(norm(row, parts_.embedded));
    }
    for (const LayerParts& layer : parts_.layers) run_layer(layer, x);
    Doubles outputs(kEncoderOutputs);
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      outputs[o] = parts_.head_bias[o];
      for (const Doubles& row : x) {
        for (std::size_t i = 0; i < w; ++i)
          outputs[o] += row[i] * parts_.head[o * w + i] / static_cast<double>(x.size());
      }
    }
    return outputs;
  }

 private:
  static Doubles norm(const Doubles& row, const NormParts& norm) {
    const auto n = static_cast<double>(row.size());
    double mean = 0, squares = 0;
    for (const double v : row) mean += v / n;
    for (const double v : row) squares += (v - mean) * (v - mean) / n;
    Doubles out(row.size());
    for (std::size_t i = 0; i < row.size(); ++i)
      out[i] = (row[i] - mean) / std::sqrt(squares + 1e-5) * norm.gain[i] + norm.bias[i];
    return out;
  }

  static Doubles times(const MatrixParts& m, const Doubles& in) {
    Doubles out(m.outputs);
    for (std::size_t n = 0; n < m.outputs; ++n) {
      out[n] = m.bias[n];
      for (std::size_t k = 0; k < m.inputs; ++k) out[n] += double{m.scale[n]} * m.levels[n * m.inputs + k] * in[k];
    }
    return out;
  }

  void run_layer(const LayerParts& layer, std::vector<Doubles>& x) const {
    std::vector<Doubles> qkv, next;
    for (const Doubles& row : x) qkv.push_back(times(layer.qkv, row));
    for (std::size_t t = 0; t < x.size(); ++t) {
      Doubles sum = times(layer.out, attend(qkv, t));
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += x[t][i];
      sum = norm(sum, layer.attended);
      Doubles hidden = times(layer.up, sum);
      for (double& v : hidden) v = std::max(v, 0.0);
      const Doubles down = times(layer.down, hidden);
      for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += down[i];
      next.push_back(norm(sum, layer.stepped));
    }
    x = next;
  }

  Doubles attend(const std::vector<Doubles>& qkv, std::size_t t) const {
    const std::size_t w = parts_.width;
    Doubles out(w);
    for (std::size_t head = 0; head < w; head += kHeadWidth) {
      Doubles share(qkv.size());
      double sum = 0;
      for (std::size_t s = 0; s < qkv.size(); ++s) {
        double score = 0;
        for (std::size_t d = head; d < head + kHeadWidth; ++d) score += qkv[t][d] * qkv[s][w + d];
        sum += share[s] = std::exp(score / std::sqrt(32.0));
      }
      for (std::size_t s = 0; s < qkv.size(); ++s) {
        for (std::size_t d = head; d < head + kHeadWidth; ++d) out[d] += share[s] / sum * qkv[s][2 * w + d];
      }
    }
    return out;
  }

  const EncoderParts& parts_;
};

std::vector<std::uint32_t> random_ids(std::uint32_t words, std::size_t count, std::uint64_t seed) {
  RandomNumbers random(seed);
  std::vector<std::uint32_t> ids(count);
  for (auto& id : ids) id = random.below(words);
  return ids;
}

std::shared_ptr<const Encoder> loaded(const EncoderParts& parts) {
  auto encoder = Encoder::load(encode(parts));
  EXPECT_TRUE(encoder.ok()) << encoder.error().message;
  return std::move(*encoder);
}

TEST(Encoder, ComputesWhatTheFormulasSay) {
  const EncoderParts parts = random_encoder(3, 64, 2, 96);
  const auto encoder = loaded(parts);
  EncoderScratch scratch;
  for (const std::size_t count : {1u, 2u, 31u, 96u}) {
    const auto ids = random_ids(encoder->sizes().words, count, count);
    const Doubles expected = Reference(parts).run(ids);
    const EncoderOutputs outputs = encoder->run(ids, scratch, EncoderPath::plain);
    // Eight bits of activation leave about one part in two hundred of each.
    for (std::size_t o = 0; o < kEncoderOutputs; ++o) EXPECT_NEAR(outputs[o], expected[o], 0.05) << count << ' ' << o;
  }
}

TEST(Encoder, AllPathsGiveTheSameBits) {
  struct Size {
    std::uint32_t width, layers, hidden;
  };
  for (const Size& size : {Size{32, 1, 32}, {64, 3, 160}, {96, 2, 64}, {192, 4, 768}, {256, 1, 1024}}) {
    const auto encoder = loaded(random_encoder(size.width, size.width, size.layers, size.hidden));
    const std::size_t step = size.width < 192 ? 1 : 47;
    for (std::size_t count = 1; count <= kEncoderTokens; count += step) {
      const auto ids = random_ids(encoder->sizes().words, count, count);
      EncoderScratch scratch;
      const EncoderOutputs plain = encoder->run(ids, scratch, EncoderPath::plain);
      for (const EncoderPath path : {EncoderPath::avx2, EncoderPath::vnni}) {
        if (!supported(path)) continue;
        // The same scratch: what another path and another length left behind changes nothing.
        const EncoderOutputs other = encoder->run(ids, scratch, path);
        EXPECT_EQ(std::memcmp(plain.data(), other.data(), sizeof plain), 0)
            << size.width << ' ' << count << ' ' << static_cast<int>(path);
      }
      ASSERT_TRUE(std::isfinite(plain[0]));
    }
  }
}

// Levels at their ends, and the largest numbers that a file may hold: sums stay in their types.
TEST(Encoder, TheLargestNumbersStayNumbers) {
  EncoderParts parts = random_encoder(5, 256, 3, 1024);
  const auto extreme = [](MatrixParts& matrix) {
    matrix.scale.assign(matrix.scale.size(), 1);
    for (std::size_t i = 0; i < matrix.levels.size(); ++i) matrix.levels[i] = (i / matrix.inputs) % 3 ? 127 : -128;
  };
  for (LayerParts& layer : parts.layers) {
    for (MatrixParts* matrix : {&layer.qkv, &layer.out, &layer.up, &layer.down}) extreme(*matrix);
    layer.attended.gain.assign(256, 100);
    layer.stepped.gain.assign(256, -100);
  }
  const auto encoder = loaded(parts);
  EncoderScratch scratch;
  const auto ids = random_ids(encoder->sizes().words, 40, 1);
  const EncoderOutputs plain = encoder->run(ids, scratch, EncoderPath::plain);
  for (const float output : plain) EXPECT_TRUE(std::isfinite(output));
  for (const EncoderPath path : {EncoderPath::avx2, EncoderPath::vnni}) {
    if (supported(path)) {
      EXPECT_EQ(encoder->run(ids, scratch, path), plain);
    }
  }
}

TEST(Encoder, ReadsTextOfAnyLength) {
  const auto encoder = loaded(random_encoder(7));
  EncoderScratch scratch;
  const EncoderOutputs fix = encoder->read("fix the typo", scratch);
  EXPECT_NE(fix, encoder->read("prove the theorem", scratch));
  EXPECT_EQ(fix, encoder->read("Fix   THE typo", scratch));
  for (const std::size_t length : {0u, 1u, 500u, 8192u}) {
    for (const float output : encoder->read(std::string(length, 'x'), scratch)) EXPECT_TRUE(std::isfinite(output));
  }
}

// training/encoder_file.py wrote this encoder and worked the outputs out with numpy.
TEST(Encoder, AgreesWithTheWriterToTheBit) {
  const std::string folder = BASIN_SOURCE_DIR "/tests/golden/encoder/";
  std::ifstream file(folder + "tiny.basin", std::ios::binary), vectors(folder + "vectors.txt");
  std::stringstream bytes;
  bytes << file.rdbuf();
  const auto encoder = Encoder::load(bytes.str());
  ASSERT_TRUE(encoder.ok()) << encoder.error().message;
  EncoderScratch scratch;
  std::size_t cases = 0;
  // A line of ids, then a line of the outputs' bits.
  for (std::string ids_line, outputs_line; std::getline(vectors, ids_line) && std::getline(vectors, outputs_line);) {
    std::istringstream ids_in(ids_line), outputs_in(outputs_line);
    std::vector<std::uint32_t> ids;
    for (std::uint32_t id; ids_in >> id;) ids.push_back(id);
    const EncoderOutputs outputs = (*encoder)->run(ids, scratch, EncoderPath::plain);
    for (const float output : outputs) {
      std::uint32_t bits = 0;
      outputs_in >> std::hex >> bits;
      EXPECT_EQ(std::bit_cast<std::uint32_t>(output), bits) << cases;
    }
    ++cases;
  }
  EXPECT_GE(cases, 4u);
}

}  // namespace
}  // namespace basin::geometry
