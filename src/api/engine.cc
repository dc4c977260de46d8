// The public engine: prompt/ and geometry/ put together behind std types.
#include "basin/engine.h"

#include <algorithm>

#include "geometry/builtin.h"
#include "geometry/measure.h"
#include "prompt/ask.h"

namespace basin {

Engine::Engine(std::shared_ptr<const geometry::Model> model) : model_(std::move(model)) {}

Engine Engine::builtin() { return Engine(geometry::builtin_model()); }

std::optional<Engine> Engine::from_weights(std::string bytes) {
  auto model = geometry::Model::load(std::move(bytes));
  if (!model) return std::nullopt;
  return Engine(std::move(*model));
}

Explanation Engine::explain(std::string_view text) const {
  const core::Prompt prompt = prompt::prompt_of(text);
  geometry::Scratch scratch;
  const core::Difficulty d = geometry::measure(prompt, *model_, scratch);
  Explanation e;
  e.p_small_ok = d.p_small_ok;
  e.p_low = d.p_low;
  e.p_high = d.p_high;
  e.difficulty = d.difficulty;
  e.delta_info = d.delta_info;
  e.delta_tokens = d.delta_tokens;
  e.depth = d.depth;
  for (std::size_t i = 0; i < core::kTopologies; ++i)
    e.topologies.emplace_back(core::name_of(static_cast<core::Topology>(i)), d.topology[i]);
  std::stable_sort(e.topologies.begin(), e.topologies.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  e.topology = e.topologies.front().first;
  for (const core::TextSpan& span : prompt.ask_spans) e.ask.push_back({span.start, span.end});
  e.tip = d.tip;
  return e;
}

const std::string& Engine::weights_sha256() const { return model_->sha256(); }

}  // namespace basin
