#include "gateway/decisions.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

core::Decision make(std::string id, std::string ask = "ask") {
  core::Decision decision;
  decision.id = std::move(id);
  decision.ask = std::move(ask);
  return decision;
}

TEST(Decisions, AreFoundById) {
  Decisions decisions(7);
  const std::string first = decisions.next_id();
  const std::string second = decisions.next_id();
  EXPECT_NE(first, second);
  decisions.keep(make(second));
  EXPECT_FALSE(decisions.find(first).has_value());  // handed out, not kept yet
  ASSERT_TRUE(decisions.find(second).has_value());
  decisions.keep(make(first, "hello"));
  EXPECT_EQ(decisions.find(first)->ask, "hello");
}

TEST(Decisions, StrangeIdsFindNothing) {
  Decisions decisions(7);
  decisions.keep(make(decisions.next_id()));
  for (const char* id : {"", "d-", "d-00000007-", "d-00000007-0x", "d-00000008-0", "d-00000007-99999999999999999999"}) {
    EXPECT_FALSE(decisions.find(id).has_value()) << id;
  }
}

TEST(Decisions, TheOldestGoesPastTheCapacity) {
  Decisions decisions(1, 3);
  std::vector<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    ids.push_back(decisions.next_id());
    decisions.keep(make(ids.back()));
    if (i == 2) {
      EXPECT_TRUE(decisions.find(ids[0]).has_value());
    }
  }
  EXPECT_FALSE(decisions.find(ids[0]).has_value());
  EXPECT_TRUE(decisions.find(ids[1]).has_value());
  const auto recent = decisions.recent(10);
  ASSERT_EQ(recent.size(), 3U);
  EXPECT_EQ(recent[0].id, ids[3]);
  EXPECT_EQ(recent[2].id, ids[1]);
  EXPECT_EQ(decisions.totals().decided, 4U);
}

TEST(Decisions, WhatIsOlderThanTheRingIsNotRecent) {
  Decisions decisions(1, 2);
  decisions.keep(make(decisions.next_id()));
  const std::string kept = decisions.next_id();
  decisions.keep(make(kept));
  (void)decisions.next_id();  // a dry run, in the first one's place
  const std::string newest = decisions.next_id();
  decisions.keep(make(newest));
  const auto recent = decisions.recent(10);
  ASSERT_EQ(recent.size(), 1U);
  EXPECT_EQ(recent[0].id, newest);
}

TEST(Decisions, PlacesOfAnAskAreKeptUpToALimit) {
  Decisions decisions(1);
  for (const std::size_t extra : {0U, 1U}) {
    auto decision = make(decisions.next_id());
    const std::string id = decision.id;
    decision.ask_spans.resize(Decisions::kKeptSpans + extra);
    decisions.keep(std::move(decision));
    EXPECT_EQ(decisions.find(id)->ask_spans.size(), Decisions::kKeptSpans);
  }
}

TEST(Decisions, ALongAskIsKeptShortAndStaysUtf8) {
  Decisions decisions(1);
  const std::string id = decisions.next_id();
  std::string ask(Decisions::kKeptAsk - 1, 'a');
  ask += "\xc3\xa9 and more";
  decisions.keep(make(id, ask));
  EXPECT_EQ(decisions.find(id)->ask, std::string(Decisions::kKeptAsk - 1, 'a'));
}

}  // namespace
}  // namespace basin::gateway
