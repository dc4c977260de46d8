#include "config/price_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/nearest.h"
#include "config/complaints.h"
#include "config/toml.h"

namespace basin::config {
namespace {

using ledger::PriceRow;
using ledger::TokenClass;
using Kind = Node::Kind;

// Dollars per million tokens past this are a slip of the pen: the dearest models cost some hundred.
constexpr double kMostUsdPerMillion = 100'000;
constexpr std::string_view kKeys[] = {"model",          "effective_from", "above_prompt_tokens", "input",    "output",
                                      "cache_write_5m", "cache_write_1h", "cache_read",          "verified", "source"};

std::optional<TokenClass> class_named(std::string_view name) {
  for (const TokenClass cls : ledger::kAllTokenClasses) {
    if (ledger::name_of(cls) == name) return cls;
  }
  return std::nullopt;
}

// REQUIRES: "2026-11-24", as parse_toml writes dates.
std::int64_t epoch_ms(std::string_view date) {
  const auto number = [date](std::size_t from, std::size_t length) {
    int value = 0;
    std::from_chars(date.data() + from, date.data() + from + length, value);
    return value;
  };
  const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                        std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                        std::chrono::day(static_cast<unsigned>(number(8, 2)))};
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::sys_days(day).time_since_epoch()).count();
}

// A [[price]] under construction.
struct Entry {
  PriceRow row;
  std::vector<std::string> models;
};

// "" or what is wrong.
std::string set_rate(const Node& value, std::optional<std::int64_t>& rate) {
  const bool number = value.kind == Kind::integer || value.kind == Kind::number;
  if (!number || !(value.number >= 0 && value.number <= kMostUsdPerMillion)) {
    return "dollars per million tokens are wanted, such as 0.25";
  }
  const double micro_usd = value.number * 1e6;
  if (std::abs(micro_usd - std::round(micro_usd)) > 1e-4) return "finer than a micro-dollar per million tokens";
  rate = std::llround(micro_usd);
  return {};
}

std::string set_models(const Node& value, std::vector<std::string>& models) {
  if (value.kind == Kind::text) models.push_back(value.text);
  for (const Node& item : value.items) {
    if (item.kind == Kind::text) models.push_back(item.text);
  }
  const bool plain = value.kind == Kind::text || (value.kind == Kind::list && models.size() == value.items.size());
  const bool named = std::none_of(models.begin(), models.end(), [](const std::string& m) { return m.empty(); });
  return plain && named && !models.empty() ? "" : "a model's name or a list of names is wanted";
}

std::string set_key(std::string_view key, const Node& value, Entry& entry) {
  if (const auto cls = class_named(key)) return set_rate(value, entry.row.rates[*cls]);
  if (key == "model") return set_models(value, entry.models);
  if (key == "source") {
    entry.row.source = value.text;
    return value.kind == Kind::text ? "" : "a text is wanted";
  }
  if (key == "above_prompt_tokens") {
    if (value.kind != Kind::integer || value.integer < 0) return "a number of tokens is wanted";
    entry.row.above_prompt_tokens = static_cast<std::uint64_t>(value.integer);
    return {};
  }
  if (value.kind != Kind::date || value.text.empty()) return "a day is wanted, such as 2026-11-24";
  if (key == "verified")
    entry.row.verified = value.text;
  else
    entry.row.effective_from_ms = epoch_ms(value.text);
  return {};
}

void read_entry(const Node& node, std::vector<PriceRow>& rows, Complaints& complaints) {
  Entry entry;
  for (const Node::Member& member : node.members) {
    if (std::find(std::begin(kKeys), std::end(kKeys), member.key) == std::end(kKeys)) {
      complaints.add(member.place,
                     fmt::format("unknown key `{}` in [[price]]{}", member.key, base::did_you_mean(member.key, kKeys)));
    } else if (const std::string wrong = set_key(member.key, member.value, entry); !wrong.empty()) {
      complaints.add(member.value.place, fmt::format("`{}` in [[price]]: {}", member.key, wrong));
    }
  }
  if (node.find("model") == nullptr) complaints.add(node.place, "[[price]] has no `model`");
  for (std::string& model : entry.models) {
    rows.push_back(entry.row);
    rows.back().model = std::move(model);
  }
}

}  // namespace

base::Result<std::vector<PriceRow>> parse_prices(std::string_view text, std::string_view file) {
  const auto root = parse_toml(text, file);
  if (!root) return root.error();
  std::vector<PriceRow> rows;
  Complaints complaints(file);
  for (const Node::Member& member : root->members) {
    if (member.key != "price") {
      complaints.add(member.place, fmt::format("unknown table `{}`; known is [[price]]", member.key));
      continue;
    }
    for (const Node& item : member.value.items) {
      if (item.kind == Kind::table)
        read_entry(item, rows, complaints);
      else
        complaints.add(item.place, "write [[price]], one for each row");
    }
    if (member.value.kind != Kind::list) complaints.add(member.place, "write [[price]], one for each row");
  }
  if (!complaints.none()) return complaints.error();
  return rows;
}

base::Result<ledger::PriceTable> load_prices(const Environment& environment) {
  auto builtin = parse_prices(ledger::builtin_prices_toml(), "built-in prices");
  if (!builtin) return builtin.error();
  ledger::PriceTable table(std::move(*builtin));
  const std::string folder = environment.config_dir();
  if (folder.empty()) return table;
  const std::string file = folder + "/prices.toml";
  const auto text = read_file(file);
  if (!text) {
    if (text.error().code == base::Code::not_found) return table;
    return text.error();
  }
  auto own = parse_prices(*text, file);
  if (!own) return own.error();
  return table.overridden_by(std::move(*own));
}

}  // namespace basin::config
