#include "upstream/known_models.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

TEST(KnownModels, OneModelInItsManySpellings) {
  const KnownModel* model = known_model("meta-llama/Llama-3.1-8B-Instruct");
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->d_model, 4096);
  EXPECT_EQ(model->layers, 32);
  for (const char* name : {"Meta-Llama-3_1-8B-Instruct", "llama3.1:8b", "llama-3.1-8b-instruct@somewhere"})
    EXPECT_EQ(known_model(name), model) << name;
}

TEST(KnownModels, TheLongestPatternWins) {
  EXPECT_EQ(known_model("gpt-4o-mini-2024-07-18")->sold, Sold::compact);
  EXPECT_EQ(known_model("gpt-4o-2024-08-06")->sold, Sold::frontier);
  EXPECT_EQ(known_model("deepseek-v2-lite-chat-Q8_0")->d_model, 2048);
  EXPECT_EQ(known_model("llama-3.1-nemotron-51b-instruct")->generation, "nemotron-3.1");
}

TEST(KnownModels, PartsOfWordsAreNoMatch) {
  EXPECT_EQ(known_model("qwen2.5-720b"), nullptr);
  EXPECT_EQ(known_model("llama"), nullptr);
  EXPECT_EQ(known_model("gpt-4.1"), nullptr);
  EXPECT_EQ(known_model("deepseek-r1-distill-qwen-7b"), nullptr);
  EXPECT_NE(known_model("gpt-4-0314"), nullptr);
  EXPECT_EQ(known_model(""), nullptr);
}

}  // namespace
}  // namespace basin::upstream
