#include "cli/explanation.h"

#include <array>

#include "prompt/ask.h"
#include "route/decide.h"

namespace basin::cli {
namespace {

constexpr std::array<route::Candidate, 2> kReferencePair = {{{.name = "small"}, {.name = "large"}}};

void fill_chances(const core::Difficulty& difficulty, core::Decision& decision) {
  decision.p_ok.push_back({"small", difficulty.p_small_ok, difficulty.p_low, difficulty.p_high, difficulty.n});
  decision.p_ok.push_back({"large", 1, 1, 1, difficulty.n});  // the reference itself
  for (const route::Candidate& tier : kReferencePair) decision.prices.push_back({std::string(tier.name), std::nullopt});
}

}  // namespace

Explainer::Explainer(std::shared_ptr<const geometry::Model> model, route::Options options)
    : model_(std::move(model)), options_(options) {}

core::Decision Explainer::decide(const core::Prompt& prompt) {
  core::Decision decision;
  decision.mode = core::Mode::shadow;
  decision.cls = prompt.cls;
  decision.session = prompt.session;
  decision.branch = prompt.branch;
  decision.turn = prompt.turn;
  decision.difficulty = geometry::measure(prompt, *model_, scratch_);
  decision.ask = prompt.ask;
  decision.ask_spans = prompt.ask_spans;
  const route::Situation situation{.prompt = prompt, .difficulty = decision.difficulty, .tiers = kReferencePair,
                                   .wish = route::Wish::automatic, .wished_tier = 0, .pin = std::nullopt};
  const route::Choice choice = route::decide(situation, options_);
  decision.action = choice.action;
  decision.tier = kReferencePair[choice.tier.value_or(1)].name;
  decision.served_tier = decision.tier;
  decision.rule = choice.rule;
  decision.tip = choice.tip.empty() ? std::string(decision.difficulty.tip) : choice.tip;
  fill_chances(decision.difficulty, decision);
  return decision;
}

base::Result<core::Decision> Explainer::explain(std::string_view text) {
  return decide(prompt::prompt_of(text));
}

}  // namespace basin::cli
