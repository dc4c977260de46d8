// The decision record. It is the explanation: what was measured, what rule won, and what would have tipped it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/dialect.h"
#include "core/difficulty.h"
#include "core/money.h"
#include "core/prompt.h"
#include "core/request.h"

namespace basin::core {

enum class Mode : std::uint8_t { off, shadow, advise, on };
enum class Action : std::uint8_t { small, verify, large };
// As docs/interface.md spells them.
std::string_view name_of(Mode mode);
// As docs/interface.md spells them.
std::string_view name_of(Action action);

// P(ok) of one tier for this prompt, with its 90 % interval and how many rows stand behind it.
struct TierChance {
  std::string tier;
  double p = 0, low = 0, high = 0;
  std::uint32_t n = 0;
};

// What a tier would cost for this request.
struct TierPrice {
  std::string tier;
  std::optional<MicroUsd> expected;  // for this request; empty when the model is not priced (unknown is never zero)
};

// One edit of the closed list (INTERFACE.md): bytes of the client's body replaced on the way up.
struct Edit {
  std::string what;  // "model"
  ByteRange range;
  std::string replacement;  // JSON text
};

// A place that was tried, or passed over, before the one that answered.
struct Attempt {
  std::string tier, model, upstream;
  int status = 0;            // what the upstream answered; 0: nothing, or it was not asked
  std::string cause;         // one word: see docs/interface.md
  std::string why;           // one sentence
  std::int64_t wait_ms = 0;  // how long was waited before the next attempt
};

// Everything that was known when it was decided, in one value; nothing in it points elsewhere.
struct Decision {
  std::string id;
  std::int64_t time_ms = 0;  // Unix epoch
  Mode mode = Mode::shadow;
  RequestClass cls = RequestClass::main;
  std::string session, branch, turn;
  Action action = Action::large;
  std::string tier;         // where the engine would send it
  std::string model;        // the model of that tier
  std::string served_tier;  // where it really went ("client" when the client's own model was kept)
  std::string served_model;
  std::string rule;  // the rule that won, one word: see docs/interface.md
  std::string tip;   // what would have tipped it, one sentence
  Difficulty difficulty;
  std::vector<TierChance> p_ok;
  std::vector<TierPrice> prices;
  std::string ask;
  std::vector<TextSpan> ask_spans;
  std::vector<Edit> edits;
  std::vector<std::string> dropped;  // what a translation left out of the request, by name
  std::vector<Attempt> attempts;     // in order, without the one that answered
  double wait_ms = 0;
  Dialect dialect = Dialect::anthropic;
};

}  // namespace basin::core
