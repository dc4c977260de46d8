#include "lab/example.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

base::Result<Example> read(std::string_view json) {
  static base::json::Document document;
  if (auto parsed = document.parse_copy(json); !parsed) return parsed.error();
  return read_example(document.root());
}

TEST(Example, ReadsPromptAndLabels) {
  const auto e = read(R"({"id":"x","source":"s","prompt":"fix this: she go home","tier":"small","p_small":0.9,
                          "topology":"create_long","delta_info":1,"depth":0,"pair":"p","material":"m"})");
  ASSERT_TRUE(e.ok());
  EXPECT_EQ(e->prompt.ask, "fix this:");
  EXPECT_EQ(*e->large, false);
  EXPECT_EQ(e->p_small, 0.9);
  EXPECT_EQ(*e->topology, core::Topology::create);
  EXPECT_NEAR(*e->new_share, 0.3, 1e-9);
  EXPECT_NEAR(*e->steps, 1, 1e-9);
  EXPECT_EQ(e->group, "m");
}

TEST(Example, ReadsMessagesOfBothDialects) {
  const auto chat = read(R"({"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"hi"},
                             {"role":"assistant","content":"hello"},{"role":"user","content":"sort b, a"}],
                             "tier":"small"})");
  ASSERT_TRUE(chat.ok());
  EXPECT_EQ(chat->prompt.ask, "sort b, a");
  EXPECT_EQ(chat->prompt.turns, 2u);
  const auto blocks =
      read(R"({"system":"x","messages":[{"role":"user","content":[{"type":"text","text":"sort b, a"}]}]})");
  ASSERT_TRUE(blocks.ok());
  EXPECT_EQ(blocks->prompt.ask, "sort b, a");
  EXPECT_FALSE(blocks->large.has_value());
}

TEST(Example, SaysWhatARowNeeds) {
  const auto e = read(R"({"id":"x"})");
  ASSERT_FALSE(e.ok());
  EXPECT_NE(e.error().message.find("prompt"), std::string::npos);
}

TEST(Example, LevelsAreMonotone) {
  for (double level = 0; level < 3; level += 0.25) {
    EXPECT_LT(share_of_level(level), share_of_level(level + 0.25));
    EXPECT_LT(steps_of_level(level), steps_of_level(level + 0.25));
  }
  EXPECT_EQ(share_of_level(7), share_of_level(3));
}

}  // namespace
}  // namespace basin::lab
