// The rules of the decision, in the order in which they bind.
//
//   bound          the request holds what only its own model can take (file ids, ...): it stays there. Pictures go to
//                  the largest tier that sees, since nobody has measured what they ask
//   forced         a header or an alias named a tier
//   named_model    the client named a configured tier's model
//   side           titles, namers, probes: the smallest tier, and the session's state is not touched
//   exploring      a sub-agent that only looks around begins on the smallest tier, and stays there
//   main_model     compaction and questions over the full history stay where the conversation's cache is
//   tool_exchange  a tool call awaits its answer: the model that asked gets it
//   thinking       the conversation holds thinking that is bound to the model that made it: where no pin says which,
//                  to the one that the client names (so in main_model and tool_exchange, too). Where each block's
//                  maker is known, a switch leaves the foreign ones behind, and the measure decides
//   up             the measure asks for more than the pin: up is always allowed at a turn's start
//   turn           inside a turn the tier never moves down
//   cache_warm     the measure asks for less, but the pinned model's prompt cache is warm
//   measured       the measure decides
//   no_verifier    the measure says "small, then verify", and there is no verifier yet: large
//
// Whatever rule wins, the tier it names must be eligible; where it is not, the next larger one that is serves
// (rule `not_eligible`), and where none is, the client's own model. Missing information and ties go up, never down.
#include "route/decide.h"

#include <fmt/format.h>

#include <algorithm>

namespace basin::route {
namespace {

using core::Action;
using core::RequestClass;

// Below this a draft is wrong more often than it is worth: not even a verifier makes it cheap.
constexpr double kVerifyFloor = 0.35;

struct Measured {
  Action action = Action::large;
  std::size_t tier = 0;
};

// The cheapest tier whose risk the user takes; the band under it is for a verified draft.
Measured measure(const Situation& s, double least_p) {
  const std::size_t last = s.tiers.size() - 1;
  for (std::size_t i = 0; i < last; ++i) {
    if (p_ok_of(s.tiers, i, s.difficulty.p_small_ok) >= least_p) return {Action::small, i};
  }
  const bool worth_a_draft = p_ok_of(s.tiers, 0, s.difficulty.p_small_ok) >= kVerifyFloor;
  return {worth_a_draft && last > 0 ? Action::verify : Action::large, last};
}

Choice at(std::size_t tier, const Situation& s, std::string_view rule, bool writes_pin) {
  Choice choice;
  choice.tier = tier;
  choice.action = tier + 1 < s.tiers.size() ? Action::small : Action::large;
  choice.rule = rule;
  choice.writes_pin = writes_pin;
  return choice;
}

// Where the conversation is. Without a pin (it began elsewhere, before us, or while we only looked on) its thinking is,
// as far as anybody can tell, the named model's; without thinking nothing is lost by going up.
Choice stay(const Situation& s, std::string_view rule, bool writes_pin) {
  if (s.pin) return at(s.pin->tier, s, rule, writes_pin);
  if (!s.prompt.has_thinking || !s.client_model_served) return at(s.tiers.size() - 1, s, rule, writes_pin);
  if (s.client_tier) return at(*s.client_tier, s, rule, writes_pin);
  Choice choice;
  choice.rule = rule;
  return choice;
}

Choice by_measure(const Situation& s, const Options& options) {
  const Measured m = measure(s, 1 - options.target_risk);
  Choice choice = at(m.tier, s, m.action == Action::verify ? "no_verifier" : "measured", true);
  choice.action = m.action;
  if (!s.pin || s.pin->tier == m.tier) return choice;
  if (m.tier > s.pin->tier) {
    choice.rule = "up";
    return choice;
  }
  if (s.pin->same_turn) return at(s.pin->tier, s, "turn", true);
  if (s.pin->warm) return at(s.pin->tier, s, "cache_warm", true);
  return choice;
}

Choice by_rule(const Situation& s, const Options& options) {
  if (s.wish == Wish::tier) return at(s.wished_tier, s, "forced", true);
  if (s.wish == Wish::named) return at(s.wished_tier, s, "named_model", true);
  switch (s.prompt.cls) {
    case RequestClass::side:
    case RequestClass::probe: return at(0, s, "side", false);
    case RequestClass::followup:
    case RequestClass::compaction: return stay(s, "main_model", false);
    case RequestClass::tool_exchange: return stay(s, "tool_exchange", true);
    case RequestClass::sub_agent:
      if (s.prompt.exploring && !s.prompt.tool_exchange && !s.pin) return at(0, s, "exploring", true);
      break;
    case RequestClass::main: break;
  }
  if (s.prompt.tool_exchange) return stay(s, "tool_exchange", true);
  if (s.prompt.has_thinking && !s.thinking_known) return stay(s, "thinking", true);
  return by_measure(s, options);
}

// Moves an ineligible choice up to the next eligible tier; then down, under the client's ceiling; then to the client.
Choice eligible(Choice choice, const Situation& s) {
  if (!choice.tier) return choice;  // the client's own model
  const auto may = [&](std::size_t i) { return s.tiers[i].eligible(); };
  const std::size_t wanted = *choice.tier;
  if (may(wanted)) return choice;
  for (std::size_t i = wanted + 1; i < s.tiers.size(); ++i) {
    if (may(i)) return at(i, s, "not_eligible", choice.writes_pin);
  }
  if (s.client_model_served) {
    choice.writes_pin = false;
    choice.rule = s.tiers[wanted].under_ceiling ? std::string_view("not_eligible") : std::string_view("ceiling");
    choice.action = Action::large;
    choice.tier.reset();
    return choice;
  }
  for (std::size_t i = wanted; i-- > 0;) {
    if (may(i)) return at(i, s, s.tiers[wanted].under_ceiling ? "not_eligible" : "ceiling", choice.writes_pin);
  }
  choice.rule = "not_eligible";
  choice.writes_pin = false;
  choice.tier.reset();
  return choice;
}

std::string_view reason(const Candidate& tier) {
  if (!tier.speaks) return "its server does not speak this dialect, nor one that it can be translated into";
  if (!tier.takes) return "its model does not take what the request holds (pictures, tools)";
  if (!tier.has_tools) return "its server does not run the vendor's tools that the request offers";
  if (!tier.serves) return "it is not configured for this kind of work (serves)";
  if (!tier.fits) return "prompt and answer do not fit its context (set `context`, or raise it at the server)";
  return "it is dearer than the model the client named";
}

std::string tip_of(const Choice& choice, const Situation& s, const Options& options) {
  if (choice.rule == "not_eligible" || choice.rule == "ceiling") {
    for (const Candidate& tier : s.tiers) {
      if (!tier.eligible()) return fmt::format("tier {} would have been used, but {}", tier.name, reason(tier));
    }
  }
  if (choice.rule == "cache_warm") return "a cold cache (a new session, or five quiet minutes) would let it move down";
  if (choice.rule == "tool_exchange" || choice.rule == "turn") return "the next turn is free to choose again";
  if (choice.rule == "thinking") return "a conversation without thinking blocks would be free to choose";
  if (choice.rule != "measured" && choice.rule != "no_verifier" && choice.rule != "up") return {};
  const double least = 1 - options.target_risk;
  const double p = p_ok_of(s.tiers, 0, s.difficulty.p_small_ok);
  std::string tip = p >= least
                        ? fmt::format("P(ok) {:.2f} is {:.2f} above the {:.2f} that small needs", p, p - least, least)
                        : fmt::format("small needs P(ok) {:.2f} and this has {:.2f}", least, p);
  // The measure's own tip leads away from its even odds; between those and our line it would point the wrong way.
  const bool same_side = (p >= least) == (p >= 0.5);
  if (same_side && !s.difficulty.tip.empty()) tip += fmt::format("; {}", s.difficulty.tip);
  return tip;
}

}  // namespace

double p_ok_of(std::span<const Candidate> tiers, std::size_t tier, double p_small_ok) {
  const std::size_t last = tiers.size() - 1;
  if (tier == last) return 1;
  const auto with_odds = [&](double odds) { return p_small_ok * odds / (1 - p_small_ok + p_small_ok * odds); };
  const double least = with_odds(tiers[0].odds.value_or(1));
  double p = least;
  for (std::size_t i = 1; i <= tier; ++i) {
    const double evenly = least + (1 - least) * static_cast<double>(i) / static_cast<double>(last);
    p = std::max(p, tiers[i].odds ? with_odds(*tiers[i].odds) : evenly);
  }
  return p;
}

std::vector<std::size_t> others(std::span<const Candidate> tiers, std::size_t first) {
  std::vector<std::size_t> order;
  for (std::size_t i = first + 1; i < tiers.size(); ++i) {
    if (tiers[i].eligible()) order.push_back(i);
  }
  for (std::size_t i = first; i-- > 0;) {
    if (tiers[i].eligible()) order.push_back(i);
  }
  return order;
}

Choice decide(const Situation& situation, const Options& options) {
  Choice choice;
  if (situation.tiers.empty()) {
    choice.rule = "no_tiers";
    choice.tip = "write two tiers with `basin init` and the decision is carried out";
    return choice;
  }
  const bool forced = situation.wish == Wish::tier || situation.wish == Wish::named;
  if (situation.bound != core::Bound::none && !forced && situation.client_model_served && !situation.bound_taken) {
    choice.rule = "bound";
    choice.tip = fmt::format("without {} it would have been decided", core::name_of(situation.bound));
    return choice;
  }
  choice = by_rule(situation, options);
  if (!forced) {
    const bool small = choice.action == Action::small;
    if (situation.bound != core::Bound::none && small)
      choice = at(situation.tiers.size() - 1, situation, "bound", choice.writes_pin);
    choice = eligible(std::move(choice), situation);
  }
  if (choice.tip.empty()) choice.tip = tip_of(choice, situation, options);
  return choice;
}

}  // namespace basin::route
