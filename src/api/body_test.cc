#include "api/body.h"

#include <gtest/gtest.h>

namespace basin::api {
namespace {

TEST(Body, IsToldFromOtherObjects) {
  base::json::Document document;
  const auto looks = [&](std::string_view json) {
    EXPECT_TRUE(document.parse_copy(json).ok());
    return is_body(document.root());
  };
  EXPECT_TRUE(looks(R"({"messages":[]})"));
  EXPECT_TRUE(looks(R"({"input":"x"})"));
  EXPECT_FALSE(looks(R"({"prompt":"x"})"));
  EXPECT_FALSE(looks(R"(["messages"])"));
  EXPECT_EQ(prompt_of_body(R"({"input":"sort b, a"})")->ask, "sort b, a");
  EXPECT_FALSE(prompt_of_body("nonsense").ok());
}

}  // namespace
}  // namespace basin::api
