// `basin models`: the models that tiers name and that servers on this machine list, with what they cost.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "base/json_writer.h"
#include "cli/columns.h"
#include "cli/command.h"
#include "cli/serving.h"

namespace basin::cli {
namespace {

using ledger::TokenClass;

struct Row {
  std::string model, upstream, tier;
  std::optional<std::uint32_t> context;
  const ledger::PriceRow* price = nullptr;
};

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::vector<Row> rows_of(const gateway::Snapshot& snapshot) {
  const std::int64_t now = unix_ms();
  std::vector<Row> rows;
  for (const upstream::Tier& tier : snapshot.catalogue.tiers()) {
    rows.push_back({tier.model, snapshot.catalogue.server_of(tier).name, tier.name, tier.context,
                    snapshot.prices->find(tier.model, now)});
  }
  for (const upstream::Server& server : snapshot.catalogue.servers()) {
    for (const upstream::ServedModel& served : server.models) {
      const std::string& model = served.name;
      const bool tiered = std::any_of(
          rows.begin(), rows.end(), [&](const Row& row) { return row.model == model && row.upstream == server.name; });
      if (!tiered) rows.push_back({model, server.name, "", std::nullopt, snapshot.prices->find(model, now)});
    }
  }
  return rows;
}

void add_priced(const gateway::Snapshot& snapshot, std::vector<Row>& rows) {
  for (const ledger::PriceRow& priced : snapshot.prices->rows()) {
    const bool there = std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.model == priced.model; });
    if (!there) rows.push_back({priced.model, "", "", std::nullopt, snapshot.prices->find(priced.model, unix_ms())});
  }
}

// Dollars per million tokens, as price lists have them.
std::string dollars(const Row& row, TokenClass cls) {
  if (row.price == nullptr || !row.price->rates[cls]) return "?";
  return fmt::format("{:.3f}", static_cast<double>(*row.price->rates[cls]) / 1e6);
}

std::string or_dash(std::string_view text) { return std::string(text.empty() ? "-" : text); }

std::string readable(const std::vector<Row>& rows, const Terminal& terminal) {
  std::vector<std::vector<std::string>> cells = {
      {"MODEL", "UPSTREAM", "TIER", "CONTEXT", "INPUT $/M", "CACHED $/M", "OUTPUT $/M"}};
  for (const Row& row : rows) {
    cells.push_back({row.model, or_dash(row.upstream), or_dash(row.tier),
                     row.context ? fmt::format("{}", *row.context) : "?", dollars(row, TokenClass::input),
                     dollars(row, TokenClass::cache_read), dollars(row, TokenClass::output)});
  }
  return columns(cells, terminal);
}

std::string as_json(const std::vector<Row>& rows) {
  std::string json;
  base::json::Writer writer(json);
  writer.object().field("schema", "basin.models/1").key("models").array();
  for (const Row& row : rows) {
    writer.object().field("model", row.model).field("upstream", row.upstream).field("tier", row.tier);
    if (row.context) writer.field("context", *row.context);
    if (row.price != nullptr) {
      writer.key("micro_usd_per_million").object();
      for (const TokenClass cls : ledger::kAllTokenClasses) {
        if (const auto& rate = row.price->rates[cls]) writer.field(ledger::name_of(cls), *rate);
      }
      writer.end().field("source", row.price->source);
    }
    writer.end();
  }
  writer.end().end();
  return json;
}

class Models : public Command {
 public:
  void declare(Options& options) override { options.flag("-a,--all", all_, "also every model whose price is known"); }

  Exit run(Context& context) override {
    const auto loaded =
        load_snapshot({.config = context.flags.config, .host = {}, .port = {}, .say = {}}, context.environment);
    if (!loaded) return context.fail(loaded.error());
    for (const std::string& remark : loaded->remarks) context.note(remark);
    std::vector<Row> rows = rows_of(*loaded->snapshot);
    if (all_) add_priced(*loaded->snapshot, rows);
    if (context.flags.json) {
      context.out.line(as_json(rows));
    } else if (rows.empty()) {
      context.note(
          "No tiers are configured and no local server lists a model; `basin init` writes tiers, `basin models --all` "
          "shows prices.");
    } else {
      context.out.write(readable(rows, context.out));
    }
    return Exit::ok;
  }

 private:
  bool all_ = false;
};

}  // namespace

extern const CommandInfo kModels;
constinit const CommandInfo kModels = {.name = "models",
                                       .summary = "list the models of the tiers and of local servers, with prices",
                                       .details =
                                           "Prices are dollars per million tokens for short prompts; ? is not known, "
                                           "and never zero. They come from the built-in list, "
                                           "overridden by ~/.config/basin/prices.toml.",
                                       .examples = "basin models\nbasin models --all --json | jq '.models[].model'",
                                       .make = &make_command<Models>};

}  // namespace basin::cli
