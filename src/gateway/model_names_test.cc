#include "gateway/model_names.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

std::vector<std::string> names_of(const upstream::Options& options) {
  auto catalogue = upstream::Catalogue::build(options);
  EXPECT_TRUE(catalogue.ok());
  std::vector<std::string> names;
  for (const wire::ListedModel& model : model_names(*catalogue)) names.push_back(model.id);
  return names;
}

TEST(ModelNames, AliasesThenTiersThenWhatWasFoundEachOnce) {
  upstream::Options options;
  options.upstreams.push_back(
      {.name = "near", .base_url = "http://127.0.0.1:1", .dialects = {core::Dialect::anthropic}});
  for (const char* name : {"a", "b"}) options.upstreams.front().models.emplace_back().name = name;
  EXPECT_EQ(names_of(options), (std::vector<std::string>{"a", "b"}));
  options.tiers.push_back({.name = "small", .upstream = "near", .model = "b"});
  options.tiers.push_back({.name = "large", .upstream = "near", .model = "c"});
  EXPECT_EQ(names_of(options), (std::vector<std::string>{"basin-auto", "basin-small", "basin-large", "b", "c", "a"}));
}

}  // namespace
}  // namespace basin::gateway
