#include "gateway/wishes.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

using route::Wish;

upstream::Catalogue two_tiers() {
  upstream::Options options;
  options.upstreams.push_back(
      {.name = "near", .base_url = "http://127.0.0.1:1", .dialects = {core::Dialect::anthropic}});
  options.tiers.push_back({.name = "small", .upstream = "near", .model = "little"});
  options.tiers.push_back({.name = "large", .upstream = "near", .model = "big"});
  auto catalogue = upstream::Catalogue::build(options);
  EXPECT_TRUE(catalogue.ok());
  return std::move(*catalogue);
}

base::Result<Wishes> read(std::vector<net::HeadField> fields, std::string_view model, bool agent = false) {
  net::RequestHead head;
  head.fields = std::move(fields);
  return read_wishes(head, model, agent, two_tiers());
}

TEST(Wishes, NoneWhereAForeignModelIsNamed) {
  EXPECT_EQ(read({}, "claude-x")->wish, Wish::none);
  EXPECT_FALSE(read({}, "claude-x")->alias);
  EXPECT_EQ(read({}, "")->wish, Wish::none);
}

TEST(Wishes, HeaderBeforeAliasBeforeNamedModel) {
  auto header = read({{"X-Basin-Tier", "large"}}, "basin-small");
  EXPECT_EQ(header->wish, Wish::tier);
  EXPECT_EQ(header->tier, 1U);
  EXPECT_TRUE(header->alias);
  EXPECT_EQ(read({{"x-basin-tier", "auto"}}, "little")->wish, Wish::automatic);
  EXPECT_EQ(read({}, "basin-large")->tier, 1U);
  EXPECT_EQ(read({}, "basin-auto")->wish, Wish::automatic);
  EXPECT_EQ(read({}, "big")->wish, Wish::named);
  EXPECT_EQ(read({}, "big")->tier, 1U);
}

TEST(Wishes, AnAgentsModelIsACeiling) {
  auto wishes = read({}, "little", true);
  EXPECT_EQ(wishes->wish, Wish::none);
  EXPECT_EQ(wishes->ceiling_tier, 0U);
}

TEST(Wishes, ModeAndLocalOnly) {
  EXPECT_EQ(read({{"x-basin-mode", "off"}}, "m")->mode, core::Mode::off);
  EXPECT_FALSE(read({}, "m")->mode.has_value());
  EXPECT_TRUE(read({{"x-basin-local-only", "1"}}, "m")->local_only);
  EXPECT_FALSE(read({{"x-basin-local-only", "0"}}, "m")->local_only);
}

TEST(Wishes, WhatIsNoWishIsAnErrorThatNamesTheChoices) {
  const auto message = [](base::Result<Wishes> wishes) { return wishes.ok() ? std::string() : wishes.error().message; };
  EXPECT_NE(message(read({{"x-basin-tier", "smal"}}, "m")).find("auto, small, large"), std::string::npos);
  EXPECT_NE(message(read({{"x-basin-tier", "smal"}}, "m")).find("small"), std::string::npos);
  EXPECT_NE(message(read({}, "basin-huge")).find("huge"), std::string::npos);
  EXPECT_NE(message(read({{"x-basin-mode", "On"}}, "m")).find("x-basin-mode"), std::string::npos);
  EXPECT_NE(message(read({{"x-basin-local-only", "yes"}}, "m")).find("1 or 0"), std::string::npos);
}

}  // namespace
}  // namespace basin::gateway
