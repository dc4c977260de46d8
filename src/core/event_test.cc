#include "core/event.h"

#include <gtest/gtest.h>

namespace basin::core {
namespace {

using Kind = Event::Kind;

Event event(Kind kind, BlockKind block = BlockKind::text) {
  Event e;
  e.kind = kind;
  e.block = block;
  return e;
}

// Whether each event in turn is taken: "+" or "-".
std::string taken(const std::vector<Event>& events) {
  EventGrammar grammar;
  std::string out;
  for (const Event& e : events) out += grammar.take(e).ok() ? '+' : '-';
  return out + (grammar.ended() ? "." : "");
}

TEST(EventGrammar, TakesAnAnswerAndNothingBehindIt) {
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::delta), event(Kind::close), event(Kind::finish)}),
            "+++++.");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::finish), event(Kind::finish), event(Kind::failure)}), "++--.");
  EXPECT_EQ(taken({event(Kind::failure)}), "+.");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::failure), event(Kind::close)}), "+++-.");
}

TEST(EventGrammar, RefusesWhatIsOutOfOrder) {
  EXPECT_EQ(taken({event(Kind::open)}), "-");
  EXPECT_EQ(taken({event(Kind::finish)}), "-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::begin)}), "+-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::delta)}), "+-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::open)}), "++-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::finish)}), "++-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::delta, BlockKind::thinking)}), "++-");
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open), event(Kind::signature)}), "++-");
  const auto thinking = BlockKind::thinking;
  EXPECT_EQ(taken({event(Kind::begin), event(Kind::open, thinking), event(Kind::signature, thinking),
                   event(Kind::delta, thinking), event(Kind::close, thinking)}),
            "+++-+");
}

TEST(Reply, IsTheFoldOfItsEvents) {
  Reply reply;
  reply.id = "msg_1";
  reply.model = "m";
  reply.blocks = {{BlockKind::thinking, "", "", "hm", "sig"},
                  {BlockKind::text, "", "", "hello", ""},
                  {BlockKind::tool_use, "t1", "f", "{\"a\":1}", ""}};
  reply.stop = StopReason::tool_use;
  reply.usage.output = 7;
  EventGrammar grammar;
  Reply again;
  for (const Event& e : events_of(reply)) {
    ASSERT_TRUE(grammar.take(e).ok());
    fold(again, e);
  }
  EXPECT_TRUE(grammar.ended());
  ASSERT_EQ(again.blocks.size(), 3U);
  EXPECT_EQ(again.blocks[0].signature, "sig");
  EXPECT_EQ(again.blocks[2].text, "{\"a\":1}");
  EXPECT_EQ(again.stop, StopReason::tool_use);
  EXPECT_EQ(again.usage.output, 7U);
}

TEST(Reply, ACallWithoutArgumentsHasAnEmptyObject) {
  Reply reply;
  fold(reply, event(Kind::open, BlockKind::tool_use));
  fold(reply, event(Kind::close, BlockKind::tool_use));
  EXPECT_EQ(reply.blocks[0].text, "{}");
}

}  // namespace
}  // namespace basin::core
