#include "lab/outcome_row.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

base::Result<std::optional<double>> loss(std::string_view row) {
  base::json::Document document;
  EXPECT_TRUE(document.parse_copy(row));
  return loss_of(document.root());
}

TEST(OutcomeRow, ThreeWaysToSayWhatBecameOfIt) {
  EXPECT_EQ(loss(R"({"ok":true})").value(), 0);
  EXPECT_EQ(loss(R"({"ok":false})").value(), 1);
  EXPECT_EQ(loss(R"({"tier":"large"})").value(), 1);
  EXPECT_EQ(loss(R"({"tier":"small"})").value(), 0);
  EXPECT_DOUBLE_EQ(loss(R"({"scores":{"small":0.25,"large":1}})").value().value(), 0.75);
  EXPECT_EQ(loss(R"({"scores":{"small":1,"large":0.5}})").value(), 0);  // a gain pays for nobody else's loss
  EXPECT_EQ(loss(R"({"ok":true,"tier":"large"})").value(), 0);          // what happened counts before a judgement
  EXPECT_FALSE(loss(R"({"prompt":"x"})").value());
}

TEST(OutcomeRow, WhatIsNoOutcomeIsSaid) {
  for (const char* row : {R"({"ok":1})", R"({"scores":{"small":0.5}})", R"({"scores":{"small":0.5,"large":1.5}})",
                          R"({"scores":3})", R"({"tier":"medium"})", R"({"tier":2})"})
    EXPECT_FALSE(loss(row)) << row;
}

}  // namespace
}  // namespace basin::lab
