// Golden pairs for each direction, and the rules one by one: what conversation_anthropic.cc, conversation_chat.cc and
// conversation_responses.cc read, conversation_reading.cc refuses, conversation_turns.cc arranges, and
// write_anthropic.cc, write_chat.cc and conversation_writing.cc write.
#include "wire/translate_request.h"

#include <gtest/gtest.h>

#include "wire/read_request.h"

namespace basin::wire {
namespace {

using core::Endpoint;
using Names = std::vector<std::string>;

Target anthropic() {
  Target target;
  target.dialect = core::Dialect::anthropic;
  target.model = "m";
  return target;
}

Target chat() {
  Target target;
  target.model = "m";
  return target;
}

TranslatedRequest translated(Endpoint endpoint, std::string_view body, const Target& target) {
  base::json::Document scratch;
  auto result = translate_request(endpoint, body, scratch, target);
  EXPECT_TRUE(result.ok()) << result.error().message;
  return result.ok() ? std::move(*result) : TranslatedRequest{};
}

std::string complaint(Endpoint endpoint, std::string_view body, const Target& target) {
  base::json::Document scratch;
  const auto result = translate_request(endpoint, body, scratch, target);
  EXPECT_FALSE(result.ok()) << result->body;
  if (result.ok()) return {};
  EXPECT_EQ(result.error().code, base::Code::unsupported) << result.error().message;
  return result.error().message;
}

// The same with `fields` at the top of a request of one short message.
std::string to_chat(std::string_view fields, const Target& target = chat()) {
  const std::string body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + std::string(fields) + "}";
  const std::string written = translated(Endpoint::messages, body, target).body;
  constexpr std::string_view kStart = R"({"model":"m","messages":[{"role":"user","content":"hi"}])";
  EXPECT_TRUE(written.starts_with(kStart)) << written;
  return written.substr(kStart.size(), written.size() - kStart.size() - 1);
}

std::string to_anthropic(std::string_view fields, const Target& target = anthropic()) {
  const std::string body = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]" + std::string(fields) + "}";
  const std::string written = translated(Endpoint::chat_completions, body, target).body;
  constexpr std::string_view kMessages = R"("messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}])";
  const std::size_t at = written.find(kMessages);
  EXPECT_NE(at, std::string::npos) << written;
  return written.substr(at + kMessages.size(), written.size() - at - kMessages.size() - 1);
}

// The messages of a conversation, written.
std::string messages(Endpoint endpoint, std::string_view list, const Target& target) {
  const std::string name = endpoint == Endpoint::responses ? "input" : "messages";
  const std::string body = translated(endpoint, "{\"" + name + "\":" + std::string(list) + "}", target).body;
  base::json::Document document;
  EXPECT_TRUE(document.parse(body).ok());
  return std::string(document.root().member("messages").raw());
}

TEST(TranslateRequest, AnAgentsTurnFromAnthropicToChat) {
  const auto request = translated(Endpoint::messages, R"({"model":"claude-x","max_tokens":64000,
    "system":[{"type":"text","text":"x-anthropic-billing-header: v=1;"},
              {"type":"text","text":"You help.","cache_control":{"type":"ephemeral"}},{"type":"text",
        "text":"Be brief."}],
    "messages":[
      {"role":"user","content":[{"type":"text","text":"<system-reminder>\nx\n</system-reminder>"},{"type":"text",
        "text":"Run it"}]},
      {"role":"system","content":"# Environment","output_config":{"effort":"low"}},
      {"role":"assistant","content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"text",
        "text":"I run it."},
        {"type":"tool_use","id":"toolu_1","name":"Bash","input":{"command": "echo \"é\u0041\""}},
        {"type":"tool_use","id":"toolu_2","name":"Read","input":{}}]},
      {"role":"system","content":"11 tokens left"},
      {"role":"user","content":[{"type":"text","text":"and then?"},
        {"type":"tool_result","tool_use_id":"toolu_1","content":"éA"},
        {"type":"tool_result","tool_use_id":"toolu_2","is_error":true,"content":[{"type":"text",
        "text":"no such file"}]}]}],
    "tools":[{"name":"Bash","description":"Runs","input_schema":{"type": "object" , "b":1,"a":2},
        "eager_input_streaming":true},
      {"name":"Later","input_schema":{},"defer_loading":true},{"name":"Read","input_schema":{},"strict":true}],
    "metadata":{"user_id":"u"},"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"medium"},
    "context_management":{"edits":[]},"stream":true})",
                                  chat());
  EXPECT_EQ(
      request.body,
      R"({"model":"m","messages":[{"role":"system","content":"You help.\n\nBe brief."},)"
      R"({"role":"user","content":"<system-reminder>\nx\n</system-reminder>\n\nRun it\n\n<system-reminder>\n# Environment\n</system-reminder>"},)"
      R"({"role":"assistant","content":"I run it.","tool_calls":[{"id":"toolu_1","type":"function","function":{"name":"Bash","arguments":"{\"command\": \"echo \\\"é\\u0041\\\"\"}"}},)"
      R"({"id":"toolu_2","type":"function","function":{"name":"Read","arguments":"{}"}}]},)"
      R"({"role":"tool","tool_call_id":"toolu_1","content":"éA"},)"
      R"({"role":"tool","tool_call_id":"toolu_2","content":"Error: no such file"},)"
      R"({"role":"user","content":"<system-reminder>\n11 tokens left\n</system-reminder>\n\nand then?"}],)"
      R"("tools":[{"type":"function","function":{"name":"Bash","description":"Runs","parameters":{"type": "object" , "b":1,"a":2}}},)"
      R"({"type":"function","function":{"name":"Read","parameters":{},"strict":true}}],)"
      R"("max_tokens":64000,"reasoning_effort":"low","stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(request.dropped, (Names{"metadata", "context_management", "thinking.display",
                                    "system[x-anthropic-billing-header]", "system[].cache_control", "content[thinking]",
                                    "tools[].eager_input_streaming", "tools[].defer_loading"}));
  EXPECT_TRUE(request.stream_usage && request.free_text_tools.empty());
}

TEST(TranslateRequest, AnAgentsTurnFromChatToAnthropic) {
  const auto request =
      translated(Endpoint::chat_completions, R"({"model":"gpt-x","messages":[{"role":"developer","content":"You help."},
    {"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url",
        "image_url":{"url":"data:image/png;base64,AAAA","detail":"low"}}]},
    {"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"f",
        "arguments":" {\"b\":1, \"a\":2}"}},
      {"id":"call.2","type":"function","function":{"name":"g","arguments":"{\"brok"}}]},
    {"role":"tool","tool_call_id":"call_1","content":"one"},
    {"role":"tool","tool_call_id":"call.2","content":[{"type":"text","text":"two"}]},
    {"role":"user","content":"go on"}],
    "tools":[{"type":"function","function":{"name":"f","parameters":{"properties":{}}}},{"type":"function",
        "function":{"name":"g","description":"G","strict":false}}],
    "tool_choice":"required","parallel_tool_calls":false,"temperature":1.5,"top_p":0.5,"stop":"END",
        "max_completion_tokens":100,
    "stream":true,"stream_options":{"include_usage":true},"user":"me","seed":1})",
                 anthropic());
  EXPECT_EQ(
      request.body,
      R"({"model":"m","max_tokens":100,"system":[{"type":"text","text":"You help."}],"messages":[)"
      R"({"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},)"
      R"({"role":"assistant","content":[{"type":"tool_use","id":"call_1","name":"f","input":{"b":1, "a":2}},)"
      R"({"type":"tool_use","id":"call_2_bf9fb854b2b5","name":"g","input":{"arguments":"{\"brok"}}]},)"
      R"({"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1","content":[{"type":"text","text":"one"}]},)"
      R"({"type":"tool_result","tool_use_id":"call_2_bf9fb854b2b5","content":[{"type":"text","text":"two"}]},{"type":"text","text":"go on"}]}],)"
      R"("tools":[{"name":"f","input_schema":{"type":"object","properties":{}}},{"name":"g","description":"G","input_schema":{"type":"object","properties":{}}}],)"
      R"("tool_choice":{"type":"any","disable_parallel_tool_use":true},"temperature":1,"top_p":0.5,"stop_sequences":["END"],"stream":true})");
  EXPECT_EQ(request.dropped, (Names{"user", "seed", "content[].image_url.detail"}));
  EXPECT_TRUE(request.stream_usage);
}

constexpr std::string_view kCodex = R"({"model":"gpt-x","instructions":"Base.","input":[
    {"type":"message","id":"msg_1","role":"developer","content":[{"type":"input_text","text":"Rules."}]},
    {"type":"message","role":"user","content":[{"type":"input_text","text":"<environment_context/>"}]},
    {"type":"message","role":"user","content":[{"type":"input_text","text":"Patch it"},{"type":"input_image",
        "image_url":"https://a/b.png"}]},
    {"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"x"},
    {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I do."}]},
    {"type":"function_call","call_id":"call_1","name":"exec","arguments":"{\"cmd\":\"ls\"}"},
    {"type":"custom_tool_call","call_id":"call_2","name":"apply_patch","input":"*** Begin\n"},
    {"type":"function_call_output","call_id":"call_1","output":"a.c"},
    {"type":"custom_tool_call_output","call_id":"call_2","output":[{"type":"input_text","text":"done"},
        {"type":"input_image","image_url":"data:image/png;base64,AA=="}]}],
    "tools":[{"type":"function","name":"exec","strict":false,"parameters":{"type":"object"}},
      {"type":"custom","name":"apply_patch","description":"Patches.","format":{"type":"grammar"}},
      {"type":"namespace","name":"agents","tools":[]},{"type":"web_search","external_web_access":false}],
    "tool_choice":"auto","parallel_tool_calls":true,"reasoning":{"effort":"high","summary":"auto"},
    "text":{"verbosity":"low","format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},
    "max_output_tokens":500,"store":false,"include":["reasoning.encrypted_content"],"prompt_cache_key":"k",
        "stream":true})";

TEST(TranslateRequest, CodexToChat) {
  const auto request = translated(Endpoint::responses, kCodex, chat());
  EXPECT_EQ(
      request.body,
      R"({"model":"m","messages":[{"role":"system","content":"Base.\n\nRules."},)"
      R"({"role":"user","content":[{"type":"text","text":"<environment_context/>"},{"type":"text","text":"Patch it"},{"type":"image_url","image_url":{"url":"https://a/b.png"}}]},)"
      R"({"role":"assistant","content":"I do.","tool_calls":[{"id":"call_1","type":"function","function":{"name":"exec","arguments":"{\"cmd\":\"ls\"}"}},)"
      R"({"id":"call_2","type":"function","function":{"name":"apply_patch","arguments":"{\"input\":\"*** Begin\\n\"}"}}]},)"
      R"({"role":"tool","tool_call_id":"call_1","content":"a.c"},)"
      R"({"role":"tool","tool_call_id":"call_2","content":"done\n\n[in the message below]"},)"
      R"({"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]}],)"
      R"("tools":[{"type":"function","function":{"name":"exec","parameters":{"type":"object"}}},)"
      R"({"type":"function","function":{"name":"apply_patch","description":"Patches.","parameters":{"type":"object","properties":{"input":{"type":"string"}},"required":["input"],"additionalProperties":false}}}],)"
      R"("tool_choice":"auto","parallel_tool_calls":true,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}},)"
      R"("max_tokens":500,"reasoning_effort":"high","stream":true,"stream_options":{"include_usage":true}})");
  EXPECT_EQ(request.dropped, (Names{"store", "prompt_cache_key", "input[].id", "input[reasoning]", "tools[].format",
                                    "tools[namespace]", "tools[web_search*]", "text.verbosity", "reasoning.summary"}));
  EXPECT_EQ(request.free_text_tools, Names{"apply_patch"});
}

TEST(TranslateRequest, CodexToAnthropicsOwn) {
  Target target = anthropic();
  target.at_vendor = true;
  const auto request = translated(Endpoint::responses, kCodex, target);
  EXPECT_NE(request.body.find(
                R"("tool_choice":{"type":"auto"},"thinking":{"type":"adaptive"},"output_config":{"effort":"high",)"
                R"("format":{"type":"json_schema","schema":{"type":"object"}}},"stream":true})"),
            std::string::npos)
      << request.body;
  EXPECT_NE(
      request.body.find(R"({"type":"tool_use","id":"call_2","name":"apply_patch","input":{"input":"*** Begin\n"}}]},)"),
      std::string::npos);
  EXPECT_NE(
      request.body.find(
          R"({"type":"tool_result","tool_use_id":"call_2","content":[{"type":"text","text":"done"},{"type":"image",)"),
      std::string::npos);
}

TEST(TranslateRequest, SystemAmidAConversationStaysWhereItStands) {
  constexpr std::string_view kList = R"([{"role":"system","content":"front"},{"role":"user","content":"one"},
    {"role":"assistant","content":"two"},{"role":"system","content":"late"},{"role":"user","content":"three"}])";
  EXPECT_EQ(
      messages(Endpoint::chat_completions, kList, chat()),
      R"([{"role":"system","content":"front"},{"role":"user","content":"one"},{"role":"assistant","content":"two"},)"
      R"({"role":"user","content":"<system-reminder>\nlate\n</system-reminder>\n\nthree"}])");
  EXPECT_EQ(messages(Endpoint::chat_completions, R"([{"role":"system","content":"a"},{"role":"system","content":"b"}])",
                     anthropic()),
            R"([{"role":"user","content":[{"type":"text","text":"b"}]}])");
}

TEST(TranslateRequest, WhatGrewAtItsEndIsWrittenSo) {
  constexpr std::string_view kTurns[] = {
      R"({"role":"user","content":"one"},{"role":"system","content":"env"})",
      R"(,{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]})"
      R"(,{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":"r"}]},{"role":"system","content":"left"})",
      R"(,{"role":"assistant","content":"two"},{"role":"user","content":"three"})"};
  for (const Target& target : {chat(), anthropic()}) {
    std::string list, before = "[";
    for (const std::string_view turn : kTurns) {
      list += turn;
      const std::string written = messages(Endpoint::messages, "[" + list + "]", target);
      EXPECT_TRUE(written.starts_with(before)) << written << before;
      before = written.substr(0, written.size() - 1);
    }
  }
}

TEST(TranslateRequest, AnthropicsRulesForMessages) {
  // the user speaks first; neighbours are one; blanks are left out; the last text does not end in white space
  EXPECT_EQ(
      messages(Endpoint::chat_completions, R"([{"role":"assistant","content":"hello"},{"role":"user","content":"a"},
    {"role":"user","content":" "},{"role":"user","content":"b"},{"role":"assistant","content":"c \n"}])",
               anthropic()),
      R"x([{"role":"user","content":[{"type":"text","text":"(The conversation begins.)"}]},{"role":"assistant","content":[{"type":"text","text":"hello"}]},)x"
      R"({"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},)"
      R"({"role":"assistant","content":[{"type":"text","text":"c"}]}])");
  EXPECT_EQ(messages(Endpoint::responses, R"([{"role":"user","content":""}])", anthropic()),
            R"x([{"role":"user","content":[{"type":"text","text":"(no text)"}]}])x");
  // calls in the conversation want tools in the request
  const auto old = translated(Endpoint::chat_completions, R"({"messages":[{"role":"user","content":"a"},
    {"role":"assistant","function_call":{"name":"f","arguments":""}},{"role":"function","name":"f","content":""},
        {"role":"user","content":"b"}]})",
                              anthropic());
  EXPECT_NE(
      old.body.find(
          R"({"type":"tool_use","id":"call_1","name":"f","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1"},)"),
      std::string::npos)
      << old.body;
  EXPECT_TRUE(
      old.body.ends_with(R"("tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"none"}})"))
      << old.body;
}

TEST(TranslateRequest, TextsCutByCitationsAreOne) {
  EXPECT_EQ(messages(Endpoint::messages, R"([{"role":"user","content":"q"},{"role":"assistant","content":[
    {"type":"text","text":"Grass is "},{"type":"text","text":"green","citations":[{}]},
    {"type":"thinking","thinking":"x"},{"type":"text","text":"So."}]}])",
                     chat()),
            R"([{"role":"user","content":"q"},{"role":"assistant","content":"Grass is green\n\nSo."}])");
}

TEST(TranslateRequest, ToolsThatWereLoadedAreTold) {
  const auto request = translated(Endpoint::messages, R"({"messages":[{"role":"user","content":"q"},
    {"role":"assistant","content":[{"type":"tool_use","id":"a","name":"Search","input":{}}]},
    {"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[{"type":"tool_reference",
        "tool_name":"Fetch"}]}]}],
    "tools":[{"name":"Search","input_schema":{}},{"name":"Fetch","input_schema":{},"defer_loading":true},
        {"name":"Other","input_schema":{},"defer_loading":true}]})",
                                  chat());
  EXPECT_NE(request.body.find(R"("content":"The tool Fetch is loaded: it can be called now.")"), std::string::npos);
  EXPECT_NE(request.body.find(R"("name":"Fetch")"), std::string::npos);
  EXPECT_EQ(request.body.find("Other"), std::string::npos);
}

TEST(TranslateRequest, Documents) {
  constexpr std::string_view kList = R"([{"role":"user","content":[
    {"type":"document","title":"T","source":{"type":"text","media_type":"text/plain","data":"plain"}},
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AA=="}}]}])";
  EXPECT_EQ(messages(Endpoint::messages, kList, chat()),
            R"([{"role":"user","content":[{"type":"text","text":"T\n\nplain"},)"
            R"({"type":"file","file":{"filename":"document.pdf","file_data":"data:application/pdf;base64,AA=="}}]}])");
  EXPECT_EQ(
      messages(Endpoint::responses,
               R"([{"role":"user","content":[{"type":"input_file","filename":"a.pdf","file_url":"https://a"}]}])",
               anthropic()),
      R"([{"role":"user","content":[{"type":"document","source":{"type":"url","url":"https://a"},"title":"a.pdf"}]}])");
}

TEST(TranslateRequest, Effort) {
  Target vendor = chat();
  vendor.at_vendor = true;
  EXPECT_EQ(to_chat(R"(,"output_config":{"effort":"max"})"), R"(,"reasoning_effort":"high")");
  EXPECT_EQ(to_chat(R"(,"output_config":{"effort":"max"})", vendor), R"(,"reasoning_effort":"max")");
  EXPECT_EQ(to_chat(R"(,"thinking":{"type":"enabled","budget_tokens":2000})"), R"(,"reasoning_effort":"low")");
  EXPECT_EQ(to_chat(R"(,"thinking":{"type":"enabled","budget_tokens":31999})"), R"(,"reasoning_effort":"high")");
  EXPECT_EQ(to_chat(R"(,"thinking":{"type":"disabled"},"output_config":{"effort":"high"})"),
            R"(,"reasoning_effort":"none")");
  EXPECT_EQ(to_chat(R"(,"thinking":{"type":"adaptive"})"), "");
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"high")"), R"(,"thinking":{"type":"enabled","budget_tokens":4096})");
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"high","max_tokens":64000)"),
            R"(,"thinking":{"type":"enabled","budget_tokens":16384})");
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"high","max_tokens":1000)"), "");
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"none")"), R"(,"thinking":{"type":"disabled"})");
  vendor = anthropic();
  vendor.at_vendor = true;
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"minimal","temperature":0.2,"top_p":0.99)", vendor),
            R"(,"thinking":{"type":"adaptive"},"output_config":{"effort":"low"},"top_p":0.99)");
  Target unable = anthropic();
  unable.thinking = false;
  EXPECT_EQ(to_anthropic(R"(,"reasoning_effort":"high","temperature":0.2)", unable), R"(,"temperature":0.2)");
}

TEST(TranslateRequest, WhoMustCallDoesNotThink) {
  Target vendor = anthropic();
  vendor.at_vendor = true;
  const auto request = translated(Endpoint::chat_completions, R"({"messages":[{"role":"user","content":"hi"}],
    "tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"f"}},
    "reasoning_effort":"high","temperature":0.2})",
                                  vendor);
  EXPECT_TRUE(request.body.ends_with(
      R"("tool_choice":{"type":"tool","name":"f"},"output_config":{"effort":"high"},"temperature":0.2})"))
      << request.body;
  EXPECT_EQ(request.dropped, Names{"thinking"});
}

TEST(TranslateRequest, LengthOfTheAnswer) {
  Target target = chat();
  EXPECT_EQ(to_chat(R"(,"max_tokens":5)", target), R"(,"max_tokens":5)");
  target.output_limit = 4;
  target.at_vendor = true;
  EXPECT_EQ(to_chat(R"(,"max_tokens":5)", target), R"(,"max_completion_tokens":4)");
  const std::string body = R"({"messages":[{"role":"user","content":"hi"}]})";
  EXPECT_TRUE(
      translated(Endpoint::chat_completions, body, anthropic()).body.starts_with(R"({"model":"m","max_tokens":8192,)"));
  Target other = anthropic();
  other.output_limit = 99;
  EXPECT_TRUE(translated(Endpoint::chat_completions, body, other).body.starts_with(R"({"model":"m","max_tokens":99,)"));
  other.max_output_tokens = 77;
  EXPECT_TRUE(translated(Endpoint::chat_completions, body, other).body.starts_with(R"({"model":"m","max_tokens":77,)"));
}

TEST(TranslateRequest, FormatOfTheAnswer) {
  EXPECT_EQ(to_chat(R"(,"output_config":{"format":{"type":"json_schema","schema":{"type": "object"}}})"),
            R"(,"response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type": "object"}}})");
  const std::string body = R"({"messages":[{"role":"user","content":"hi"}],"response_format":{"type":"json_object"}})";
  EXPECT_NE(translated(Endpoint::chat_completions, body, anthropic())
                .body.find(R"("system":[{"type":"text","text":"Answer with a single JSON object)"),
            std::string::npos);
  EXPECT_NE(
      translated(Endpoint::chat_completions, body, chat()).body.find(R"("response_format":{"type":"json_object"})"),
      std::string::npos);
  Target unable = chat();
  unable.json_schema = false;
  EXPECT_EQ(complaint(Endpoint::messages,
                      R"({"messages":[],"output_config":{"format":{"type":"json_schema","schema":{}}}})", unable),
            "output_config.format: this model cannot be held to a schema");
}

TEST(TranslateRequest, AChoiceWithoutTools) {
  EXPECT_EQ(to_chat(R"(,"tool_choice":{"type":"auto","disable_parallel_tool_use":true})"), "");
  EXPECT_EQ(complaint(Endpoint::messages, R"({"messages":[],"tool_choice":{"type":"any"}})", chat()),
            "tool_choice: no tool is left to choose from");
  EXPECT_EQ(complaint(Endpoint::responses, R"({"input":"hi","tools":[{"type":"web_search"}]})", chat()),
            "tools: none of these tools can be given to the chosen model");
  EXPECT_EQ(
      complaint(
          Endpoint::responses,
          R"({"input":"hi","tools":[{"type":"function","name":"f"}],"tool_choice":{"type":"function","name":"g"}})",
          chat()),
      "tool_choice: the tool that it names is not among those that the model can be given");
}

TEST(TranslateRequest, WhatTheModelDoesNotTakeIsNamed) {
  Target target = chat();
  target.images = target.documents = target.tools = false;
  EXPECT_EQ(
      complaint(Endpoint::messages,
                R"({"messages":[{"role":"user","content":"a"},{"role":"user","content":[{"type":"text","text":"b"},
    {"type":"image","source":{"type":"url","url":"https://a"}}]}]})",
                target),
      "messages[1].content[1]: this model takes no images");
  EXPECT_EQ(complaint(Endpoint::messages, R"({"messages":[{"role":"user","content":[
    {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":""}}]}]})",
                      target),
            "messages[0].content[0]: this model takes no documents");
  EXPECT_EQ(
      complaint(Endpoint::messages,
                R"({"messages":[{"role":"user","content":"a"}],"tools":[{"name":"f","input_schema":{}}]})", target),
      "tools[0]: this model takes no tools");
  target = chat();
  target.images = false;
  EXPECT_EQ(complaint(Endpoint::messages,
                      R"({"messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"a","content":[
    {"type":"image","source":{"type":"base64","media_type":"image/png","data":""}}]}]}]})",
                      target),
            "messages[0].content[0].content[0]: this model takes no images");
  EXPECT_EQ(complaint(Endpoint::responses,
                      R"({"input":[{"role":"user","content":"a"},{"type":"function_call_output","call_id":"a","output":[
    {"type":"input_image","image_url":"https://a"}]}]})",
                      target),
            "input[1].output[0]: this model takes no images");
  EXPECT_EQ(
      complaint(Endpoint::messages,
                R"({"messages":[{"role":"user","content":[{"type":"image","source":{"type":"file","file_id":"f"}}]}]})",
                chat()),
      "messages[0].content[0].source: the file is kept at the vendor; send its data");
  EXPECT_EQ(complaint(Endpoint::responses, R"({"input":[{"type":"item_reference","id":"msg_1"}]})", chat()),
            "input[0]: the conversation is not kept here; send the item itself (with `store` false)");
  EXPECT_EQ(complaint(Endpoint::chat_completions, R"({"messages":[{"role":"user","content":"a"}],"stop":["\n"]})",
                      anthropic()),
            "stop: Anthropic's servers take no stop sequence of white space only");
}

TEST(TranslateRequest, WhatASideCannotHoldIsRefused) {
  const auto refused = [](std::string_view role, std::string_view block) {
    const std::string body =
        R"({"messages":[{"role":")" + std::string(role) + R"(","content":[)" + std::string(block) + "]}]}";
    return complaint(Endpoint::messages, body, chat()).starts_with("messages[0].content[0]: a system message holds");
  };
  constexpr std::string_view kImage = R"({"type":"image","source":{"type":"url","url":"https://a"}})";
  EXPECT_TRUE(refused("user", R"({"type":"tool_use","id":"a","name":"f","input":{}})"));
  EXPECT_TRUE(refused("assistant", R"({"type":"tool_result","tool_use_id":"a"})"));
  EXPECT_TRUE(refused("assistant", kImage));
  EXPECT_TRUE(refused("system", kImage));
  EXPECT_EQ(
      complaint(Endpoint::responses, R"({"input":[{"type":"function_call","name":"f","arguments":"{}"}]})", chat()),
      "input[0]: a call and its answer need an id");
}

TEST(TranslateRequest, OnlyConversationsAreTranslated) {
  base::json::Document scratch;
  for (const Endpoint endpoint : {Endpoint::count_tokens, Endpoint::embeddings}) {
    const auto result = translate_request(endpoint, R"({"model":"a","input":"x","messages":[]})", scratch, chat());
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, base::Code::unsupported);
  }
  const auto empty = translate_request(Endpoint::messages, R"({"messages":[]})", scratch, chat());
  ASSERT_FALSE(empty.ok());
  EXPECT_EQ(empty.error().code, base::Code::invalid);
  const auto escape =
      translate_request(Endpoint::messages, R"({"messages":[{"role":"user","content":"\q"}]})", scratch, chat());
  ASSERT_FALSE(escape.ok());
  EXPECT_EQ(escape.error().message, "messages[0]: a string holds an escape that JSON does not have");
}

TEST(TranslateRequest, LimitsHold) {
  const auto tools = [](std::size_t count) {
    std::string body = R"({"messages":[{"role":"user","content":"a"}],"tools":[)";
    for (std::size_t i = 0; i < count; ++i) body += i == 0 ? R"({"name":"f"})" : R"(,{"name":"f"})";
    return body + "]}";
  };
  base::json::Document scratch;
  EXPECT_TRUE(translate_request(Endpoint::messages, tools(10'000), scratch, chat()).ok());
  EXPECT_FALSE(translate_request(Endpoint::messages, tools(10'001), scratch, chat()).ok());
  std::string fields;
  for (std::size_t i = 0; i <= kDroppedLimit; ++i) fields += ",\"x" + std::to_string(i) + "\":1";
  const auto request =
      translated(Endpoint::messages, R"({"messages":[{"role":"user","content":"a"}])" + fields + "}", chat());
  EXPECT_EQ(request.dropped.size(), kDroppedLimit);
}

TEST(TranslateRequest, Paths) {
  EXPECT_EQ(target_path(core::Dialect::anthropic), "/v1/messages");
  EXPECT_EQ(target_path(core::Dialect::openai_chat), "/v1/chat/completions");
}

}  // namespace
}  // namespace basin::wire
