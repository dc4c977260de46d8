#include "geometry/encoder.h"

#include <algorithm>

#include "base/sha256.h"
#include "geometry/encoder_file.h"

namespace basin::geometry {

bool supported(EncoderPath path) {
#ifdef __x86_64__
  switch (path) {
    case EncoderPath::plain: return true;
    case EncoderPath::avx2: return __builtin_cpu_supports("avx2");
    case EncoderPath::vnni:
      return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("avx512bw");
  }
#endif
  return path == EncoderPath::plain;
}

EncoderPath fastest_path() {
  return supported(EncoderPath::vnni)   ? EncoderPath::vnni
         : supported(EncoderPath::avx2) ? EncoderPath::avx2
                                        : EncoderPath::plain;
}

EncoderRows EncoderScratch::rows(const EncoderSizes& sizes) {
  const std::size_t width = sizes.width, wide = std::max<std::size_t>(3 * width, sizes.hidden);
  const std::size_t keys = std::size_t{kHeadWidth} * kEncoderTokens;
  const std::size_t floats = kEncoderTokens * (2 * width + wide + 1) + keys + width;
  const std::size_t levels = kEncoderTokens * std::max<std::size_t>(width, sizes.hidden);
  if (floats_.size() < floats) floats_.resize(floats);
  if (levels_.size() < levels) levels_.resize(levels);
  float* next = floats_.data();
  const auto take = [&](std::size_t count) { return std::exchange(next, next + count); };
  EncoderRows rows;
  rows.x = take(kEncoderTokens * width);
  rows.y = take(kEncoderTokens * width);
  rows.wide = take(kEncoderTokens * wide);
  rows.level_scale = take(kEncoderTokens);
  rows.keys = take(keys);
  rows.mean = take(width);
  rows.levels = levels_.data();
  return rows;
}

base::Status Encoder::open(std::string_view bytes) {
  auto view = view_encoder(bytes);
  if (!view) return view.error();
  view_ = *view;
  auto words = Wordpieces::over(view_);
  if (!words) return words.error();
  words_ = std::move(*words);
  path_ = fastest_path();
  return base::ok_status();
}

base::Result<std::shared_ptr<const Encoder>> Encoder::load(std::string bytes) {
  auto encoder = std::make_shared<Encoder>();
  encoder->owned_ = std::move(bytes);
  if (auto status = encoder->open(encoder->owned_); !status) return status.error();
  encoder->sha256_ = base::sha256_hex(encoder->owned_);
  return std::shared_ptr<const Encoder>(std::move(encoder));
}

base::Result<std::shared_ptr<const Encoder>> Encoder::view(std::string_view bytes, std::string sha256) {
  auto encoder = std::make_shared<Encoder>();
  if (auto status = encoder->open(bytes); !status) return status.error();
  encoder->sha256_ = std::move(sha256);
  return std::shared_ptr<const Encoder>(std::move(encoder));
}

EncoderOutputs Encoder::read(std::string_view text, EncoderScratch& scratch) const {
  words_.read(text, view_.sizes.tokens, scratch.pieces);
  return run(scratch.pieces.ids, scratch, path_);
}

EncoderOutputs Encoder::run(const std::vector<std::uint32_t>& ids, EncoderScratch& scratch, EncoderPath path) const {
  const Forward forward = path == EncoderPath::vnni   ? forward_vnni
                          : path == EncoderPath::avx2 ? forward_avx2
                                                      : forward_plain;
  EncoderOutputs outputs{};
  forward(view_, ids.data(), static_cast<std::uint32_t>(ids.size()), scratch.rows(view_.sizes), outputs.data());
  return outputs;
}

}  // namespace basin::geometry
