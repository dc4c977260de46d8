#include "upstream/token_rates.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

namespace basin::upstream {
namespace {

TEST(TokenRates, AnUnknownFamilyMakesATokenOfFourBytes) {
  const TokenRates rates;
  EXPECT_DOUBLE_EQ(rates.estimate("qwen3:8b", 4000), 1000);
  EXPECT_DOUBLE_EQ(rates.estimate("", 4000), 1000);
  EXPECT_DOUBLE_EQ(rates.estimate("qwen3:8b", 0), 0);
}

TEST(TokenRates, AFamilyIsAGenerationOrTheFirstWord) {
  EXPECT_EQ(token_family("qwen2.5:7b"), token_family("Qwen/Qwen2.5-7B-Instruct"));
  EXPECT_NE(token_family("llama2:7b"), token_family("llama3.1:8b"));
  EXPECT_EQ(token_family("claude-opus-9-9"), "claude");
  EXPECT_EQ(token_family("hf.co/someone/Frob9-12B.gguf"), "frob");
  EXPECT_EQ(token_family("42"), "");
  EXPECT_EQ(token_family(std::string(1000, 'a')), std::string(32, 'a'));
}

TEST(TokenRates, LearnWhatTheServerCounts) {
  TokenRates rates;
  rates.learn("frob-7b", 160'000, 64'000);  // 0.4 tokens per byte
  const double once = rates.estimate("frob-70b", 1'000'000) / 1e6;
  EXPECT_GT(once, 0.37);
  EXPECT_LT(once, 0.4);
  EXPECT_DOUBLE_EQ(rates.estimate("other-7b", 1000), 250);
  for (int i = 0; i < 100; ++i) rates.learn("frob-7b", 160'000, 64'000);
  EXPECT_NEAR(rates.estimate("frob-70b", 1'000'000) / 1e6, 0.4, 0.001);
}

TEST(TokenRates, AShortQuestionHardlyCounts) {
  TokenRates rates;
  rates.learn("frob-7b", 60, 55);  // a template around "hello"
  EXPECT_NEAR(rates.estimate("frob-7b", 1000), 250, 5);
}

TEST(TokenRates, WhatWasLearnedFades) {
  TokenRates rates;
  for (int i = 0; i < 100; ++i) rates.learn("frob-7b", 160'000, 64'000);
  for (int i = 0; i < 100; ++i) rates.learn("frob-7b", 160'000, 32'000);
  EXPECT_NEAR(rates.estimate("frob-7b", 1'000'000) / 1e6, 0.2, 0.01);
}

// A count that no tokenizer makes is of something else: a cut prompt, or what was not in the cache.
TEST(TokenRates, WhatCannotBeIsNotLearned) {
  TokenRates rates;
  rates.learn("frob-7b", 160'000, 9'999);
  rates.learn("frob-7b", 160'000, 0);
  rates.learn("frob-7b", 160'000, 160'001);
  rates.learn("frob-7b", 0, 10);
  EXPECT_EQ(rates.size(), 0u);
  rates.learn("frob-7b", 160'000, 10'000);
  rates.learn("frab-7b", 160'000, 160'000);
  EXPECT_EQ(rates.size(), 2u);
}

TEST(TokenRates, RememberSoManyFamilies) {
  TokenRates rates;
  const auto name = [](std::size_t i) {
    return std::string("m") + static_cast<char>('a' + i / 26) + static_cast<char>('a' + i % 26);
  };
  for (std::size_t i = 0; i < TokenRates::kCapacity; ++i) rates.learn(name(i), 160'000, 64'000);
  rates.learn(name(0), 160'000, 64'000);
  rates.learn(name(TokenRates::kCapacity), 160'000, 64'000);
  EXPECT_EQ(rates.size(), TokenRates::kCapacity);
  EXPECT_DOUBLE_EQ(rates.estimate(name(1), 1000), 250);  // the one that had not learned for longest
  EXPECT_GT(rates.estimate(name(0), 1000), 350);
  EXPECT_GT(rates.estimate(name(TokenRates::kCapacity), 1000), 350);
}

TEST(TokenRates, ManyThreads) {
  TokenRates rates;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&rates, t] {
      const std::string model = t % 2 ? "frob-7b" : "frab-7b";
      for (int i = 0; i < 1000; ++i) {
        rates.learn(model, 10'000, 4'000);
        EXPECT_GE(rates.estimate(model, 1000), 250);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(rates.size(), 2u);
}

// An agent's first request, 150 kB of instructions and tools, to a server with 4096, 8192 or 32768 tokens.
TEST(Truncated, AServerThatCutInSilence) {
  EXPECT_TRUE(truncated(150'000, 4096, 4096));
  EXPECT_TRUE(truncated(150'000, 4096, 0));
  EXPECT_TRUE(truncated(150'000, 2047, 0));
  EXPECT_TRUE(truncated(150'000, 8000, 0));
  EXPECT_TRUE(truncated(150'000, 700, 4096));  // whole messages were dropped
  // To the brim of a context that is a bit too small: English of 5000 tokens.
  EXPECT_TRUE(truncated(24'600, 4096, 4096));
  EXPECT_TRUE(truncated(60'000, 10'000, 10'000));
}

TEST(Truncated, AServerThatReadItAll) {
  EXPECT_FALSE(truncated(150'000, 40'000, 131'072));
  EXPECT_FALSE(truncated(150'000, 32'768, 0));        // a context's size by chance
  EXPECT_FALSE(truncated(150'000, 32'768, 131'072));  // 4.6 bytes per token
  EXPECT_FALSE(truncated(16'000, 4090, 4096));        // it just fits
  // What tokenizers are thriftiest with: Russian, 9.4 bytes to a token, at the worst possible length.
  EXPECT_FALSE(truncated(38'500, 4096, 0));
  EXPECT_FALSE(truncated(38'500, 4096, 8192));
  EXPECT_FALSE(truncated(150'000, 120'000, 131'072));  // base64
}

TEST(Truncated, ALowCountAloneProvesNothing) {
  EXPECT_FALSE(truncated(150'000, 0, 4096));         // not told
  EXPECT_FALSE(truncated(150'000, 200, 0));          // what was not cached
  EXPECT_FALSE(truncated(150'000, 200, 131'072));    // the same
  EXPECT_FALSE(truncated(150'000, 5000, 131'072));   // the same: not near a size of contexts
  EXPECT_FALSE(truncated(10'000, 512, 0));           // too small for a context
  EXPECT_FALSE(truncated(150'000, 40'000, 32'768));  // it has more room than we knew
  EXPECT_FALSE(truncated(UINT64_MAX, UINT64_MAX, UINT32_MAX));
}

TEST(Truncated, AtTheThresholdsAndOneBelow) {
  EXPECT_TRUE(truncated(kMostBytesPerToken * 5000, 100, 5000));
  EXPECT_FALSE(truncated(kMostBytesPerToken * 5000 - 1, 100, 5000));
  EXPECT_TRUE(truncated(kBrimBytesPerToken * 5000, 5000, 5000));
  EXPECT_FALSE(truncated(kBrimBytesPerToken * 5000 - 1, 5000, 5000));
  EXPECT_TRUE(truncated(kBrimBytesPerToken * 5000, 5000 - 5000 / 256, 5000));
  EXPECT_FALSE(truncated(kBrimBytesPerToken * 5000, 5000 - 5000 / 256 - 1, 5000));
  EXPECT_TRUE(truncated(kMostBytesPerToken * 4096, 4096 - 256, 0));
  EXPECT_FALSE(truncated(kMostBytesPerToken * 4096, 4096 - 257, 0));
}

}  // namespace
}  // namespace basin::upstream
