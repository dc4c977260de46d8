// The models that `basin models` shows: those of the tiers, those that servers list, and those that have a price.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "cli/checkup.h"
#include "gateway/snapshot.h"
#include "ledger/price_table.h"
#include "upstream/catalogue.h"

namespace basin::cli {

// One of them, on one server.
struct ModelRow {
  std::string model, upstream, tier;  // without a server, or a tier, where it has none
  upstream::ServedModel said;
  upstream::Takes takes;
  std::uint32_t context = 0;  // tokens in force, or taken for it; 0: of no server
  upstream::ContextFrom context_from = upstream::ContextFrom::nothing;
  bool near = false;                        // on this machine
  std::string raise_context;                // how its server gives it a longer context; "" where that is not known
  const ledger::PriceRow* price = nullptr;  // as long as the snapshot
};

// What servers said beyond what the snapshot has, by their names.
using Heard = std::map<std::string, std::vector<upstream::ServedModel>>;

// Asks the servers elsewhere that tiers name, with our key, for their models. Those that we have no key for are not
// asked; those that do not answer have said nothing.
Heard ask_hosted(const gateway::Snapshot& snapshot, const Asker& ask);

// The tiers in their order, then what else servers on this machine have. `now_ms` (Unix time) picks the prices.
std::vector<ModelRow> model_rows(const gateway::Snapshot& snapshot, const Heard& heard, std::int64_t now_ms);

// Adds the models that have a price and stand in no row yet.
void add_priced(const gateway::Snapshot& snapshot, std::int64_t now_ms, std::vector<ModelRow>& rows);

// Of which models' context a coding agent would not be happy, and what to do: one sentence for a server and a context.
std::vector<std::string> context_advice(const std::vector<ModelRow>& rows);

}  // namespace basin::cli
