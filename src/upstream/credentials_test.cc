#include "upstream/credentials.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

TEST(Credentials, SubscriptionLoginsAreToldFromKeys) {
  EXPECT_TRUE(is_subscription("sk-ant-oat01-abc"));
  EXPECT_TRUE(is_subscription("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln"));
  for (const char* key : {"", "sk-ant-api03-abc", "sk-proj-abc", "sk-test", "eyJ", "eyJhbGciOi.x", "made-up"}) {
    EXPECT_FALSE(is_subscription(key)) << key;
  }
}

TEST(Credentials, KeysAreShownTheWayTheServerLooksForThem) {
  using core::Dialect;
  EXPECT_TRUE(key_style(Dialect::anthropic, "anthropic").api_key_field);
  EXPECT_FALSE(key_style(Dialect::anthropic, "anthropic").bearer);
  EXPECT_TRUE(key_style(Dialect::anthropic, "").bearer);
  EXPECT_TRUE(key_style(Dialect::openai_chat, "openai").bearer);
  EXPECT_FALSE(key_style(Dialect::openai_responses, "").api_key_field);
}

TEST(Credentials, EveryVendorHasItsVariable) {
  EXPECT_EQ(key_variable("anthropic"), "ANTHROPIC_API_KEY");
  EXPECT_EQ(key_variable("openai"), "OPENAI_API_KEY");
  EXPECT_EQ(key_variable("other"), "");
}

}  // namespace
}  // namespace basin::upstream
