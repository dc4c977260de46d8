#include "wire/unknown_field.h"

#include <gtest/gtest.h>

namespace basin::wire {
namespace {

TEST(UnknownField, IsToldByItsWords) {
  EXPECT_TRUE(refuses_a_field(422, R"({"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]}]})"));
  EXPECT_TRUE(
      refuses_a_field(400, R"({"error":{"message":"Unrecognized request argument supplied: reasoning_effort"}})"));
  EXPECT_TRUE(refuses_a_field(400, "json: unknown field \"parallel_tool_calls\""));
  EXPECT_FALSE(refuses_a_field(500, "unknown field"));
  EXPECT_FALSE(refuses_a_field(400, R"({"error":{"message":"prompt is too long: 9 tokens > 8 maximum"}})"));
  EXPECT_FALSE(refuses_a_field(400, ""));
}

}  // namespace
}  // namespace basin::wire
