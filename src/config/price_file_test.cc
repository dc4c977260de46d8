#include "config/price_file.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

namespace basin::config {
namespace {

using core::MicroUsd;
using ledger::TokenClass;

constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t k20261006 = 20'732 * kDayMs;  // days from 1970-01-01
constexpr std::int64_t k20261007 = k20261006 + kDayMs;

const ledger::PriceTable& builtin() {
  static const ledger::PriceTable table = *load_prices(Environment{Environment::Variables{}});
  return table;
}

// An invoice, line by line: what was used, and what it has to cost.
struct Line {
  const char* model;
  core::Usage usage;
  std::int64_t time_ms;
  std::optional<MicroUsd> cost;
};

TEST(PriceFile, GoldenInvoices) {
  const Line lines[] = {
      // 12,000 cached tokens read, 800 written for 5 minutes, 200 fresh, 500 answered: 2,400 + 4,000 + 800 + 10,000
      {"claude-opus-5-5",
       {.input = 200, .cache_read = 12'000, .cache_write_5m = 800, .output = 500},
       k20261007,
       MicroUsd{17'200}},
      {"claude-opus-5-5", {.cache_write_1h = 1'000'000}, k20261007, MicroUsd{8'000'000}},
      // cache reads became cheaper on a day
      {"claude-sonnet-5-5", {.cache_read = 1'000'000}, k20261007 - 1, MicroUsd{200'000}},
      {"claude-sonnet-5-5", {.cache_read = 1'000'000}, k20261007, MicroUsd{100'000}},
      // five times as much past 100,000 tokens of prompt, cached or not
      {"claude-haiku-5-5", {.input = 100'000, .output = 1'000}, k20261007, MicroUsd{10'500}},
      {"claude-haiku-5-5", {.input = 1, .cache_read = 100'000, .output = 1'000}, k20261007, MicroUsd{7'501}},
      {"claude-haiku-4-5-20251001", {.input = 3, .output = 10}, k20261007, MicroUsd{53}},
      {"gpt-6.1-sol", {.input = 1'000, .cache_read = 9'000, .output = 100}, k20261007, MicroUsd{3'900}},
      {"gpt-5.4-nano", {.input = 1, .output = 0}, k20261007, MicroUsd{0}},  // a fifth of a micro-dollar
      // not known: a class without a rate, a band without rates, a model without a row
      {"gpt-5.4", {.input = 1, .cache_read = 1}, k20261007, std::nullopt},
      {"gpt-6-luna", {.input = 272'000}, k20261007, MicroUsd{27'200}},
      {"gpt-6-luna", {.input = 272'001}, k20261007, std::nullopt},
      {"qwen3:8b", {.input = 1}, k20261007, std::nullopt},
  };
  for (const Line& line : lines) {
    EXPECT_EQ(builtin().cost(line.model, line.usage, line.time_ms), line.cost)
        << line.model << " " << line.usage.input << "+" << line.usage.output;
  }
}

TEST(PriceFile, EveryBuiltInRowSaysWhereItIsFrom) {
  EXPECT_GT(builtin().rows().size(), 20U);
  for (const auto& row : builtin().rows()) EXPECT_FALSE(row.source.empty()) << row.model;
}

TEST(PriceFile, ReadsExactMicroDollars) {
  const auto rows = parse_prices(
      "[[price]]\nmodel = [\"a\", \"b\"]\ninput = 0.125\noutput = 3\neffective_from = 2026-10-07\n", "p.toml");
  ASSERT_TRUE(rows.ok());
  ASSERT_EQ(rows->size(), 2U);
  EXPECT_EQ((*rows)[1].model, "b");
  EXPECT_EQ((*rows)[1].rates[TokenClass::input], 125'000);
  EXPECT_EQ((*rows)[1].rates[TokenClass::output], 3'000'000);
  EXPECT_EQ((*rows)[1].rates[TokenClass::cache_read], std::nullopt);
  EXPECT_EQ((*rows)[1].effective_from_ms, k20261007);
}

TEST(PriceFile, SaysWhatIsWrongAndWhere) {
  const std::pair<const char*, const char*> cases[] = {
      {"[[price]]\nmodel = \"m\"\ninptu = 1\n", "p.toml:3:1: unknown key `inptu` in [[price]] (did you mean `input`?)"},
      {"[[price]]\ninput = 1\n", "p.toml:1:1: [[price]] has no `model`"},
      {"[[price]]\nmodel = \"m\"\ninput = -1\n",
       "p.toml:3:9: `input` in [[price]]: dollars per million tokens are wanted, such as 0.25"},
      {"[[price]]\nmodel = \"m\"\ninput = 0.0000001\n",
       "p.toml:3:9: `input` in [[price]]: finer than a micro-dollar per million tokens"},
      {"[[price]]\nmodel = \"m\"\neffective_from = \"soon\"\n",
       "p.toml:3:18: `effective_from` in [[price]]: a day is wanted, such as 2026-11-24"},
      {"[[price]]\nmodel = []\n", "p.toml:2:9: `model` in [[price]]: a model's name or a list of names is wanted"},
      {"[prices]\n", "p.toml:1:2: unknown table `prices`; known is [[price]]"},
  };
  for (const auto& [text, message] : cases) {
    const auto rows = parse_prices(text, "p.toml");
    ASSERT_FALSE(rows.ok()) << text;
    EXPECT_EQ(rows.error().code, base::Code::configuration);
    EXPECT_EQ(rows.error().message, message);
  }
}

TEST(PriceFile, OwnPricesStandInTheConfigurationFolder) {
  char folder[] = "/tmp/basin_prices_XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  std::filesystem::create_directory(std::string(folder) + "/basin");
  const std::string file = std::string(folder) + "/basin/prices.toml";
  const Environment environment({{"XDG_CONFIG_HOME", folder}});
  std::ofstream(file) << "[[price]]\nmodel = \"qwen3:8b\"\ninput = 0\noutput = 0\n";
  const auto table = load_prices(environment);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->cost("qwen3:8b", {.input = 5, .output = 5}, 0), MicroUsd{0});
  EXPECT_NE(table->find("claude-opus-5-5", 0), nullptr);
  std::ofstream(file) << "[[price]]\n";
  const auto broken = load_prices(environment);
  ASSERT_FALSE(broken.ok());
  EXPECT_TRUE(broken.error().message.starts_with(file + ":1:")) << broken.error().message;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace basin::config
