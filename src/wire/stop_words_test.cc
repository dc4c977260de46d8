#include "wire/stop_words.h"

#include <gtest/gtest.h>

namespace basin::wire {
namespace {

using core::Dialect;
using core::StopReason;

constexpr StopReason kReasons[] = {StopReason::end_turn,  StopReason::max_tokens, StopReason::stop_sequence,
                                   StopReason::tool_use,  StopReason::refusal,    StopReason::context_exceeded,
                                   StopReason::pause_turn};

TEST(StopWords, AnthropicHasAWordForEach) {
  for (const StopReason reason : kReasons) {
    EXPECT_EQ(stop_reason_of(Dialect::anthropic, stop_word(Dialect::anthropic, reason)), reason);
  }
}

TEST(StopWords, ChatSaysTheNearest) {
  EXPECT_EQ(stop_word(Dialect::openai_chat, StopReason::stop_sequence), "stop");
  EXPECT_EQ(stop_word(Dialect::openai_chat, StopReason::context_exceeded), "length");
  EXPECT_EQ(stop_word(Dialect::openai_chat, StopReason::refusal), "content_filter");
  EXPECT_EQ(stop_reason_of(Dialect::openai_chat, "stop"), StopReason::end_turn);
  EXPECT_EQ(stop_reason_of(Dialect::openai_chat, "length"), StopReason::max_tokens);
  EXPECT_EQ(stop_reason_of(Dialect::openai_chat, "function_call"), StopReason::tool_use);
  EXPECT_EQ(stop_reason_of(Dialect::openai_chat, "eos"), StopReason::end_turn);
}

TEST(StopWords, OfAResponseOnlyWhyItIsIncomplete) {
  EXPECT_EQ(stop_word(Dialect::openai_responses, StopReason::max_tokens), "max_output_tokens");
  EXPECT_EQ(stop_word(Dialect::openai_responses, StopReason::tool_use), "");
}

TEST(StopWords, SomeEndsAreFailures) {
  EXPECT_TRUE(tells_failure("error"));
  EXPECT_FALSE(tells_failure("stop"));
}

}  // namespace
}  // namespace basin::wire
