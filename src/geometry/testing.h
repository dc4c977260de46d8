// For tests: encoders of any size with random weights.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "geometry/encoder.h"
#include "geometry/encoder_file.h"
#include "geometry/model.h"

namespace basin::geometry {

// Numbers that look random and are the same everywhere.
class RandomNumbers {
 public:
  explicit RandomNumbers(std::uint64_t seed) : state_(seed * 2 + 1) {}
  std::uint32_t below(std::uint32_t n) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<std::uint32_t>((state_ >> 33) % n);
  }
  float between(float low, float high) { return low + (high - low) * static_cast<float>(below(1 << 20)) / (1 << 20); }
  std::vector<float> floats(std::size_t n, float low, float high) {
    std::vector<float> all(n);
    for (float& one : all) one = between(low, high);
    return all;
  }
  std::vector<std::int8_t> levels(std::size_t n) {
    std::vector<std::int8_t> all(n);
    for (std::int8_t& one : all) one = static_cast<std::int8_t>(static_cast<int>(below(255)) - 127);
    return all;
  }

 private:
  std::uint64_t state_;
};

inline MatrixParts random_matrix(RandomNumbers& random, std::uint32_t outputs, std::uint32_t inputs) {
  return {outputs, inputs, random.floats(outputs, 0.0005f, 0.002f), random.floats(outputs, -0.1f, 0.1f),
          random.levels(std::size_t{outputs} * inputs)};
}

inline NormParts random_norm(RandomNumbers& random, std::uint32_t width) {
  return {random.floats(width, 0.5f, 1.5f), random.floats(width, -0.2f, 0.2f)};
}

// The vocabulary is [UNK], [CLS], [SEP], every printable ASCII character and its continuation, and some words.
inline EncoderParts random_encoder(std::uint64_t seed, std::uint32_t width = 32, std::uint32_t layers = 1,
                                   std::uint32_t hidden = 64, std::uint32_t tokens = 96) {
  RandomNumbers random(seed);
  EncoderParts parts{.tokens = tokens, .width = width, .hidden = hidden};
  parts.words = {"[UNK]", "[CLS]", "[SEP]"};
  for (char c = '!'; c <= '~'; ++c) {
    if (c >= 'A' && c <= 'Z') continue;
    parts.words.push_back(std::string(1, c));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) parts.words.push_back(std::string("##") + c);
  }
  for (const char* word : {"fix", "typo", "the", "prove", "theorem", "##ing", "un", "##aff", "##able", "mail"})
    parts.words.push_back(word);
  const std::size_t words = parts.words.size();
  parts.word_scale = random.floats(words, 0.001f, 0.01f);
  parts.word_levels = random.levels(words * width);
  parts.positions = random.floats(std::size_t{tokens} * width, -0.3f, 0.3f);
  parts.embedded = random_norm(random, width);
  for (std::uint32_t i = 0; i < layers; ++i) {
    LayerParts layer;
    layer.qkv = random_matrix(random, 3 * width, width);
    layer.out = random_matrix(random, width, width);
    layer.attended = random_norm(random, width);
    layer.up = random_matrix(random, hidden, width);
    layer.down = random_matrix(random, width, hidden);
    layer.stepped = random_norm(random, width);
    parts.layers.push_back(std::move(layer));
  }
  parts.head = random.floats(std::size_t{kEncoderOutputs} * width, -0.5f, 0.5f);
  parts.head_bias = random.floats(kEncoderOutputs, -0.5f, 0.5f);
  return parts;
}

// Loaded already.
inline std::shared_ptr<const Encoder> random_encoder_loaded(std::uint64_t seed) {
  return std::move(Encoder::load(encode(random_encoder(seed)))).value();
}

// A model of few words: a table of noughts, and a second stage that is asked about everything.
inline ModelParts two_stage_parts(const Encoder& encoder) {
  constexpr float kEnd = std::numeric_limits<float>::infinity();
  ModelParts parts;
  parts.rows.resize(kRows);
  parts.scale.fill(0.01f);
  parts.head = {0.5f, 0.5f, 0.1f};
  parts.bands = {{kEnd, 0.2f, 0.8f, 7}};
  parts.blend = Blend{.encoder_mark = encoder.mark(),
                      .low = 0,
                      .high = 1,
                      .first = 0.5f,
                      .encoder = 2,
                      .offset = -0.25f,
                      .info = 0.5f,
                      .depth = 0.25f,
                      .topology = 0.75f,
                      .bands = {{0, 0.5f, 0.9f, 11}, {kEnd, 0.1f, 0.4f, 12}}};
  return parts;
}
inline std::shared_ptr<const Model> two_stage_model(const std::shared_ptr<const Encoder>& encoder) {
  return Model::load(encode(two_stage_parts(*encoder))).value()->with(encoder).value();
}

}  // namespace basin::geometry
