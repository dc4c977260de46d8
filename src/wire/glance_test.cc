#include "wire/glance.h"

#include <gtest/gtest.h>

namespace basin::wire {
namespace {

TEST(Glance, SeesAMemberThatIsNotNull) {
  EXPECT_TRUE(holds(R"({"usage":{"output_tokens":1}})", "\"usage\""));
  EXPECT_TRUE(holds(R"({"a":{"usage" : 3}})", "\"usage\""));
  EXPECT_TRUE(holds(R"({"usage":null,"x":{"usage":1}})", "\"usage\""));
  EXPECT_FALSE(holds(R"({"usage":null})", "\"usage\""));
  EXPECT_FALSE(holds(R"({"usage" : null,"b":1})", "\"usage\""));
  EXPECT_FALSE(holds(R"({"text":"\"usage\":1"})", "\"usage\""));
  EXPECT_FALSE(holds("", "\"usage\""));
}

}  // namespace
}  // namespace basin::wire
