#include "ledger/price_table.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace basin::ledger {
namespace {

using core::MicroUsd;
using core::Usage;

// Products of 64-bit counts and prices need more than 64 bits before they are divided.
__extension__ using Wide = __int128;
constexpr Wide kMillion = 1'000'000;

std::uint64_t tokens_of(const Usage& usage, TokenClass cls) {
  switch (cls) {
    case TokenClass::input: return usage.input;
    case TokenClass::cache_read: return usage.cache_read;
    case TokenClass::cache_write_5m: return usage.cache_write_5m;
    case TokenClass::cache_write_1h: return usage.cache_write_1h;
    case TokenClass::output: return usage.output;
  }
  return 0;
}

bool all_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::string_view without_context_mark(std::string_view model) {
  return model.ends_with(']') ? model.substr(0, model.rfind('[')) : model;
}

// "-20251001", "@20251001", "-2025-10-01", "-latest"
std::string_view without_version(std::string_view model) {
  constexpr std::string_view kLatest = "-latest";
  if (model.ends_with(kLatest)) return model.substr(0, model.size() - kLatest.size());
  if (model.size() > 9) {
    const std::string_view tail = model.substr(model.size() - 9);
    if ((tail[0] == '-' || tail[0] == '@') && tail[1] == '2' && all_digits(tail.substr(1))) {
      return model.substr(0, model.size() - tail.size());
    }
  }
  if (model.size() > 11) {
    const std::string_view tail = model.substr(model.size() - 11);
    if (tail[0] == '-' && tail[5] == '-' && tail[8] == '-' && all_digits(tail.substr(1, 4)) &&
        all_digits(tail.substr(6, 2)) && all_digits(tail.substr(9, 2))) {
      return model.substr(0, model.size() - tail.size());
    }
  }
  return model;
}

}  // namespace

std::string_view name_of(TokenClass cls) {
  constexpr std::string_view kNames[] = {"input", "cache_read", "cache_write_5m", "cache_write_1h", "output"};
  return kNames[static_cast<std::size_t>(cls)];
}

PriceTable::PriceTable(std::vector<PriceRow> rows) : rows_(std::move(rows)) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const PriceRow& a, const PriceRow& b) {
    return std::tie(a.model, a.effective_from_ms, a.above_prompt_tokens) <
           std::tie(b.model, b.effective_from_ms, b.above_prompt_tokens);
  });
}

PriceTable PriceTable::overridden_by(std::vector<PriceRow> rows) const {
  std::set<std::string, std::less<>> replaced;
  for (const PriceRow& row : rows) replaced.insert(row.model);
  for (const PriceRow& row : rows_) {
    if (!replaced.contains(row.model)) rows.push_back(row);
  }
  return PriceTable(std::move(rows));
}

const PriceRow* PriceTable::find_exact(std::string_view model, std::int64_t time_ms,
                                       std::uint64_t prompt_tokens) const {
  const auto begin = std::lower_bound(rows_.begin(), rows_.end(), model,
                                      [](const PriceRow& row, std::string_view name) { return row.model < name; });
  const PriceRow* best = nullptr;
  for (auto row = begin; row != rows_.end() && row->model == model && row->effective_from_ms <= time_ms; ++row) {
    const bool same_date = best != nullptr && best->effective_from_ms == row->effective_from_ms;
    // A date's first band stands for all prompts, so that a price list without a band for short prompts is seen.
    if (row->above_prompt_tokens < prompt_tokens || row->above_prompt_tokens == 0)
      best = &*row;
    else if (!same_date)
      best = nullptr;
  }
  return best;
}

const PriceRow* PriceTable::find(std::string_view model, std::int64_t time_ms, std::uint64_t prompt_tokens) const {
  if (const PriceRow* row = find_exact(model, time_ms, prompt_tokens)) return row;
  const std::string_view unmarked = without_context_mark(model);
  if (unmarked != model) {
    if (const PriceRow* row = find_exact(unmarked, time_ms, prompt_tokens)) return row;
  }
  const std::string_view undated = without_version(unmarked);
  return undated == unmarked ? nullptr : find_exact(undated, time_ms, prompt_tokens);
}

std::optional<MicroUsd> PriceTable::cost(std::string_view model, const Usage& usage, std::int64_t time_ms) const {
  const PriceRow* row = find(model, time_ms, prompt_tokens(usage));
  if (row == nullptr) return std::nullopt;
  Wide sum = 0;  // micro-dollars x 10^6
  for (const TokenClass cls : kAllTokenClasses) {
    const std::uint64_t tokens = tokens_of(usage, cls);
    if (tokens == 0) continue;
    const auto& rate = row->rates[cls];
    if (!rate) return std::nullopt;
    sum += static_cast<Wide>(tokens) * *rate;
  }
  return MicroUsd{static_cast<std::int64_t>((sum + kMillion / 2) / kMillion)};
}

std::uint64_t prompt_tokens(const Usage& usage) {
  return usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h;
}

}  // namespace basin::ledger
