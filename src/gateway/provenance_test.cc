#include "gateway/provenance.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

using Blocks = std::vector<std::uint64_t>;
using Origins = std::vector<Origin>;

const Maker kOpus{"anthropic", "claude-opus", 0};
const Maker kLocal{"ollama", "qwen", 0};

TEST(Provenance, KnowsWhoMadeABlock) {
  Provenance provenance;
  provenance.keep(Blocks{1, 2, 0}, kOpus, 10);
  provenance.keep(Blocks{3}, kLocal, 11);
  EXPECT_EQ(provenance.size(), 3U) << "0 names no block";
  EXPECT_EQ(provenance.find(1, 12), kOpus);
  EXPECT_EQ(provenance.find(3, 12), kLocal);
  EXPECT_FALSE(provenance.find(4, 12));
  EXPECT_FALSE(provenance.find(0, 12));
  EXPECT_EQ(provenance.origins(Blocks{1, 3, 9, 0}, kOpus, 12),
            (Origins{Origin::native, Origin::foreign, Origin::unknown, Origin::unknown}));
  EXPECT_EQ(provenance.origins(Blocks{1}, {"bedrock", "claude-opus", 0}, 12), Origins{Origin::foreign});
  provenance.keep(Blocks{1}, kLocal, 13);
  EXPECT_EQ(provenance.find(1, 14), kLocal) << "the last maker counts";
  EXPECT_EQ(provenance.size(), 3U);
}

TEST(Provenance, TellsAccountsApartWhereBlocksAreBoundToThem) {
  Provenance provenance;
  provenance.keep(Blocks{1}, {"openai", "gpt", 77}, 0);
  EXPECT_EQ(provenance.origins(Blocks{1}, {"openai", "gpt", 77}, 1), Origins{Origin::native});
  EXPECT_EQ(provenance.origins(Blocks{1}, {"openai", "gpt", 78}, 1), Origins{Origin::foreign});
}

TEST(Provenance, ForgetsWhatDidNotComeByForADay) {
  Provenance provenance;
  provenance.keep(Blocks{1, 2}, kOpus, 0);
  EXPECT_TRUE(provenance.find(1, Provenance::kForget_ms).has_value());
  EXPECT_FALSE(provenance.find(2, Provenance::kForget_ms + 1).has_value());
  EXPECT_TRUE(provenance.find(1, 2 * Provenance::kForget_ms).has_value()) << "it was in use";
  EXPECT_EQ(provenance.size(), 1U);
}

TEST(Provenance, ForgetsTheLongestUnusedPastItsCapacity) {
  Provenance provenance(2);
  provenance.keep(Blocks{1, 2}, kOpus, 0);
  EXPECT_EQ(provenance.origins(Blocks{1}, kOpus, 1), Origins{Origin::native});  // used again: 2 is now the oldest
  provenance.keep(Blocks{3}, kLocal, 2);
  EXPECT_EQ(provenance.size(), 2U);
  EXPECT_EQ(provenance.origins(Blocks{1, 2, 3}, kLocal, 3),
            (Origins{Origin::foreign, Origin::unknown, Origin::native}));
}

TEST(Provenance, AMakerMayLoseAllItsBlocksWhileItMakesMore) {
  Provenance provenance(1);
  provenance.keep(Blocks{1}, kOpus, 0);
  provenance.keep(Blocks{2, 3, 4}, kOpus, 1);
  EXPECT_EQ(provenance.find(4, 2), kOpus);
  provenance.keep(Blocks{}, kLocal, 3);
  provenance.keep(Blocks{5}, kLocal, 3);
  EXPECT_EQ(provenance.origins(Blocks{5}, kOpus, 4), Origins{Origin::foreign}) << "nobody remembers that maker";
}

}  // namespace
}  // namespace basin::gateway
