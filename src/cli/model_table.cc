#include "cli/model_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "base/json_writer.h"
#include "cli/columns.h"
#include "upstream/ability.h"
#include "upstream/known_models.h"
#include "upstream/model_name.h"

namespace basin::cli {
namespace {

using base::json::Writer;
using ledger::TokenClass;
using upstream::AbilityFrom;
using upstream::ContextFrom;

constexpr std::string_view kNone = "-", kUnknown = "?";

// By the name that requests use, failing that by the one its maker gave it.
const upstream::KnownModel* known_of(const ModelRow& row) {
  const upstream::KnownModel* known = upstream::known_model(row.model);
  return known != nullptr ? known : upstream::known_model(row.said.shape.name);
}

// As its server says, else as is publicly known of it.
struct Geometry {
  double billions = 0, active_billions = 0;
  std::uint32_t d_model = 0, layers = 0;
};

Geometry geometry_of(const ModelRow& row) {
  const core::ModelShape& shape = row.said.shape;
  Geometry geometry{static_cast<double>(shape.parameters) / 1e9, static_cast<double>(shape.active_parameters) / 1e9,
                    shape.d_model, shape.layers};
  const upstream::KnownModel* known = known_of(row);
  if (known != nullptr && known->sold == upstream::Sold::open) {
    if (geometry.billions == 0) geometry.billions = known->billions;
    if (geometry.active_billions == 0) geometry.active_billions = known->active_billions;
    if (geometry.d_model == 0) geometry.d_model = known->d_model;
    if (geometry.layers == 0) geometry.layers = known->layers;
  }
  if (geometry.billions == 0) geometry.billions = upstream::billions_in_name(row.model).value_or(0);
  return geometry;
}

std::string billions_text(double billions) {
  return billions < 1 ? fmt::format("{:.0f}M", billions * 1000) : fmt::format("{:.3g}B", billions);
}

std::string size_cell(const Geometry& geometry) {
  if (geometry.billions == 0) return std::string(kNone);
  const bool mixture = geometry.active_billions > 0 && geometry.active_billions < 0.95 * geometry.billions;
  return billions_text(geometry.billions) + (mixture ? "/" + billions_text(geometry.active_billions) : "");
}

std::string shape_cell(const Geometry& geometry) {
  if (geometry.d_model == 0 && geometry.layers == 0) return std::string(kNone);
  const auto number = [](std::uint32_t n) { return n == 0 ? std::string(kUnknown) : fmt::format("{}", n); };
  return fmt::format("{}x{}", number(geometry.d_model), number(geometry.layers));
}

std::string context_cell(const ModelRow& row) {
  if (row.context == 0) return std::string(kUnknown);
  switch (row.context_from) {
    case ContextFrom::configuration:
    case ContextFrom::server: return fmt::format("{}", row.context);
    case ContextFrom::start: return fmt::format("~{}", row.context);
    case ContextFrom::nothing: return fmt::format("{}?", row.context);
  }
  return {};
}

std::string takes_cell(const ModelRow& row) {
  if (row.said.embeds) return "vectors only";
  std::string text;
  const auto add = [&text](std::optional<bool> takes, std::string_view word) {
    if (takes.value_or(false)) text += (text.empty() ? "" : " ") + std::string(word);
  };
  add(row.takes.tools, "tools");
  add(row.takes.vision, "vision");
  add(row.takes.thinking, "think");
  if (!text.empty()) return text;
  return std::string(row.takes.tools && row.takes.vision && row.takes.thinking ? "text" : kNone);
}

std::string state_cell(const ModelRow& row) {
  if (row.said.elsewhere) return "elsewhere";
  if (!row.said.loaded) return std::string(kNone);
  if (!*row.said.loaded) return "cold";
  if (row.said.free_slots) return fmt::format("{}/{} free", *row.said.free_slots, row.said.slots);
  return row.said.slots > 0 ? fmt::format("{} slots", row.said.slots) : "loaded";
}

std::string ability_cell(const ModelRow& row) {
  const auto ability = ability_of(row);
  return ability ? fmt::format("{:.0f}", 100 * *ability) : std::string(kUnknown);
}

// Dollars per million tokens, as price lists have them.
std::string dollars(const ModelRow& row, TokenClass cls) {
  if (row.price == nullptr || !row.price->rates[cls]) return std::string(kUnknown);
  return fmt::format("{:.3f}", static_cast<double>(*row.price->rates[cls]) / 1e6);
}

std::string or_dash(std::string_view text) { return std::string(text.empty() ? kNone : text); }

enum Column : std::size_t {
  kModel,
  kUpstream,
  kTier,
  kSize,
  kShape,
  kPrecision,
  kContext,
  kTakes,
  kState,
  kAbility,
  kInput,
  kCached,
  kOutput,
  kWhy,
  kColumns
};
using Cells = std::array<std::string, kColumns>;

// Left out first where the window is narrow.
constexpr Column kLeastFirst[] = {kWhy, kCached, kPrecision, kShape, kUpstream, kInput, kOutput, kTakes, kState, kTier};

Cells cells_of(const ModelRow& row) {
  const Geometry geometry = geometry_of(row);
  return {row.model,
          or_dash(row.upstream),
          or_dash(row.tier),
          size_cell(geometry),
          shape_cell(geometry),
          or_dash(row.said.shape.quantisation),
          context_cell(row),
          takes_cell(row),
          state_cell(row),
          ability_cell(row),
          dollars(row, TokenClass::input),
          dollars(row, TokenClass::cache_read),
          dollars(row, TokenClass::output),
          ability_why(row)};
}

std::vector<std::vector<std::string>> chosen_of(const std::vector<Cells>& all, const std::array<bool, kColumns>& keep) {
  std::vector<std::vector<std::string>> chosen;
  for (const Cells& cells : all) {
    auto& row = chosen.emplace_back();
    for (std::size_t i = 0; i < kColumns; ++i) {
      if (keep[i]) row.push_back(cells[i]);
    }
  }
  return chosen;
}

std::size_t width_of(const std::vector<Cells>& all, const std::array<bool, kColumns>& keep) {
  constexpr std::size_t kGap = 2;
  std::size_t width = 0;
  for (std::size_t i = 0; i < kColumns; ++i) {
    std::size_t most = 0;
    for (const Cells& cells : all) most = std::max(most, cells[i].size());
    if (keep[i]) width += most + kGap;
  }
  return width - kGap;
}

std::string_view word_for(ContextFrom from) {
  switch (from) {
    case ContextFrom::configuration: return "configuration";
    case ContextFrom::server: return "server";
    case ContextFrom::start: return "start";
    case ContextFrom::nothing: return "nothing";
  }
  return "nothing";
}

std::string_view word_for(AbilityFrom from) {
  switch (from) {
    case AbilityFrom::nothing: return "nothing";
    case AbilityFrom::size: return "size";
    case AbilityFrom::geometry: return "geometry";
    case AbilityFrom::name: return "name";
  }
  return "nothing";
}

void write_state(Writer& w, const ModelRow& row) {
  if (row.context > 0) {
    w.field(row.context_from == ContextFrom::nothing ? "context_assumed" : "context", row.context);
    w.field("context_from", word_for(row.context_from));
  }
  const auto flag = [&w](std::string_view name, std::optional<bool> value) {
    if (value) w.field(name, *value);
  };
  flag("tools", row.takes.tools);
  flag("vision", row.takes.vision);
  flag("thinking", row.takes.thinking);
  flag("loaded", row.said.loaded);
  if (row.said.slots > 0) w.field("slots", row.said.slots);
  if (row.said.free_slots) w.field("free_slots", *row.said.free_slots);
  w.field("embeds", row.said.embeds).field("elsewhere", row.said.elsewhere);
}

void write_price(Writer& w, const ledger::PriceRow& price) {
  w.key("micro_usd_per_million").object();
  for (const TokenClass cls : ledger::kAllTokenClasses) {
    if (const auto& rate = price.rates[cls]) w.field(ledger::name_of(cls), *rate);
  }
  w.end().field("source", price.source);
}

}  // namespace

std::optional<double> ability_of(const ModelRow& row) {
  if (row.said.embeds) return std::nullopt;
  return upstream::even_chance(row.model, row.said.shape);
}

std::string ability_why(const ModelRow& row) {
  if (row.said.embeds) return "it answers with vectors";
  const Geometry geometry = geometry_of(row);
  std::string what = geometry.billions > 0 ? billions_text(geometry.billions) : "";
  if (geometry.layers > 0)
    what = fmt::format("{} layers x {}, {}", geometry.layers, geometry.d_model, what);
  else if (geometry.d_model > 0)
    what = fmt::format("{} wide, {}", geometry.d_model, what);
  const std::string& from = row.said.shape_from;
  switch (upstream::ability_from(row.model, row.said.shape)) {
    case AbilityFrom::name:
      return what.empty() ? "known by its name, sold without its geometry" : "known by its name: " + what;
    case AbilityFrom::geometry: return fmt::format("{}, from {}", what, from.empty() ? "its server" : from);
    case AbilityFrom::size: return fmt::format("{}, from {}", what, from.empty() ? "its name" : from);
    case AbilityFrom::nothing: break;
  }
  return "neither its name nor its server tells its size";
}

std::string model_table(const std::vector<ModelRow>& rows, std::size_t width, const Terminal& terminal) {
  std::vector<Cells> all = {{"MODEL", "UPSTREAM", "TIER", "SIZE", "SHAPE", "PRECISION", "CONTEXT", "TAKES", "STATE",
                             "ABILITY", "INPUT $/M", "CACHED $/M", "OUTPUT $/M", "WHY"}};
  for (const ModelRow& row : rows) all.push_back(cells_of(row));
  std::array<bool, kColumns> keep{};
  keep.fill(true);
  for (const Column least : kLeastFirst) {
    if (width == 0 || width_of(all, keep) <= width) break;
    keep[least] = false;
  }
  const std::string text = columns(chosen_of(all, keep), terminal);
  if (keep[kWhy]) return text;
  std::string out;
  std::size_t at = 0;
  for (const Cells& cells : all) {
    const std::size_t end = text.find('\n', at) + 1;
    out.append(text, at, end - at);
    if (&cells != &all.front()) out += terminal.paint(Style::dim, "  " + cells[kWhy]) + "\n";
    at = end;
  }
  return out;
}

std::string ability_legend() {
  return fmt::format(
      "ABILITY: of 100 prompts of which the reference small model (8B, mid 2024) gets 50 right, how many this one "
      "would, as its name or geometry tells; a frontier model of that year {:.0f}.",
      100 * upstream::even_chance_of_frontier());
}

void write_shape(Writer& w, const core::ModelShape& shape) {
  const auto text = [&w](std::string_view name, const std::string& value) {
    if (!value.empty()) w.field(name, value);
  };
  const auto number = [&w](std::string_view name, std::uint64_t value) {
    if (value > 0) w.field(name, value);
  };
  text("name", shape.name);
  text("architecture", shape.architecture);
  text("quantisation", shape.quantisation);
  number("parameters", shape.parameters);
  number("active_parameters", shape.active_parameters);
  number("file_bytes", shape.file_bytes);
  number("d_model", shape.d_model);
  number("layers", shape.layers);
  number("heads", shape.heads);
  number("kv_heads", shape.kv_heads);
  number("head_dim", shape.head_dim);
  number("feed_forward", shape.feed_forward);
  number("vocabulary", shape.vocabulary);
  number("experts", shape.experts);
  number("experts_used", shape.experts_used);
  number("trained_context", shape.context);
}

void write_ability(Writer& w, const ModelRow& row) {
  w.key("ability").object();
  if (const auto ability = ability_of(row)) w.field("p", *ability);
  w.field("from", word_for(row.said.embeds ? AbilityFrom::nothing : upstream::ability_from(row.model, row.said.shape)));
  w.field("why", ability_why(row)).end();
}

void open_models(Writer& w, std::string_view kind) {
  w.object().field("schema", kind);
  w.key("reference").object().field("small", 0.5).field("large", upstream::even_chance_of_frontier()).end();
  w.key("models").array();
}

std::string models_json(const std::vector<ModelRow>& rows) {
  std::string json;
  Writer w(json);
  open_models(w, "basin.models/1");
  for (const ModelRow& row : rows) {
    w.object().field("model", row.model).field("upstream", row.upstream).field("tier", row.tier);
    w.key("shape").object();
    write_shape(w, row.said.shape);
    w.end();
    write_state(w, row);
    write_ability(w, row);
    if (row.price != nullptr) write_price(w, *row.price);
    w.end();
  }
  w.end().end();
  return json;
}

}  // namespace basin::cli
