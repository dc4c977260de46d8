// The public engine: the explainer behind std types.
#include "basin/engine.h"

#include <algorithm>

#include "api/explainer.h"
#include "core/record.h"
#include "geometry/builtin.h"
#include "prompt/ask.h"

namespace basin {
namespace {

// Why there is no answer; the caller may not want to know.
void tell(std::string* problem, const base::Error& error) {
  if (problem != nullptr) *problem = error.message;
}

}  // namespace

Engine::Engine(std::shared_ptr<const geometry::Model> model) : model_(std::move(model)) {}

Engine Engine::builtin() { return Engine(geometry::builtin_model()); }

std::optional<Engine> Engine::from_weights(std::string bytes, std::string* problem) {
  auto model = geometry::load_model(std::move(bytes));
  if (model) return Engine(std::move(*model));
  tell(problem, model.error());
  return std::nullopt;
}

Explanation Engine::explain(std::string_view text) const {
  core::Decision decision = api::Explainer(model_).decide(prompt::prompt_of(text));
  const core::Difficulty& d = decision.difficulty;
  Explanation e;
  e.action = core::name_of(decision.action);
  e.tier = std::move(decision.tier);
  e.p_small_ok = d.p_small_ok;
  e.p_low = d.p_low;
  e.p_high = d.p_high;
  e.difficulty = d.difficulty;
  e.delta_info = d.delta_info;
  e.delta_tokens = d.delta_tokens;
  e.depth = d.depth;
  e.stage = d.stage;
  for (std::size_t i = 0; i < core::kTopologies; ++i)
    e.topologies.emplace_back(core::name_of(static_cast<core::Topology>(i)), d.topology[i]);
  std::stable_sort(e.topologies.begin(), e.topologies.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  e.topology = e.topologies.front().first;
  for (const core::TextSpan& span : decision.ask_spans) e.ask.push_back({span.start, span.end});
  e.tip = std::move(decision.tip);
  return e;
}

std::optional<std::string> Engine::record(std::string_view prompt_or_body, std::string* problem) const {
  const auto decision = api::Explainer(model_).explain(prompt_or_body);
  if (!decision) {
    tell(problem, decision.error());
    return std::nullopt;
  }
  std::string json;
  core::append_record(json, *decision, {version(), weights_sha256()});
  return json;
}

std::string_view Engine::version() { return BASIN_VERSION; }

const std::string& Engine::weights_sha256() const { return model_->sha256(); }

}  // namespace basin
