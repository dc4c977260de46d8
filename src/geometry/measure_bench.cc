// How long one measurement takes, by the size of the prompt. Run: build/bench/src/geometry_bench
#include <benchmark/benchmark.h>

#include "geometry/builtin.h"
#include "geometry/measure.h"

namespace basin::geometry {
namespace {

std::string prose(std::size_t bytes) {
  constexpr std::string_view kSentence =
      "Please look at the delivery notes from March and tell Nora which crates were late and why. ";
  std::string text;
  while (text.size() < bytes) text += kSentence;
  text.resize(bytes);
  return text;
}

// Arguments: bytes of ask, bytes of material.
void measure_prompt(benchmark::State& state) {
  const auto model = builtin_model();
  Scratch scratch;
  core::Prompt prompt;
  prompt.ask = prose(static_cast<std::size_t>(state.range(0)));
  prompt.material = prose(static_cast<std::size_t>(state.range(1)));
  prompt.material_bytes = prompt.material.size();
  for (auto _ : state) benchmark::DoNotOptimize(measure(prompt, *model, scratch));
}
BENCHMARK(measure_prompt)->Args({40, 0})->Args({40, 1000})->Args({200, 824})->Args({1024, 0})->Args({8192, 32768});

void open_builtin_model(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(builtin_model());
}
BENCHMARK(open_builtin_model);

}  // namespace
}  // namespace basin::geometry
