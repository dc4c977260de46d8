#include "ledger/price_table.h"

#include <gtest/gtest.h>

namespace basin::ledger {
namespace {

using core::MicroUsd;
using core::Usage;

PriceRow row(std::string model, Rates rates, std::int64_t from_ms = 0, std::uint64_t above = 0) {
  return {.model = std::move(model),
          .effective_from_ms = from_ms,
          .above_prompt_tokens = above,
          .rates = rates,
          .source = "test",
          .verified = ""};
}

Rates rates(std::optional<std::int64_t> input, std::optional<std::int64_t> output,
            std::optional<std::int64_t> cache_read = {}) {
  Rates r;
  r[TokenClass::input] = input;
  r[TokenClass::output] = output;
  r[TokenClass::cache_read] = cache_read;
  return r;
}

TEST(PriceTable, UnknownIsNeverZero) {
  const PriceTable table({row("priced", rates(1'000'000, {}))});
  EXPECT_EQ(table.cost("other", {.input = 1}, 0), std::nullopt);
  EXPECT_EQ(table.cost("priced", {.input = 1, .output = 1}, 0), std::nullopt);  // no rate for output
  EXPECT_EQ(table.cost("priced", {.input = 1}, 0), MicroUsd{1});
  EXPECT_EQ(PriceTable().cost("priced", {}, 0), std::nullopt);
}

TEST(PriceTable, AKnownPriceOfZeroIsAPrice) {
  EXPECT_EQ(PriceTable({row("free", rates(0, 0))}).cost("free", {.input = 9, .output = 9}, 0), MicroUsd{0});
}

TEST(PriceTable, RoundsOncePerAnswerHalvesUp) {
  const PriceTable table({row("m", rates(100'000, 500'000))});            // $0.10 and $0.50 a million
  EXPECT_EQ(table.cost("m", {.input = 4}, 0), MicroUsd{0});               // 0.4
  EXPECT_EQ(table.cost("m", {.input = 5}, 0), MicroUsd{1});               // 0.5
  EXPECT_EQ(table.cost("m", {.input = 4, .output = 1}, 0), MicroUsd{1});  // 0.4 + 0.5, not 0 + 1
  EXPECT_EQ(table.cost("m", {.input = 4, .output = 2}, 0), MicroUsd{1});  // 0.4 + 1.0
}

TEST(PriceTable, HugeCountsDoNotOverflow) {
  const PriceTable table({row("m", rates(100'000'000'000, 0))});
  EXPECT_EQ(table.cost("m", {.input = 10'000'000'000'000}, 0), MicroUsd{1'000'000'000'000'000'000});
}

TEST(PriceTable, TheLatestRowThatHasBegunIsInForce) {
  const PriceTable table({row("m", rates(2, 2), 1000), row("m", rates(1, 1))});
  EXPECT_EQ(table.find("m", 999)->rates, rates(1, 1));
  EXPECT_EQ(table.find("m", 1000)->rates, rates(2, 2));
  EXPECT_EQ(PriceTable({row("m", rates(2, 2), 1000)}).find("m", 999), nullptr);
}

TEST(PriceTable, BandsBeginPastTheirPromptSize) {
  const PriceTable table({row("m", rates(5, 5), 0, 100), row("m", rates(1, 1)), row("m", rates(9, 9), 0, 200)});
  EXPECT_EQ(table.find("m", 0, 100)->rates, rates(1, 1));
  EXPECT_EQ(table.find("m", 0, 101)->rates, rates(5, 5));
  EXPECT_EQ(table.find("m", 0, 200)->rates, rates(5, 5));
  EXPECT_EQ(table.find("m", 0, 201)->rates, rates(9, 9));
}

TEST(PriceTable, ALaterRowReplacesAllBandsOfTheEarlier) {
  const PriceTable table({row("m", rates(1, 1)), row("m", rates(5, 5), 0, 100), row("m", rates(2, 2), 1000)});
  EXPECT_EQ(table.find("m", 0, 101)->rates, rates(5, 5));
  EXPECT_EQ(table.find("m", 1000, 101)->rates, rates(2, 2));
}

TEST(PriceTable, CachedTokensCountForTheBand) {
  EXPECT_EQ(prompt_tokens({.input = 1, .cache_read = 10, .cache_write_5m = 100, .cache_write_1h = 1000, .output = 5}),
            1111U);
}

TEST(PriceTable, DatesAndMarksBehindANameAreIgnored) {
  const PriceTable table({row("alpha-4-5", rates(1, 1)), row("beta-5.4", rates(2, 2))});
  for (const char* name : {"alpha-4-5", "alpha-4-5-20251001", "alpha-4-5@20251001", "alpha-4-5[1m]",
                           "alpha-4-5-20251001[1m]", "alpha-4-5-latest"}) {
    EXPECT_NE(table.find(name, 0), nullptr) << name;
  }
  EXPECT_NE(table.find("beta-5.4-2026-03-05", 0), nullptr);
  for (const char* name : {"alpha-4-5-mini", "beta-5.4-mini", "beta-5", "vendor/beta-5.4", "alpha-4-5-2025", "[1m]", "",
                           "-latest", "-20251001"}) {
    EXPECT_EQ(table.find(name, 0), nullptr) << name;
  }
}

TEST(PriceTable, AnOverriddenModelIsPricedByItsNewRowsAlone) {
  const PriceTable base({row("m", rates(1, 1)), row("m", rates(5, 5), 0, 100), row("n", rates(7, 7))});
  const PriceTable own = base.overridden_by({row("m", rates(2, 2)), row("x", rates(3, 3))});
  EXPECT_EQ(own.find("m", 0, 101)->rates, rates(2, 2));
  EXPECT_EQ(own.find("n", 0)->rates, rates(7, 7));
  EXPECT_EQ(own.find("x", 0)->rates, rates(3, 3));
}

// builtin_prices.cc
TEST(BuiltInPrices, StandInTheProgram) {
  EXPECT_TRUE(builtin_prices_toml().starts_with("# Prices of hosted models"));
  EXPECT_NE(builtin_prices_toml().find("[[price]]"), std::string_view::npos);
  EXPECT_TRUE(builtin_prices_toml().ends_with('\n'));
}

}  // namespace
}  // namespace basin::ledger
