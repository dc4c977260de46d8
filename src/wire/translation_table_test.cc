// The page shows the table, and the table is what happens: each row of translation_table_anthropic.cc,
// translation_table_chat.cc and translation_table_responses.cc that does not carry is tried in a request.
#include "wire/translation_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>

#include "wire/translate_request.h"

namespace basin::wire {
namespace {

constexpr std::string_view kEndOfIntroduction = "translation_table_*.cc. -->\n";

TEST(TranslationTable, ThePageShowsIt) {
  const std::string file = BASIN_SOURCE_DIR "/docs/translation.md";
  std::ifstream in(file, std::ios::binary);
  std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const std::size_t introduction = page.find(kEndOfIntroduction);
  ASSERT_NE(introduction, std::string::npos);
  const std::string wanted = page.substr(0, introduction + kEndOfIntroduction.size()) + translation_markdown();
  if (std::getenv("BASIN_GOLDEN") != nullptr) std::ofstream(file, std::ios::binary) << (page = wanted);
  EXPECT_EQ(page, wanted) << "run: make golden";
}

TEST(TranslationTable, NoFieldStandsTwice) {
  for (const DialectShapes& dialect : translation_table()) {
    for (const Shape* shape : dialect.shapes) {
      for (const Field& field : shape->fields) EXPECT_EQ(shape->find(field.name), &field) << field.name;
    }
  }
}

// For each shape a request in which '@' is where its field stands: a member, or for lists of kinds the kind's name.
using Templates = std::map<std::string_view, std::string_view>;

const Templates kAnthropic = {
    {"", R"({@,"messages":[{"role":"user","content":"hi"}]})"},
    {"messages[].", R"({"messages":[{@,"role":"user","content":"hi"}]})"},
    {"content[", R"({"messages":[{"role":"user","content":[{"type":"@"},{"type":"text","text":"hi"}]}]})"},
    {"content[].", R"({"messages":[{"role":"user","content":[{@,"type":"text","text":"hi"}]}]})"},
    {"system[", R"({"system":[{"type":"@"}],"messages":[{"role":"user","content":"hi"}]})"},
    {"system[].", R"({"system":[{@,"type":"text","text":"x"}],"messages":[{"role":"user","content":"hi"}]})"},
    {"tools[", R"({"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"@","name":"x"}]})"},
    {"tools[].", R"({"messages":[{"role":"user","content":"hi"}],"tools":[{@,"name":"x","input_schema":{}}]})"},
    {"tool_choice.", R"({"messages":[{"role":"user","content":"hi"}],"tool_choice":{@}})"},
    {"thinking.", R"({"messages":[{"role":"user","content":"hi"}],"thinking":{@}})"},
    {"output_config.", R"({"messages":[{"role":"user","content":"hi"}],"output_config":{@}})"},
    {"output_config.format.",
     R"({"messages":[{"role":"user","content":"hi"}],"output_config":{"format":{@,"type":"json_schema","schema":{}}}})"},
};
const Templates kChat = {
    {"", R"({@,"messages":[{"role":"user","content":"hi"}]})"},
    {"messages[].", R"({"messages":[{@,"role":"user","content":"hi"}]})"},
    {"tool_calls[].", R"({"messages":[{"role":"user","content":"hi"},{"role":"assistant","tool_calls":[{@,"id":"a",
        "function":{"name":"x","arguments":"{}"}}]}]})"},
    {"content[", R"({"messages":[{"role":"user","content":[{"type":"@"},{"type":"text","text":"hi"}]}]})"},
    {"content[].", R"({"messages":[{"role":"user","content":[{@,"type":"text","text":"hi"}]}]})"},
    {"content[].image_url.", R"({"messages":[{"role":"user","content":[{"type":"image_url",
        "image_url":{@,"url":"https://a/b"}}]}]})"},
    {"content[].file.", R"({"messages":[{"role":"user","content":[{"type":"file",
        "file":{@,"file_data":"data:application/pdf;base64,AA=="}}]}]})"},
    {"tools[", R"({"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"@"}]})"},
    {"tools[].", R"({"messages":[{"role":"user","content":"hi"}],"tools":[{@,"function":{"name":"x"}}]})"},
    {"tools[].function.", R"({"messages":[{"role":"user","content":"hi"}],"tools":[{"function":{@,"name":"x"}}]})"},
    {"tools[].custom.",
     R"({"messages":[{"role":"user","content":"hi"}],"tools":[{"type":"custom","custom":{@,"name":"x"}}]})"},
    {"tool_choice[", R"({"messages":[{"role":"user","content":"hi"}],"tool_choice":{"type":"@"}})"},
    {"response_format[", R"({"messages":[{"role":"user","content":"hi"}],"response_format":{"type":"@"}})"},
    {"response_format.json_schema.", R"({"messages":[{"role":"user","content":"hi"}],
        "response_format":{"type":"json_schema","json_schema":{@,"schema":{}}}})"},
    {"stream_options.", R"({"messages":[{"role":"user","content":"hi"}],"stream_options":{@}})"},
};
const Templates kResponses = {
    {"", R"({@,"input":"hi"})"},
    {"input[", R"({"input":[{"type":"@","id":"rs_1"},{"role":"user","content":"hi"}]})"},
    {"input[].", R"({"input":[{@,"role":"user","content":"hi"}]})"},
    {"content[", R"({"input":[{"role":"user","content":[{"type":"@"},{"type":"input_text","text":"hi"}]}]})"},
    {"content[].", R"({"input":[{"role":"user","content":[{@,"type":"input_text","text":"hi"}]}]})"},
    {"tools[", R"({"input":"hi","tools":[{"type":"function","name":"y"},{"type":"@","name":"x"}]})"},
    {"tools[].", R"({"input":"hi","tools":[{@,"type":"function","name":"x"}]})"},
    {"tool_choice[", R"({"input":"hi","tool_choice":{"type":"@"}})"},
    {"reasoning.", R"({"input":"hi","reasoning":{@}})"},
    {"text.", R"({"input":"hi","text":{@}})"},
    {"text.format[", R"({"input":"hi","text":{"format":{"type":"@"}}})"},
    {"text.format.", R"({"input":"hi","text":{"format":{@,"type":"json_schema","schema":{}}}})"},
};

std::string_view value_for(const Field& field) {
  if (field.name == "defer_loading") return "true";
  switch (field.when) {
    case When::always: return "\"x\"";
    case When::is_true: return "true";
    case When::above_one: return "2";
    case When::above_zero: return "1";
    case When::filled: return "[1]";
    case When::holds_audio: return "[\"text\",\"audio\"]";
    case When::holds_logprobs: return "[\"message.output_text.logprobs\"]";
  }
  return "";
}

// A body of the shape with the field, or the kind, or something that no table knows in it.
std::string body_with(const Templates& templates, const Shape& shape, std::string name, std::string_view value) {
  if (name.ends_with('*')) name.back() = 'x';
  const auto found = templates.find(shape.prefix);
  if (found == templates.end()) return {};
  std::string body(found->second);
  body.replace(body.find('@'), 1, shape.suffix.empty() ? "\"" + name + "\":" + std::string(value) : name);
  return body;
}

struct Dialect {
  core::Endpoint endpoint;
  const Templates& templates;
};

Dialect dialect(core::Dialect from) {
  if (from == core::Dialect::anthropic) return {core::Endpoint::messages, kAnthropic};
  if (from == core::Dialect::openai_chat) return {core::Endpoint::chat_completions, kChat};
  return {core::Endpoint::responses, kResponses};
}

bool declares(const TranslatedRequest& request, const std::string& name) {
  return std::ranges::count(request.dropped, name) == 1;
}

void try_row(const DialectShapes& from, const Shape& shape, const Field& field, core::Dialect to) {
  const Dialect how = dialect(from.from);
  const std::string body = body_with(how.templates, shape, std::string(field.name), value_for(field));
  ASSERT_FALSE(body.empty()) << "no template for " << shape.prefix;
  Target target;
  target.dialect = to;
  target.model = "m";
  base::json::Document scratch;
  const auto translated = translate_request(how.endpoint, body, scratch, target);
  if (field.to(to) == Fate::dropped) {
    ASSERT_TRUE(translated.ok()) << body << translated.error().message;
    EXPECT_TRUE(declares(*translated, shape.full_name(field.name))) << body;
  } else {
    ASSERT_FALSE(translated.ok()) << body;
    EXPECT_EQ(translated.error().code, base::Code::unsupported) << body;
    const std::string named = shape.suffix.empty() ? std::string(field.name) : "type " + std::string(field.name);
    EXPECT_NE(translated.error().message.find(named.substr(0, named.find('*'))), std::string::npos)
        << translated.error().message;
    EXPECT_NE(translated.error().message.find(field.how), std::string::npos) << translated.error().message;
  }
}

TEST(TranslationTable, EachRowIsWhatHappens) {
  int tried = 0;
  for (const DialectShapes& from : translation_table()) {
    for (const Shape* shape : from.shapes) {
      for (const Field& field : shape->fields) {
        if (field.name == "x-anthropic-billing-header") continue;  // known by its text: translate_request_test.cc
        for (const core::Dialect to : {core::Dialect::anthropic, core::Dialect::openai_chat}) {
          if (field.to(to) == Fate::carried) continue;
          try_row(from, *shape, field, to);
          ++tried;
        }
      }
    }
  }
  EXPECT_GT(tried, 200);
}

TEST(TranslationTable, WhatNoTableKnowsIsDeclaredOrRefused) {
  const Field unknown = {"from_the_future", Fate::dropped, Fate::dropped, ""};
  const Field unknown_kind = {"from_the_future", Fate::refused, Fate::refused, "it is not known here"};
  for (const DialectShapes& from : translation_table()) {
    for (const Shape* shape : from.shapes) {
      EXPECT_EQ(shape->unknown, shape->suffix.empty() ? Fate::dropped : Fate::refused) << shape->prefix;
      try_row(from, *shape, shape->suffix.empty() ? unknown : unknown_kind, core::Dialect::openai_chat);
    }
  }
}

TEST(TranslationTable, ValuesThatSayNothingAreNotRefused) {
  base::json::Document scratch;
  const Target target;
  const auto chat = translate_request(core::Endpoint::chat_completions,
                                      R"({"messages":[{"role":"user","content":"hi"}],"n":1,"logprobs":false,
      "top_logprobs":0,"logit_bias":{},"modalities":["text"],"audio":null})",
                                      scratch, target);
  ASSERT_TRUE(chat.ok()) << chat.error().message;
  EXPECT_TRUE(chat->dropped.empty());
  const auto responses =
      translate_request(core::Endpoint::responses,
                        R"({"input":"hi","background":false,"include":["reasoning.encrypted_content"],
      "previous_response_id":null})",
                        scratch, target);
  ASSERT_TRUE(responses.ok()) << responses.error().message;
  EXPECT_TRUE(responses->dropped.empty());
}

}  // namespace
}  // namespace basin::wire
