// What mending an ask costs. Run: build/bench/src/geometry_bench --benchmark_filter=mend
#include <benchmark/benchmark.h>

#include "geometry/builtin.h"

namespace basin::geometry {
namespace {

void mend(benchmark::State& state, std::string_view sentence) {
  const auto spelling = builtin_spelling();
  std::string text, buffer;
  while (text.size() < 1024) text += sentence;
  text.resize(1024);
  for (auto _ : state) benchmark::DoNotOptimize(spelling->mend(text, buffer));
}
BENCHMARK_CAPTURE(mend, right, "Please look at the delivery notes from March and tell Nora which crates were late. ");
BENCHMARK_CAPTURE(mend, mistyped,
                  "Please look at the delviery notes from March and tell Nora which craets were late. ");
BENCHMARK_CAPTURE(mend, foreign, "Katso toimitusluetteloita maaliskuulta ja kerro mitkä laatikot myöhästyivät. ");

}  // namespace
}  // namespace basin::geometry
