#include "api/explainer.h"

#include <array>

#include "api/body.h"
#include "api/tipping.h"
#include "prompt/ask.h"
#include "route/decide.h"

namespace basin::api {
namespace {

constexpr std::array<route::Candidate, 2> kReferencePair = {{{.name = "small"}, {.name = "large"}}};

void fill_chances(const core::Difficulty& difficulty, core::Decision& decision) {
  decision.p_ok.push_back({"small", difficulty.p_small_ok, difficulty.p_low, difficulty.p_high, difficulty.n});
  decision.p_ok.push_back({"large", 1, 1, 1, difficulty.n});  // the reference itself
  for (const route::Candidate& tier : kReferencePair) decision.prices.push_back({std::string(tier.name), std::nullopt});
}

base::Error not_an_array() { return base::fail(base::Code::invalid, "\"messages\" must be an array"); }
base::Error empty_prompt() { return base::fail(base::Code::invalid, "the prompt is empty"); }

}  // namespace

Explainer::Explainer(std::shared_ptr<const geometry::Model> model, route::Options options)
    : model_(std::move(model)), options_(options) {}

core::Decision Explainer::decide(const core::Prompt& prompt, core::Bound bound) {
  core::Decision decision;
  decision.mode = core::Mode::shadow;
  decision.cls = prompt.cls;
  decision.session = prompt.session;
  decision.branch = prompt.branch;
  decision.turn = prompt.turn;
  decision.difficulty = geometry::measure_in_full(prompt, *model_, scratch_, encoder_scratch_);
  decision.ask = prompt.ask;
  decision.ask_spans = prompt.ask_spans;
  const route::Situation situation{.prompt = prompt,
                                   .difficulty = decision.difficulty,
                                   .tiers = kReferencePair,
                                   .wish = route::Wish::automatic,
                                   .wished_tier = 0,
                                   .pin = std::nullopt,
                                   .bound = bound};
  const route::Choice choice = route::decide(situation, options_);
  decision.action = choice.action;
  decision.tier = kReferencePair[choice.tier.value_or(1)].name;
  decision.served_tier = decision.tier;
  decision.rule = choice.rule;
  decision.tip = choice.tip.empty() ? std::string(decision.difficulty.tip) : choice.tip;
  fill_chances(decision.difficulty, decision);
  return decision;
}

core::Decision Explainer::decide_and_say_why(const core::Prompt& prompt, core::Bound bound) {
  core::Decision decision = decide(prompt, bound);
  if (decision.rule != "measured" && decision.rule != "no_verifier") return decision;
  const std::string why = what_made_it_large(prompt, 1 - options_.target_risk, [&](const core::Prompt& changed) {
    return geometry::measure_in_full(changed, *model_, scratch_, encoder_scratch_).p_small_ok;
  });
  if (why.empty()) return decision;
  // What was found out takes the place of the measure's rule of thumb.
  const std::string thumb = "; " + std::string(decision.difficulty.tip);
  if (decision.tip.ends_with(thumb)) decision.tip.resize(decision.tip.size() - thumb.size());
  decision.tip += "; " + why;
  return decision;
}

base::Result<core::Decision> Explainer::explain(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool braced = first != std::string_view::npos && text[first] == '{';
  if (!braced || !document_.parse_copy(text)) return decide_and_say_why(prompt::prompt_of(text));
  const base::json::Value root = document_.root();
  if (is_body(root)) return explain_body(root, &Explainer::decide_and_say_why);
  if (root.member("model").present() && root.member("messages").present()) return not_an_array();
  return decide_and_say_why(prompt::prompt_of(text));
}

base::Result<core::Decision> Explainer::explain_row(base::json::Value row) {
  using base::json::Kind;
  if (const auto given = row.member("prompt"); given.present() && !given.is(Kind::null)) {
    const auto prompt = given.string();
    if (!prompt) return base::fail(base::Code::invalid, "\"prompt\" must be a string");
    if (prompt->find_first_not_of(" \t\r\n") == std::string::npos) return empty_prompt();
    return decide(prompt::prompt_of(*prompt));
  }
  if (is_body(row)) return explain_body(row, &Explainer::decide);
  if (row.member("messages").present()) return not_an_array();
  return base::fail(base::Code::invalid, "a row needs \"prompt\", \"messages\", or a request body");
}

base::Result<core::Decision> Explainer::explain_body(base::json::Value body, Decide decide) {
  core::Bound bound = core::Bound::none;
  const auto prompt = prompt_of_body(body.raw(), body_document_, &bound);
  if (!prompt) return prompt.error();
  // As a server does: an agent offers its vendor's tools with every request, and means no model by it.
  if (bound == core::Bound::server_tool && !prompt->session.empty()) bound = core::Bound::none;
  const bool empty = prompt->ask.empty() && prompt->material_bytes == 0 && !prompt->tool_exchange;
  if (empty && bound == core::Bound::none) return empty_prompt();
  return (this->*decide)(*prompt, bound);
}

}  // namespace basin::api
