// How long the second stage takes, at the shipped shape: 5 layers of 192, 80 tokens, by path and by number of tokens;
// and how long cutting an ask into pieces takes. Run: build/bench/src/geometry_bench --benchmark_filter=encoder
#include <benchmark/benchmark.h>

#include "geometry/encoder.h"
#include "geometry/testing.h"

namespace basin::geometry {
namespace {

std::shared_ptr<const Encoder> encoder_of(std::uint32_t width, std::uint32_t hidden) {
  return std::move(Encoder::load(encode(random_encoder(1, width, 5, hidden)))).value();
}

// Arguments: path, tokens, width.
void encoder_forward(benchmark::State& state) {
  const auto path = static_cast<EncoderPath>(state.range(0));
  if (!supported(path)) {
    state.SkipWithError("not on this processor");
    return;
  }
  const auto width = static_cast<std::uint32_t>(state.range(2));
  const auto encoder = encoder_of(width, 4 * width);
  EncoderScratch scratch;
  std::vector<std::uint32_t> ids(static_cast<std::size_t>(state.range(1)));
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = static_cast<std::uint32_t>(i * 7 % encoder->sizes().words);
  for (auto _ : state) benchmark::DoNotOptimize(encoder->run(ids, scratch, path));
}
BENCHMARK(encoder_forward)
    ->ArgNames({"path", "tokens", "width"})
    ->Unit(benchmark::kMicrosecond)
    ->Args({0, 80, 192})
    ->Args({1, 12, 192})
    ->Args({1, 48, 192})
    ->Args({1, 80, 192})
    ->Args({1, 80, 256})
    ->Args({2, 12, 192})
    ->Args({2, 80, 192})
    ->Args({2, 80, 256});

// Argument: bytes of ask.
void encoder_words(benchmark::State& state) {
  const auto encoder = encoder_of(32, 32);
  std::string text;
  while (text.size() < static_cast<std::size_t>(state.range(0))) text += "fix the typo in the mail, then prove it. ";
  text.resize(static_cast<std::size_t>(state.range(0)));
  Pieces pieces;
  for (auto _ : state) {
    encoder->words().read(text, kEncoderTokens, pieces);
    benchmark::DoNotOptimize(pieces.ids.data());
  }
}
BENCHMARK(encoder_words)->Arg(200)->Arg(8192);

}  // namespace
}  // namespace basin::geometry
