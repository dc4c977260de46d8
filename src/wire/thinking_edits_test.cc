#include "wire/thinking_edits.h"

#include <gtest/gtest.h>

#include <bit>
#include <set>
#include <string>

#include "base/fingerprint.h"
#include "wire/cache_control.h"
#include "wire/read_request.h"
#include "wire/splice.h"

namespace basin::wire {
namespace {

using core::Endpoint;

// The body without the blocks that `is_foreign` picks out of those that can be removed.
template <class Pick>
std::string without(Endpoint endpoint, const std::string& body, Pick&& is_foreign,
                    std::set<std::string>* names = nullptr) {
  base::json::Document document;
  const auto request = read_request(endpoint, body, document);
  EXPECT_TRUE(request.ok()) << body;
  std::vector<ThinkingBlock> foreign;
  for (const ThinkingBlock& block : find_thinking(request->dialect, document.root())) {
    if (block.seal.kind != ThinkingSeal::Kind::compaction && is_foreign(block)) foreign.push_back(block);
  }
  const auto edits = thinking_edits(*request, document.root(), foreign);
  for (const core::Edit& edit : edits) {
    if (names) names->insert(edit.what);
  }
  const auto spliced = splice(body, edits);
  EXPECT_TRUE(spliced.ok()) << body;
  if (!spliced.ok()) return {};
  std::string sent;
  for (const auto span : spliced->spans) sent += span;
  EXPECT_TRUE(is_spliced(body, edits, sent));
  return sent;
}

std::string all_gone(Endpoint endpoint, const std::string& body, std::set<std::string>* names = nullptr) {
  return without(
      endpoint, body, [](const ThinkingBlock&) { return true; }, names);
}

std::string messages(const std::string& list, const std::string& rest = "") {
  return R"({"model":"m","messages":[)" + list + "]" + rest + "}";
}

const std::string kThought = R"({"type":"thinking","thinking":"t","signature":"S"})";
const std::string kCall = R"({"type":"tool_use","id":"a","name":"Bash","input":{}})";
const std::string kAsk = R"({"role":"user","content":"do it"})";
const std::string kResult = R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"ok"}]})";
const std::string kEnabled = R"(,"thinking":{"type":"enabled","budget_tokens":2000})";

std::string said(const std::string& blocks) { return R"({"role":"assistant","content":[)" + blocks + "]}"; }

TEST(ThinkingEdits, BlocksGoWithTheirCommas) {
  const std::string text = R"({"type":"text","text":"x"})";
  const auto sent = [&](const std::string& blocks) {
    return all_gone(Endpoint::messages, messages(kAsk + "," + said(blocks)));
  };
  const std::string wanted = messages(kAsk + "," + said(text));
  EXPECT_EQ(sent(kThought + "," + text), wanted);
  EXPECT_EQ(sent(text + " ,\n " + kThought), wanted);
  EXPECT_EQ(sent(kThought + "," + R"({"type":"redacted_thinking","data":"D"} , )" + text), wanted);
  EXPECT_EQ(sent(kThought + "," + text + "," + kThought), wanted);
  EXPECT_EQ(sent(text), wanted) << "nothing to remove, nothing changed";
}

TEST(ThinkingEdits, OnlyTheForeignOnesGo) {
  const std::string own = R"({"type":"thinking","thinking":"mine","signature":"Mine"})";
  const std::string body = messages(kAsk + "," + said(kThought + "," + kCall) + "," + kResult + "," + said(own));
  const auto mine = base::fingerprint("Mine");
  EXPECT_EQ(without(Endpoint::messages, body, [&](const ThinkingBlock& b) { return b.seal.fingerprint != mine; }),
            messages(kAsk + "," + said(kCall) + "," + kResult + "," + said(own)));
}

TEST(ThinkingEdits, AMessageThatWouldBeEmptyGoesWhole) {
  const std::string more = R"({"role":"user","content":"go on"})";
  EXPECT_EQ(all_gone(Endpoint::messages, messages(kAsk + "," + said(kThought) + "," + more)),
            messages(kAsk + "," + more));
  EXPECT_EQ(all_gone(Endpoint::messages, messages(kAsk + "," + said(kThought))), messages(kAsk));
  EXPECT_EQ(all_gone(Endpoint::messages, messages(said(kThought) + "," + said(kThought) + "," + kAsk)), messages(kAsk));
}

TEST(ThinkingEdits, ACacheBreakpointElsewhereStays) {
  const std::string marked = R"({"type":"text","text":"x","cache_control":{"type":"ephemeral"}})";
  EXPECT_EQ(all_gone(Endpoint::messages, messages(kAsk + "," + said(kThought + "," + marked))),
            messages(kAsk + "," + said(marked)));
}

TEST(ThinkingEdits, AnOpenExchangeThatLostItsThinkingGoesOnWithoutAny) {
  std::set<std::string> names;
  const std::string keep = R"(,"context_management":{"edits":[{"type":"clear_tool_uses_20250919"}]})";
  const std::string clear =
      R"(,"context_management":{"edits":[{"type":"clear_thinking_20251015","keep":"all"},{"type":"clear_tool_uses_20250919"}]})";
  EXPECT_EQ(all_gone(Endpoint::messages,
                     messages(kAsk + "," + said(kThought + "," + kCall) + "," + kResult, kEnabled + clear), &names),
            messages(kAsk + "," + said(kCall) + "," + kResult, R"(,"thinking":{"type":"disabled"})" + keep));
  EXPECT_EQ(names, (std::set<std::string>{"foreign_thinking", "thinking_off"}));
}

TEST(ThinkingEdits, ThinkingStaysOnWhereNothingDemandsItsBlocks) {
  const std::string exchange = kAsk + "," + said(kThought + "," + kCall) + "," + kResult;
  const std::string bare = kAsk + "," + said(kCall) + "," + kResult;
  for (const std::string rest : {"", R"(,"thinking":{"type":"adaptive"})", R"(,"thinking":null)",
                                 R"(,"thinking":{"type":"disabled"})", R"(,"thinking":"enabled")"}) {
    EXPECT_EQ(all_gone(Endpoint::messages, messages(exchange, rest)), messages(bare, rest));
  }
  // the exchange is over: a person speaks again
  EXPECT_EQ(all_gone(Endpoint::messages, messages(exchange + "," + kAsk, kEnabled)),
            messages(bare + "," + kAsk, kEnabled));
  EXPECT_EQ(all_gone(Endpoint::messages, messages(exchange + "," + said(R"({"type":"text","text":"{"})"), kEnabled)),
            messages(bare + "," + said(R"({"type":"text","text":"{"})"), kEnabled));
}

TEST(ThinkingEdits, TheTurnCountsNotOnlyItsLastMessage) {
  const std::string own = R"({"type":"thinking","thinking":"mine","signature":"Mine"})";
  const auto mine = base::fingerprint("Mine");
  const auto foreign = [&](const ThinkingBlock& block) { return block.seal.fingerprint != mine; };
  const auto sent = [&](const std::string& first, const std::string& second, const std::string& reminder = "") {
    return without(Endpoint::messages,
                   messages(kAsk + "," + said(first + kCall) + "," + kResult + "," + said(second + kCall) + "," +
                                kResult + reminder,
                            kEnabled),
                   foreign)
        .ends_with(kEnabled + "}");
  };
  EXPECT_TRUE(sent(own + ",", "")) << "thinking at the turn's start is enough";
  EXPECT_TRUE(sent(own + ",", own + ","));
  EXPECT_FALSE(sent("", "")) << "made by a model that did not think";
  EXPECT_FALSE(sent(kThought + ",", own + ","));
  EXPECT_FALSE(sent(own + ",", kThought + ","));
  EXPECT_FALSE(sent(kThought + ",", "", R"(,{"role":"system","content":"a reminder"})"));
}

TEST(ThinkingEdits, ResponsesItemsGoWithTheIdsThatAskForThem) {
  const auto body = [](const std::string& items) {
    return R"({"model":"m","instructions":"i","input":[)" + items + "]}";
  };
  const std::string user = R"({"role":"user","content":"hi","id":"msg_u"})";
  const std::string one = R"({"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"A"})";
  const std::string two = R"({"type":"reasoning","id":"rs_2","summary":[],"encrypted_content":"B"})";
  const std::string output = R"({"type":"function_call_output","id":"o","call_id":"c","output":"ok"})";
  const std::string told = R"({"type":"message","role":"assistant","content":[],"id":"msg_2"})";
  EXPECT_EQ(all_gone(Endpoint::responses,
                     body(user + "," + one + R"(,{"id":"fc_1","type":"function_call","call_id":"c","name":"f"},)" +
                          output + "," + told)),
            body(user + R"(,{"type":"function_call","call_id":"c","name":"f"},)" + output + "," + told));
  EXPECT_EQ(all_gone(Endpoint::responses, body(one + "," + two + "," + told)),
            body(R"({"type":"message","role":"assistant","content":[]})"));
  const auto first = [](const ThinkingBlock& block) { return block.seal.fingerprint == base::fingerprint("A"); };
  EXPECT_EQ(without(Endpoint::responses, body(user + "," + one + "," + two + "," + told), first),
            body(user + "," + two + "," + told))
      << "what the kept reasoning made keeps its id";
}

// Bodies made of every order of a few kinds of message, each with every subset of its thinking called foreign: what is
// sent is JSON, holds just the thinking that was kept, has no emptied message, keeps calls before their results and
// every breakpoint, and begins an open exchange with thinking or does without.
TEST(ThinkingEdits, EveryMixtureObeysTheRules) {
  const std::string marked = R"({"type":"text","text":"m","cache_control":{"type":"ephemeral"}})";
  const std::vector<std::string> kinds = {
      kAsk, said(kThought + " , " + kCall) + "," + kResult, said(R"({"type":"redacted_thinking","data":"D"})"),
      said(kThought + "," + marked + "," + kThought), said(kThought + "," + kThought + "," + kCall) + ", " + kResult};
  std::size_t bodies = 0;
  for (std::size_t order = 0; order < 125; ++order) {
    const std::string list = kAsk + ",\n" + kinds[order % 5] + "," + kinds[order / 5 % 5] + "," + kinds[order / 25];
    const std::string body = messages(list, kEnabled);
    base::json::Document before, after;
    ASSERT_TRUE(before.parse(body).ok());
    const std::size_t blocks = find_thinking(core::Dialect::anthropic, before.root()).size();
    for (unsigned mask = 0; mask < 1U << blocks; ++mask, ++bodies) {
      unsigned at = 0;
      const std::string sent =
          without(Endpoint::messages, body, [&](const ThinkingBlock&) { return (mask >> at++ & 1U) != 0; });
      ASSERT_TRUE(after.parse(sent).ok()) << sent;
      ASSERT_EQ(find_thinking(core::Dialect::anthropic, after.root()).size(),
                blocks - static_cast<std::size_t>(std::popcount(mask)));
      ASSERT_EQ(cache_breakpoints(after.root()).size(), cache_breakpoints(before.root()).size());
      bool call_open = false;
      for (base::json::Elements each(after.root().member("messages")); each.next();) {
        const std::string_view message = each.value().raw();
        ASSERT_FALSE(message.find("[]") != std::string_view::npos || message.find("[ ]") != std::string_view::npos);
        ASSERT_EQ(call_open, message.find("tool_result") != std::string_view::npos) << sent;
        call_open = message.find("tool_use\"") != std::string_view::npos;
      }
      if (mask == 0 && body.find("redacted") == std::string::npos) {
        ASSERT_EQ(sent, body);
      }
    }
  }
  EXPECT_GT(bodies, 1000U);
}

}  // namespace
}  // namespace basin::wire
