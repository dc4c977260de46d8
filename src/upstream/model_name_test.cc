#include "upstream/model_name.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

TEST(ModelName, TellsItsSizeTheUsualWays) {
  EXPECT_EQ(billions_in_name("llama3.2:3b"), 3.0);
  EXPECT_EQ(billions_in_name("qwen2.5-coder:1.5b-instruct-q4_K_M"), 1.5);
  EXPECT_EQ(billions_in_name("Qwen/Qwen3-30B-A3B"), 30.0);
  EXPECT_EQ(billions_in_name("mixtral:8x7b"), 56.0);
  EXPECT_EQ(billions_in_name("smollm2:135m"), 0.135);
}

TEST(ModelName, SaysNothingWhereTheNameDoesNot) {
  for (const char* name : {"", "claude-opus-5-5", "gpt-6.1-sol", "phi3", "model-20260101", "3bit", "v1b2"}) {
    EXPECT_FALSE(billions_in_name(name).has_value()) << name;
  }
}

TEST(ModelName, TellsTheActiveParametersOfAMixture) {
  EXPECT_EQ(active_billions_in_name("qwen3-30b-a3b"), 3.0);
  EXPECT_EQ(active_billions_in_name("26B-A4B"), 4.0);
  EXPECT_EQ(active_billions_in_name("moe-a2.7b-chat"), 2.7);
  for (const char* name : {"", "a", "a3", "qwen3-30b", "llama3b", "x-a3bit"})
    EXPECT_FALSE(active_billions_in_name(name).has_value()) << name;
}

TEST(ModelName, TellsWhoReasons) {
  for (const char* name : {"o3", "o4-mini", "gpt-5", "gpt-6.1-sol", "openai/gpt-6-luna", "gpt-10"})
    EXPECT_TRUE(reasons_by_name(name)) << name;
  for (const char* name : {"gpt-4o", "gpt-3.5-turbo", "gpt-oss-20b", "olmo", "qwen3:4b", "o", ""})
    EXPECT_FALSE(reasons_by_name(name)) << name;
}

}  // namespace
}  // namespace basin::upstream
