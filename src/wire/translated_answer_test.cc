// Readers (anthropic_events.cc, chat_events.cc) and writers (event_writer.cc, anthropic_writer.cc, chat_writer.cc,
// responses_writer.cc): every pair of an upstream's and a client's dialect, over a table of answers whose streams and
// whole bodies lie in tests/corpora/event_reader. BASIN_MUTATIONS=1000000 makes the mutation test that long.
#include "wire/translated_answer.h"

#include <gtest/gtest.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "wire/answer_id.h"
#include "wire/testing_answers.h"

namespace basin::wire {
namespace {

using core::Dialect;
using testing::summary;
using testing::Told;
using testing::told_by;

constexpr std::array kClients = {Dialect::anthropic, Dialect::openai_chat, Dialect::openai_responses};

// A file of the corpus, its dialect, and what it says, as summary() has it behind the model's name.
struct Case {
  std::string name;
  std::string says;  // empty: the vendor's failure
  Dialect from() const { return name.starts_with("chat") ? Dialect::openai_chat : Dialect::anthropic; }
  std::string read(const std::string& ending = "") const {
    std::ifstream file(BASIN_SOURCE_DIR "/tests/corpora/event_reader/" + name + ending, std::ios::binary);
    EXPECT_TRUE(file) << name;
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
};

const std::string kUnicode = "Grüße, 世界 👋🏽 \"q\" \\\n\u2028";
const std::string kQuoted = "{\"words\":\"世👋\\\\ \\\"\u2028\"}";
const std::string kFigures = " 12 7 30 0 17 5";

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {"anthropic_text", "text(Hello there.) -> end_turn"},
      {"anthropic_tool", R"(text(I look.) tool_use(toolu_1 get_weather {"city":"Paris","days":[1,2]}) -> tool_use)"},
      {"anthropic_parallel",
       R"(tool_use(toolu_1 get_weather {"city":"Paris"}) tool_use(toolu_2 get_time {"zone":"CET"}) -> tool_use)"},
      {"anthropic_thinking", "thinking(Let me see. signed c2ln) text(Four.) -> end_turn"},
      {"anthropic_thinking_tool",
       R"(thinking(I need it. signed c2ln) redacted_thinking(b3BhcXVl) tool_use(toolu_1 read {"path":"a.c"}))"
       " -> tool_use"},
      {"anthropic_refusal", "text(I can) -> refusal"},
      {"anthropic_length", "text(Once upon) -> max_tokens"},
      {"anthropic_stop_sequence", "text(one two ) -> stop_sequence END"},
      {"anthropic_error", ""},
      {"anthropic_empty_args", "tool_use(toolu_1 now {}) -> tool_use"},
      {"anthropic_unicode", "text(" + kUnicode + ") tool_use(toolu_1 say " + kQuoted + ") -> tool_use"},
      {"anthropic_server_tools", "text(I search.) text(Found.) -> end_turn"},
      {"anthropic_empty", "-> end_turn"},
      {"chat_text", "text(Hello there.) -> end_turn"},
      {"chat_tool", R"(text(I look.) tool_use(call_1 get_weather {"city":"Paris","days":[1,2]}) -> tool_use)"},
      {"chat_parallel",
       R"(tool_use(call_1 get_weather {"city":"Paris"}) tool_use(call_2 get_time {"zone":"CET"}) -> tool_use)"},
      {"chat_thinking", "thinking(Let me see.) text(Four.) -> end_turn"},
      {"chat_thinking_tool", R"(thinking(I need it.) tool_use(call_1 read {"path":"a.c"}) -> tool_use)"},
      {"chat_refusal", "refusal(I cannot help with that.) -> refusal"},
      {"chat_filter", "text(I can) -> refusal"},
      {"chat_length", "text(Once upon) -> max_tokens"},
      {"chat_stop_sequence", "text(one two ) -> end_turn"},
      {"chat_error", ""},
      {"chat_empty_args", "tool_use(call_1 now {}) -> tool_use"},
      {"chat_unicode", "text(" + kUnicode + ") tool_use(call_1 say " + kQuoted + ") -> tool_use"},
      {"chat_empty", "-> end_turn"},
  };
  return kCases;
}

AnswerStyle style(Dialect dialect) { return {dialect, 1700000000, true, false}; }

std::string translated(Dialect from, Dialect to, std::initializer_list<std::string_view> pieces) {
  AnswerTranslator translator(from, style(to));
  std::string out;
  for (const std::string_view piece : pieces) translator.feed(piece, out);
  translator.end(out);
  return out;
}

std::string one_byte_at_a_time(Dialect from, Dialect to, std::string_view stream) {
  AnswerTranslator translator(from, style(to));
  std::string out;
  for (std::size_t i = 0; i < stream.size(); ++i) translator.feed(stream.substr(i, 1), out);
  translator.end(out);
  return out;
}

struct Read {
  core::Reply reply;
  std::vector<core::Event> failures;
  bool grammar = true;
};

Read read(Dialect from, std::string_view stream) {
  EventReader reader(from);
  Read out;
  testing::GrammarCheck grammar;
  for (const std::vector<core::Event>& events : {reader.feed(stream), reader.end()}) {
    out.grammar = grammar.take(events);
    for (const core::Event& event : events) {
      if (event.kind == core::Event::Kind::failure) out.failures.push_back(event);
      core::fold(out.reply, event);
    }
  }
  out.grammar = out.grammar && grammar.ended();
  return out;
}

core::Reply without_id(core::Reply reply) {
  reply.id.clear();
  return reply;
}

TEST(EventReader, ReadsEachDialectsStreams) {
  for (const Case& c : cases()) {
    const Read got = read(c.from(), c.read());
    EXPECT_TRUE(got.grammar) << c.name;
    EXPECT_EQ(got.failures.size(), c.says.empty() ? 1U : 0U) << c.name;
    if (c.says.empty()) continue;
    const bool chat = c.from() == Dialect::openai_chat;
    const std::string id = chat ? "chatcmpl-01" + c.name.substr(5) : "msg_01" + c.name.substr(10);
    EXPECT_EQ(summary(got.reply), id + (chat ? " gpt-m: " : " claude-m: ") + c.says + kFigures);
  }
}

TEST(EventReader, AWholeReplyIsTheFoldOfItsStream) {
  for (const Case& c : cases()) {
    const auto whole = read_reply(c.from(), c.read(".json"));
    ASSERT_EQ(whole.ok(), !c.says.empty()) << c.name;
    if (whole.ok()) {
      EXPECT_EQ(summary(*whole), summary(read(c.from(), c.read()).reply));
    }
  }
}

TEST(EventReader, TellsWhatTheTapTells) {
  for (const Case& c : cases()) {
    const std::string stream = c.read();
    UsageTap tap(c.from());
    tap.feed(stream);
    EventReader reader(c.from());
    reader.feed(stream);
    const AnswerFacts &a = tap.facts(), &b = reader.facts();
    EXPECT_EQ(std::tie(a.id, a.model, a.stop_reason, a.ended, a.failed),
              std::tie(b.id, b.model, b.stop_reason, b.ended, b.failed))
        << c.name;
    EXPECT_EQ(a.usage.output, b.usage.output) << c.name;
    EXPECT_EQ(a.usage.input, b.usage.input) << c.name;
  }
}

TEST(AnswerTranslator, AStreamCutAtAnyByteIsTranslatedTheSame) {
  for (const Case& c : cases()) {
    const std::string stream = c.read();
    std::array<std::string, kClients.size()> whole;
    for (std::size_t i = 0; i < whole.size(); ++i) {
      whole[i] = translated(c.from(), kClients[i], {stream});
      EXPECT_EQ(one_byte_at_a_time(c.from(), kClients[i], stream), whole[i]) << c.name;
    }
    // the client changes from place to place: the one byte at a time above has been at all of them for each
    for (std::size_t cut = 1; cut < stream.size(); cut += stream.size() < 5000 ? 1 : 11) {
      const std::string_view view = stream;
      const std::size_t i = cut % whole.size();
      ASSERT_EQ(translated(c.from(), kClients[i], {view.substr(0, cut), view.substr(cut)}), whole[i])
          << c.name << " " << cut;
    }
  }
}

TEST(AnswerTranslator, TheClientReadsTheSameAnswer) {
  for (const Case& c : cases()) {
    const core::Reply said = read(c.from(), c.read()).reply;
    for (const Dialect to : kClients) {
      const Told told = told_by(to, translated(c.from(), to, {c.read()}));
      EXPECT_EQ(told.complaint, "") << c.name << " for " << core::name_of(to);
      EXPECT_TRUE(told.ended) << c.name;
      EXPECT_EQ(told.failed, c.says.empty()) << c.name;
      if (told.failed) continue;
      EXPECT_EQ(summary(without_id(told.reply)), summary(without_id(testing::sayable(to, said))))
          << c.name << " for " << core::name_of(to);
    }
  }
}

TEST(AnswerTranslator, AWholeReplyIsWhatTheStreamTells) {
  for (const Case& c : cases()) {
    for (const Dialect to : {Dialect::anthropic, Dialect::openai_chat}) {
      AnswerFacts facts;
      const auto body = translate_reply(c.from(), c.read(".json"), style(to), facts);
      ASSERT_EQ(body.ok(), !c.says.empty()) << c.name;
      EXPECT_TRUE(facts.ended);
      if (!body.ok()) continue;
      const auto reply = read_reply(to, *body);
      ASSERT_TRUE(reply.ok()) << c.name << *body;
      const Told told = told_by(to, translated(c.from(), to, {c.read()}));
      EXPECT_EQ(summary(*reply), summary(told.reply)) << c.name << " for " << core::name_of(to);
      EXPECT_EQ(facts.usage.output, 17U);
    }
  }
}

// The object that ends a Responses stream is the whole answer.
TEST(AnswerTranslator, AWholeResponseIsTheEndOfItsStream) {
  for (const Case& c : cases()) {
    AnswerFacts facts;
    const auto body = translate_reply(c.from(), c.read(".json"), style(Dialect::openai_responses), facts);
    if (!body.ok()) continue;
    const std::string stream = translated(c.from(), Dialect::openai_responses, {c.read()});
    EXPECT_NE(stream.find(",\"response\":" + *body + "}\n\n"), std::string::npos) << c.name << "\n" << *body;
  }
}

TEST(AnswerTranslator, AStreamThatBreaksOffIsAFailure) {
  for (const Case& c : cases()) {
    const std::string stream = c.read();
    // chat is over with finish_reason: what follows it is the bill
    const std::string_view last = c.from() == Dialect::anthropic ? "event: message_stop" : "\"finish_reason\":\"";
    const std::size_t end = std::min(stream.find(last), stream.size() - 2);
    for (std::size_t cut = 0; cut <= end; cut += 7) {
      const Dialect to = kClients[cut % kClients.size()];
      const Told told = told_by(to, translated(c.from(), to, {std::string_view(stream).substr(0, cut)}));
      ASSERT_EQ(told.complaint, "") << c.name << " " << cut;
      ASSERT_TRUE(told.ended && told.failed) << c.name << " " << cut;
    }
  }
}

TEST(AnswerTranslator, AFailureOnTheWayIsTold) {
  AnswerTranslator translator(Dialect::anthropic, style(Dialect::openai_responses));
  std::string out;
  translator.fail({base::Code::timeout, "no byte for 60 s"}, out);
  const Told told = told_by(Dialect::openai_responses, out);
  EXPECT_EQ(told.complaint, "");
  EXPECT_TRUE(told.failed && translator.ended());
  EXPECT_NE(out.find("no byte for 60 s"), std::string::npos);
  EXPECT_FALSE(translator.facts().ended) << "the server did not say so";
  const std::size_t size = out.size();
  translator.feed(cases()[0].read(), out);
  translator.end(out);
  EXPECT_EQ(out.size(), size);
}

TEST(AnswerTranslator, AVendorsFailureKeepsItsKind) {
  const std::string anthropic = Case{"anthropic_error", ""}.read(), chat = Case{"chat_error", ""}.read();
  EXPECT_NE(translated(Dialect::anthropic, Dialect::anthropic, {anthropic}).find("\"overloaded_error\""),
            std::string::npos);
  EXPECT_NE(translated(Dialect::anthropic, Dialect::openai_chat, {anthropic}).find("\"server_is_overloaded\""),
            std::string::npos);
  EXPECT_NE(translated(Dialect::openai_chat, Dialect::anthropic, {chat}).find("\"rate_limit_error\""),
            std::string::npos);
  EXPECT_EQ(translated(Dialect::openai_chat, Dialect::openai_chat, {chat}).find("[DONE]"), std::string::npos);
}

TEST(AnswerTranslator, UsageIsForThoseWhoAskedAndThinkingForThoseWhoCanKeepIt) {
  const std::string stream = Case{"chat_thinking", ""}.read();
  AnswerStyle quiet = style(Dialect::openai_chat);
  quiet.stream_usage = false;
  AnswerTranslator translator(Dialect::openai_chat, quiet);
  std::string out;
  translator.feed(stream, out);
  EXPECT_EQ(out.find("\"usage\""), std::string::npos);
  EXPECT_EQ(translator.facts().usage.output, 17U);
  EXPECT_EQ(translated(Dialect::openai_chat, Dialect::anthropic, {stream}).find("Let"), std::string::npos);
  AnswerStyle open = style(Dialect::anthropic);
  open.unsigned_thinking = true;
  AnswerTranslator shown(Dialect::openai_chat, open);
  out.clear();
  shown.feed(stream, out);
  const Told told = told_by(Dialect::anthropic, out);
  EXPECT_EQ(told.complaint, "");
  EXPECT_EQ(told.reply.blocks.at(0).text, "Let me see.");
}

// Whole answers whose calls cannot be read.
TEST(TranslateReply, ACallThatCannotBeReadBecomesNoOther) {
  const auto body = [](const std::string& finish) {
    return R"({"id":"chatcmpl-1","model":"m","choices":[{"message":{"tool_calls":[{"id":"c","function":{"name":"rm",)"
           R"("arguments":"{\"path\":"}}]},"finish_reason":")" +
           finish + "\"}]}";
  };
  AnswerFacts facts;
  const auto refused = translate_reply(Dialect::openai_chat, body("tool_calls"), style(Dialect::anthropic), facts);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::Code::bad_upstream);
  const auto cut = translate_reply(Dialect::openai_chat, body("length"), style(Dialect::anthropic), facts);
  ASSERT_TRUE(cut.ok());
  EXPECT_EQ(cut->find("\"type\":\"tool_use\""), std::string::npos);
  EXPECT_TRUE(translate_reply(Dialect::openai_chat, body("tool_calls"), style(Dialect::openai_responses), facts).ok());
}

TEST(AnswerId, IsMadeOfTheUpstreams) {
  EXPECT_EQ(answer_id("msg_", "chatcmpl-ab-c"), "msg_ab-c");
  EXPECT_EQ(answer_id("msg_", "msg_1"), "msg_1");
  EXPECT_EQ(answer_id("resp_", "x"), "resp_x");
  EXPECT_EQ(answer_id("fc_", "msg_1", 2), "fc_1_2");
}

// Streams with something wrong in them.
std::string mutated(std::string stream, const std::string& other, std::mt19937_64& random) {
  constexpr std::array<std::string_view, 12> kPieces = {
      "\n\n", "data: ", "{", "}", "\"", "null", "[]", "\"index\":1", "event: error\n", "\\u", "[DONE]", "\xF0"};
  const auto below = [&](std::size_t n) { return n == 0 ? 0 : static_cast<std::size_t>(random() % n); };
  // a whole event is lost, repeated, or comes from another answer: the grammar is where this hurts
  const auto event_of = [&](const std::string& text) {
    const std::size_t end = std::min(text.find("\n\n", below(text.size())), text.size());
    const std::size_t next = std::min(text.find("\n\n", end + 2), text.size());
    return end >= text.size() ? std::pair(std::size_t{0}, std::size_t{0}) : std::pair(end + 2, next - end);
  };
  for (std::size_t n = below(4) + 1; n > 0; --n) {
    const std::size_t at = below(stream.size());
    const auto [from, size] = event_of(stream);
    const auto [other_from, other_size] = event_of(other);
    switch (below(6)) {
      case 0: stream.erase(std::min(from, stream.size()), size); break;
      case 1: stream.insert(std::min(from, stream.size()), stream.substr(std::min(from, stream.size()), size)); break;
      case 2:
        stream.insert(std::min(from, stream.size()), other.substr(std::min(other_from, other.size()), other_size));
        break;
      case 3: stream.erase(at, below(20)); break;
      case 4: stream.insert(at, kPieces[below(kPieces.size())]); break;
      default:
        if (!stream.empty()) stream[at] = static_cast<char>(random());
    }
  }
  return stream;
}

TEST(AnswerTranslator, KeepsEveryGrammarWhateverTheUpstreamSends) {
  long count = 2000;
  if (const char* wanted = std::getenv("BASIN_MUTATIONS")) {
    const std::string_view number = wanted;
    ASSERT_EQ(std::from_chars(number.data(), number.data() + number.size(), count).ec, std::errc());
  }
  std::vector<std::string> streams;
  for (const Case& c : cases()) streams.push_back(c.read());
  std::mt19937_64 random(4);  // NOLINT(cert-msc51-cpp): the same mutations each time
  for (long i = 0; i < count; ++i) {
    const std::size_t which = random() % streams.size();
    const std::string stream = mutated(streams[which], streams[random() % streams.size()], random);
    const Dialect from = cases()[which].from();
    const Dialect to = kClients[random() % kClients.size()];
    const std::size_t cut = random() % (stream.size() + 1);
    const std::string_view view = stream;
    const std::string out = translated(from, to, {view.substr(0, cut), view.substr(cut)});
    const Told told = told_by(to, out);
    ASSERT_EQ(told.complaint, "") << "mutation " << i << " for " << core::name_of(to) << "\n" << stream << "\n" << out;
    ASSERT_TRUE(told.ended) << "mutation " << i;
    ASSERT_TRUE(read(from, stream).grammar) << "mutation " << i;
  }
}

}  // namespace
}  // namespace basin::wire
