#include "wire/free_text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "wire/event_writer.h"
#include "wire/testing_answers.h"

namespace basin::wire {
namespace {

using core::BlockKind;
using core::Dialect;
using core::Event;

struct Case {
  std::string arguments, text;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> kCases = {
      {R"({"input":"*** Begin Patch\n+a\tb\n"})", "*** Begin Patch\n+a\tb\n"},
      {" {\n \"input\" :\t\"x\" } ", "x"},
      {R"({"input":""})", ""},
      {"{\"input\":\"Grüße, 世界 👋🏽\"}", "Grüße, 世界 👋🏽"},
      {R"({"input":"\"\\\/\b\f\n\r\t\u0041\u00e9\ud83d\udc4b."})", "\"\\/\b\f\n\r\tA\xC3\xA9👋."},
      // halves of pairs without the other
      {R"({"input":"\ud83d."})", "\xEF\xBF\xBD."},
      {R"({"input":"\ud83d\n"})", "\xEF\xBF\xBD\n"},
      {R"({"input":"\udc4b\ud83d\ud83d\udc4b"})", "\xEF\xBF\xBD\xEF\xBF\xBD👋"},
      {R"({"input":"\ud83d\u0041"})",
       "\xEF\xBF\xBD"
       "A"},
      {R"({"input":"\ud83d"})", "\xEF\xBF\xBD"},
      // what models write that is no JSON
      {"{\"input\":\"two\nlines\"}", "two\nlines"},
      {R"({"input":"C:\dir \u12 \u00g"})", "C:\\dir \\u12 \\u00g"},
      {R"({"input":"cut in the mid)", "cut in the mid"},
      {R"({"input":"cut in an escape\)", "cut in an escape"},
      {R"({"input":"cut in a pair\ud83d\udc)", "cut in a pair"},
      {R"({"input":"x","input":"y"} and more)", "x"},
      // an input that does not stand first, or under another spelling of its name
      {R"({"reason":"because","input":"a\nb"})", "a\nb"},
      {R"({"\u0069nput":"x"})", "x"},
      // no input: the arguments as they are
      {R"({"patch":"x"})", R"({"patch":"x"})"},
      {R"({"input":["x"]})", R"({"input":["x"]})"},
      {R"({"input":null})", R"({"input":null})"},
      {R"({"in put":"x"})", R"({"in put":"x"})"},
      {R"({"inp)", R"({"inp)"},
      {"*** Begin Patch", "*** Begin Patch"},
      {R"(["input"])", R"(["input"])"},
      // nothing
      {"", ""},
      {"{ }", ""},
  };
  return kCases;
}

bool splits_character(const std::string& text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

TEST(FreeText, IsReadOutOfTheArguments) {
  for (const Case& c : cases()) EXPECT_EQ(free_text_of(c.arguments), c.text) << c.arguments;
}

TEST(FreeText, PiecesMakeNoDifference) {
  for (const Case& c : cases()) {
    for (std::size_t size = 1; size < 8; ++size) {
      FreeTextReader reader;
      std::string text;
      for (std::size_t at = 0; at < c.arguments.size();) {
        std::size_t next = std::min(at + size, c.arguments.size());
        while (splits_character(c.arguments, next)) ++next;
        reader.feed(c.arguments.substr(at, next - at), text);
        at = next;
      }
      reader.end(text);
      EXPECT_EQ(text, c.text) << c.arguments << " by " << size;
    }
    for (std::size_t cut = 0; cut <= c.arguments.size(); ++cut) {
      if (splits_character(c.arguments, cut)) continue;
      FreeTextReader reader;
      std::string text;
      reader.feed(c.arguments.substr(0, cut), text);
      reader.feed(c.arguments.substr(cut), text);
      reader.end(text);
      EXPECT_EQ(text, c.text) << c.arguments << " cut at " << cut;
    }
  }
}

TEST(FreeText, IsSaidAsSoonAsItIsKnown) {
  FreeTextReader reader;
  std::string text;
  const auto after = [&](std::string_view piece) {
    reader.feed(piece, text);
    return text;
  };
  EXPECT_EQ(after("{\"inp"), "");
  EXPECT_EQ(after("ut\": \"ab"), "ab");
  EXPECT_EQ(after("c\\"), "abc");
  EXPECT_EQ(after("nd\\ud8"), "abc\nd");
  EXPECT_EQ(after("3d"), "abc\nd");
  EXPECT_EQ(after("\\udc4b!"), "abc\nd👋!");
  EXPECT_EQ(after("\"}"), "abc\nd👋!");
}

AnswerStyle style(Dialect dialect) {
  AnswerStyle style{dialect, 1700000000, true, false};
  style.free_text_tools = {"apply_patch"};
  return style;
}

Event event(Event::Kind kind, BlockKind block, std::string id = {}, std::string name = {}, std::string text = {}) {
  Event event;
  event.kind = kind;
  event.block = block;
  event.id = std::move(id);
  event.name = std::move(name);
  event.text = std::move(text);
  return event;
}

// A text, a call of a function, and one of a tool with free text, whose arguments come cut at `cut`.
std::vector<Event> answer(const std::string& arguments, std::size_t cut) {
  std::vector<Event> events = {event(Event::Kind::begin, {}, "x", "m"),
                               event(Event::Kind::open, BlockKind::text),
                               event(Event::Kind::delta, BlockKind::text, {}, {}, "I patch."),
                               event(Event::Kind::close, BlockKind::text),
                               event(Event::Kind::open, BlockKind::tool_use, "call_1", "shell"),
                               event(Event::Kind::delta, BlockKind::tool_use, {}, {}, R"({"input":"ls"})"),
                               event(Event::Kind::close, BlockKind::tool_use),
                               event(Event::Kind::open, BlockKind::tool_use, "call_2", "apply_patch")};
  for (const std::string& piece : {arguments.substr(0, cut), arguments.substr(cut)}) {
    if (!piece.empty()) events.push_back(event(Event::Kind::delta, BlockKind::tool_use, {}, {}, piece));
  }
  events.push_back(event(Event::Kind::close, BlockKind::tool_use));
  events.push_back(event(Event::Kind::finish, {}));
  events.back().stop = core::StopReason::tool_use;
  events.back().usage = {12, 7, 0, 0, 17, 5, true};
  return events;
}

std::string streamed(Dialect dialect, const std::vector<Event>& events) {
  const auto writer = event_writer(style(dialect));
  std::string out;
  for (const Event& event : events) writer->write(event, out);
  return out;
}

std::string whole(Dialect dialect, const std::vector<Event>& events) {
  core::Reply reply;
  for (const Event& event : events) core::fold(reply, event);
  return write_reply(style(dialect), reply);
}

TEST(FreeText, IsAnItemOfItsOwnForResponsesClients) {
  for (const Case& c : cases()) {
    for (std::size_t cut = 0; cut <= c.arguments.size(); ++cut) {
      if (splits_character(c.arguments, cut)) continue;
      const std::vector<Event> events = answer(c.arguments, cut);
      const std::string stream = streamed(Dialect::openai_responses, events);
      const testing::Told told = testing::told_by(Dialect::openai_responses, stream);
      ASSERT_EQ(told.complaint, "") << stream;
      ASSERT_TRUE(told.ended && !told.failed && told.reply.blocks.size() == 3U);
      EXPECT_EQ(told.reply.blocks[1].text, R"({"input":"ls"})");
      EXPECT_EQ(told.reply.blocks[2].id + told.reply.blocks[2].name, "call_2apply_patch");
      EXPECT_EQ(told.reply.blocks[2].text, c.text) << c.arguments;
      EXPECT_NE(stream.find(",\"response\":" + whole(Dialect::openai_responses, events) + "}\n\n"), std::string::npos);
    }
  }
}

TEST(FreeText, IsToldPieceByPiece) {
  const std::string stream = streamed(Dialect::openai_responses, answer(R"({"input":"one two"})", 14));
  const auto has = [&](const std::string& part) { return stream.find(part) != std::string::npos; };
  const std::string item = R"("item_id":"ctc_x_2","output_index":2,)";
  EXPECT_TRUE(has(R"("item":{"type":"custom_tool_call","id":"ctc_x_2","call_id":"call_2","name":"apply_patch",)"
                  R"("input":"","status":"in_progress"})"))
      << stream;
  EXPECT_TRUE(has(item + R"("delta":"one "})")) << stream;
  EXPECT_TRUE(has(item + R"("delta":"two"})")) << stream;
  EXPECT_TRUE(has(item + R"("input":"one two"})")) << stream;
  EXPECT_TRUE(has(R"("name":"apply_patch","input":"one two","status":"completed"})")) << stream;
}

// What a chat client with custom tools joins: the calls' names and the sums of their pieces.
std::string joined_calls(const std::string& stream) {
  std::string out;
  SseReader sse;
  for (std::string_view rest = stream; sse.next(rest);) {
    base::json::Document document;
    if (!document.parse(sse.event().data).ok()) continue;
    for (base::json::Elements choices(document.root().member("choices")); choices.next();) {
      const auto calls = choices.value().member("delta").member("tool_calls");
      for (base::json::Elements each(calls); each.next();) {
        const bool custom = each.value().member("custom").present();
        const auto inner = each.value().member(custom ? "custom" : "function");
        if (inner.member("name").present()) out += (custom ? "|custom " : "|function ");
        out += inner.member("name").string().value_or("");
        if (inner.member("name").present()) out += " ";
        out += inner.member(custom ? "input" : "arguments").string().value_or("?");
      }
    }
  }
  return out;
}

TEST(FreeText, IsACustomCallForChatClients) {
  for (const Case& c : cases()) {
    for (std::size_t cut = 0; cut <= c.arguments.size(); ++cut) {
      if (splits_character(c.arguments, cut)) continue;
      const std::vector<Event> events = answer(c.arguments, cut);
      const std::string stream = streamed(Dialect::openai_chat, events);
      ASSERT_EQ(testing::told_by(Dialect::openai_chat, stream).complaint, "") << stream;
      EXPECT_EQ(joined_calls(stream), R"(|function shell {"input":"ls"}|custom apply_patch )" + c.text);
      std::string said;
      base::json::append_quoted(said, c.text);
      const std::string call =
          R"({"id":"call_2","type":"custom","custom":{"name":"apply_patch","input":)" + said + "}}";
      EXPECT_NE(whole(Dialect::openai_chat, events).find(call), std::string::npos) << call;
    }
  }
}

TEST(FreeText, IsArgumentsForAnthropicsClients) {
  const std::string stream = streamed(Dialect::anthropic, answer(R"({"input":"x"})", 3));
  const testing::Told told = testing::told_by(Dialect::anthropic, stream);
  EXPECT_EQ(told.complaint, "");
  EXPECT_EQ(told.reply.blocks.back().text, R"({"input":"x"})");
}

}  // namespace
}  // namespace basin::wire
