// From a measured prompt to the tier that answers it. See decide.cc for the rules and their order.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision.h"
#include "core/difficulty.h"
#include "core/prompt.h"
#include "core/request.h"
#include "route/options.h"

namespace basin::route {

// A tier as the decision sees it. Tiers come cheapest first; the last is the large one.
struct Candidate {
  std::string_view name;
  bool speaks = true;         // its server can be spoken to for this client, and local-only does not rule it out
  bool serves = true;         // it takes this kind of work (side, chat, agent)
  bool has_tools = true;      // its server runs the vendor's tools that the request offers
  bool takes = true;          // its model takes what the request holds: pictures, tools
  bool fits = true;           // prompt and answer fit its context in force
  bool under_ceiling = true;  // not dearer than the model the client named
  // How many times better its odds of a fine answer are than the reference small model's, for this prompt; empty where
  // nothing is known of its model.
  std::optional<double> odds;
  bool eligible() const { return speaks && serves && has_tools && takes && fits && under_ceiling; }
};

// What the client wished for, by header, alias or the name of a configured model.
enum class Wish : std::uint8_t {
  none,       // it named a model of its own vendor: that is a ceiling, not a wish
  automatic,  // basin-auto: decide, with no ceiling
  tier,       // x-basin-tier, or basin-<tier>
  named,      // the model of a configured tier
};

// Where this branch of the conversation stands.
struct Pin {
  std::size_t tier = 0;
  bool warm = false;       // its prompt cache is probably still there
  bool same_turn = false;  // the person's turn that set it goes on
};

// All that a decision depends on. Refers to its parts: use it while they live.
struct Situation {
  const core::Prompt& prompt;
  const core::Difficulty& difficulty;
  std::span<const Candidate> tiers;
  Wish wish = Wish::none;
  std::size_t wished_tier = 0;
  std::optional<Pin> pin;
  core::Bound bound = core::Bound::none;
  bool bound_taken = false;                // a tier's model takes that, too: pictures
  std::optional<std::size_t> client_tier;  // the tier whose model the client named, if there is one
  bool thinking_known = false;             // which model made each block of its thinking: they may be left behind
  bool client_model_served = false;        // the model the client named has a server that would take it as it stands
};

// A decision: who serves, by which rule, and what would have tipped it.
struct Choice {
  core::Action action = core::Action::large;
  // The tier that serves, or none: the client's own model, untouched. Both empty and !client_model_served: nobody can.
  std::optional<std::size_t> tier;
  std::string_view rule;    // static; docs/interface.md lists them
  std::string tip;          // what would have tipped it, one sentence
  bool writes_pin = false;  // this choice becomes the branch's pin
};

// P(ok) of a tier where the reference small model has p_small_ok: that chance with the tier's odds. The largest tier is
// the reference above and has 1; a tier between of which nothing is known lies evenly between its neighbours' ends; no
// tier has less than one below it. REQUIRES: tier < tiers.size().
double p_ok_of(std::span<const Candidate> tiers, std::size_t tier, double p_small_ok);

// The eligible tiers that take over, in this order, where tier `first` cannot answer: the larger ones, then the smaller
// ones. REQUIRES: first < tiers.size().
std::vector<std::size_t> others(std::span<const Candidate> tiers, std::size_t first);

// Pure. REQUIRES: !situation.tiers.empty() or situation.client_model_served.
Choice decide(const Situation& situation, const Options& options);

}  // namespace basin::route
