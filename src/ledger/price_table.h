// What answers cost. Money is integer micro-dollars; a price is integer micro-dollars per million tokens, so that
// tokens x price is exact and is rounded once, when the invoice's line is written.
//
// Unknown is never zero: a model that is not in the table, or a class of tokens its row has no rate for, makes an
// answer unpriced, and whoever sums up says how many answers were.
//
// Finding a model's row: the name as it stands; else without a context mark ("claude-x[1m]"); else without the date or
// "latest" behind it ("-20251001", "-2025-10-01", "@20251001", "-latest"). Never by prefix (gpt-5.4-mini is not
// gpt-5.4), and never without a reseller's prefix ("vendor/model"): a reseller's price is its own.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/money.h"

namespace basin::ledger {

enum class TokenClass : std::uint8_t { input, cache_read, cache_write_5m, cache_write_1h, output };
inline constexpr std::size_t kTokenClasses = 5;
inline constexpr std::array<TokenClass, kTokenClasses> kAllTokenClasses = {
    TokenClass::input, TokenClass::cache_read, TokenClass::cache_write_5m, TokenClass::cache_write_1h,
    TokenClass::output};
// As price lists and records spell it.
std::string_view name_of(TokenClass cls);

// Micro-dollars per million tokens, by class; empty: not known.
struct Rates {
  std::array<std::optional<std::int64_t>, kTokenClasses> micro_usd_per_million;
  std::optional<std::int64_t>& operator[](TokenClass cls) {
    return micro_usd_per_million[static_cast<std::size_t>(cls)];
  }
  const std::optional<std::int64_t>& operator[](TokenClass cls) const {
    return micro_usd_per_million[static_cast<std::size_t>(cls)];
  }
  bool operator==(const Rates&) const = default;
};

// A model's rates from a day on, for prompts past a size.
struct PriceRow {
  std::string model;
  std::int64_t effective_from_ms = 0;     // Unix epoch; a later row replaces an earlier one from then on
  std::uint64_t above_prompt_tokens = 0;  // holds for prompts longer than this, up to the model's next band
  Rates rates;
  std::string source;    // where it was read
  std::string verified;  // when, "2026-11-24"; empty: not by us
};

// Immutable; may be used from any thread.
class PriceTable {
 public:
  PriceTable() = default;
  explicit PriceTable(std::vector<PriceRow> rows);

  // This table, with every model of `rows` priced by them alone.
  PriceTable overridden_by(std::vector<PriceRow> rows) const;

  // The row in force; null when the model is unknown, or was not priced yet at that time.
  const PriceRow* find(std::string_view model, std::int64_t time_ms, std::uint64_t prompt_tokens = 0) const;

  // What an answer cost, rounded to the nearest micro-dollar, halves up. Nothing when it cannot be known.
  std::optional<core::MicroUsd> cost(std::string_view model, const core::Usage& usage, std::int64_t time_ms) const;

  const std::vector<PriceRow>& rows() const { return rows_; }  // by model, date, band

 private:
  const PriceRow* find_exact(std::string_view model, std::int64_t time_ms, std::uint64_t prompt_tokens) const;
  std::vector<PriceRow> rows_;
};

// All tokens that were read: what a prompt's size means for prices.
std::uint64_t prompt_tokens(const core::Usage& usage);

// The prices that come with this version, as TOML (builtin_prices.toml).
std::string_view builtin_prices_toml();

}  // namespace basin::ledger
