#include "cli/model_rows.h"

#include <fmt/format.h>

#include <algorithm>

#include "upstream/known_servers.h"
#include "upstream/model_listing.h"

namespace basin::cli {
namespace {

using upstream::ContextFrom;
using upstream::ServedModel;
using upstream::Server;
using upstream::Tier;

const ServedModel* heard_of(const Heard& heard, const std::string& server, std::string_view model) {
  const auto at = heard.find(server);
  if (at == heard.end()) return nullptr;
  const auto found =
      std::find_if(at->second.begin(), at->second.end(), [&](const ServedModel& m) { return m.name == model; });
  return found == at->second.end() ? nullptr : &*found;
}

void place(const Server& server, ModelRow& row) {
  row.upstream = server.name;
  row.near = server.url.loopback();
  if (row.near) row.raise_context = upstream::how_to_raise_context(server.kind, server.name, server.url.port);
}

// What the server said now stands in for what it did not say at the start.
void hear(const ServedModel& said, ModelRow& row) {
  row.said = said;
  if (!row.takes.tools || said.shape.tools) row.takes.tools = said.shape.tools;
  if (!row.takes.vision || said.shape.vision) row.takes.vision = said.shape.vision;
  row.takes.thinking = said.shape.thinking;
  if (row.context_from == ContextFrom::configuration || said.context == 0) return;
  row.context = said.context;
  row.context_from = said.context_guessed ? ContextFrom::start : ContextFrom::server;
}

ModelRow row_of(const upstream::Catalogue& catalogue, const Tier& tier, const Heard& heard) {
  ModelRow row;
  row.model = tier.model;
  row.tier = tier.name;
  row.said = tier.said;
  row.takes = catalogue.takes_of(tier);
  row.context = catalogue.context_of(tier);
  row.context_from = catalogue.context_from(tier);
  const Server& server = catalogue.server_of(tier);
  place(server, row);
  if (const ServedModel* said = heard_of(heard, server.name, tier.model)) hear(*said, row);
  return row;
}

ModelRow row_of(const Server& server, const ServedModel& model) {
  ModelRow row;
  row.model = model.name;
  row.context = upstream::kLocalContext;
  place(server, row);
  hear(model, row);
  return row;
}

bool has(const std::vector<ModelRow>& rows, std::string_view model, std::string_view upstream) {
  return std::any_of(rows.begin(), rows.end(),
                     [&](const ModelRow& row) { return row.model == model && row.upstream == upstream; });
}

// "a", "a and b", "a, b, c and 4 more".
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 3;
  if (names.size() <= kMost) return fmt::format("{}", fmt::join(names, ", "));
  return fmt::format("{} and {} more", fmt::join(names.begin(), names.begin() + kMost, ", "), names.size() - kMost);
}

}  // namespace

Heard ask_hosted(const gateway::Snapshot& snapshot, const Asker& ask) {
  Heard heard;
  for (const Tier& tier : snapshot.catalogue.tiers()) {
    const Server& server = snapshot.catalogue.server_of(tier);
    if (server.url.loopback() || server.key.empty() || heard.contains(server.name)) continue;
    auto& models = heard[server.name];
    const auto answer = ask(upstream::models_request(server));
    if (!answer || answer->status != 200) continue;
    if (auto listed = upstream::models_listed(answer->body)) models = std::move(*listed);
  }
  return heard;
}

std::vector<ModelRow> model_rows(const gateway::Snapshot& snapshot, const Heard& heard, std::int64_t now_ms) {
  std::vector<ModelRow> rows;
  for (const Tier& tier : snapshot.catalogue.tiers()) rows.push_back(row_of(snapshot.catalogue, tier, heard));
  for (const Server& server : snapshot.catalogue.servers()) {
    for (const ServedModel& model : server.models) {
      if (!has(rows, model.name, server.name)) rows.push_back(row_of(server, model));
    }
  }
  for (ModelRow& row : rows) row.price = snapshot.prices->find(row.model, now_ms);
  return rows;
}

void add_priced(const gateway::Snapshot& snapshot, std::int64_t now_ms, std::vector<ModelRow>& rows) {
  for (const ledger::PriceRow& priced : snapshot.prices->rows()) {
    const bool there =
        std::any_of(rows.begin(), rows.end(), [&](const ModelRow& r) { return r.model == priced.model; });
    if (there) continue;
    ModelRow& row = rows.emplace_back();
    row.model = priced.model;
    row.price = snapshot.prices->find(priced.model, now_ms);
  }
}

std::vector<std::string> context_advice(const std::vector<ModelRow>& rows) {
  // By server and context: twenty models of one Ollama need one sentence.
  std::map<std::pair<std::string, std::uint32_t>, std::vector<std::string>> short_ones;
  std::map<std::string, std::string> how;
  for (const ModelRow& row : rows) {
    if (!row.near || row.said.embeds || row.said.elsewhere || row.context >= kAgentFloor) continue;
    const std::uint32_t known = row.context_from == ContextFrom::nothing ? 0 : row.context;
    short_ones[{row.upstream, known}].push_back(row.model);
    how[row.upstream] = row.raise_context;
  }
  std::vector<std::string> advice;
  for (const auto& [place, models] : short_ones) {
    const auto& [server, tokens] = place;
    std::string what =
        tokens == 0 ? fmt::format("the context in force is not known and counts as {} tokens", upstream::kLocalContext)
                    : fmt::format("the context in force is {} tokens", tokens);
    std::string then = how[server].empty() ? "give the server a longer one" : how[server];
    advice.push_back(fmt::format("{} ({}): {}, and a coding agent's first request has {}: {}", some_of(models), server,
                                 what, kAgentFloor, then));
  }
  return advice;
}

}  // namespace basin::cli
