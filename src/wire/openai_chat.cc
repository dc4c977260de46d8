// OpenAI Chat Completions.
//
//   {"model", "messages": [{"role", "content": string | [part] | null, "tool_calls": [{"function": {"name"}}]}],
//   "tools",
//    "stream", "max_completion_tokens" | "max_tokens", "response_format", "reasoning_effort", ...}
//
// A message of role "tool" is one tool's answer: one part of kind tool_result.
#include "wire/fields.h"
#include "wire/readers.h"
#include "wire/reading.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using core::Bound;
using core::PartKind;

bool runs_at_vendor(Value tool) {
  constexpr Names<1> kNames = {"type"};
  const std::string_view type = collect(tool, kNames)[0].raw_string();
  return !type.empty() && type != "function" && type != "custom";
}

class ChatReader {
 public:
  explicit ChatReader(core::Request& request) : reading_(request, "messages") {}
  Reading& reading() { return reading_; }
  bool messages(Value value);

 private:
  bool message(Value value, std::int32_t index);
  bool content(Value value);
  bool part(Value value);
  bool tool_answer(Value content);
  bool calls(Value tool_calls, Value function_call);

  Reading reading_;
};

bool ChatReader::messages(Value value) {
  if (!value.is(Kind::array)) return reading_.complain_top("messages", "an array of messages", value);
  std::int32_t index = 0;
  for (Elements elements(value); elements.next(); ++index) {
    if (!message(elements.value(), index)) return false;
  }
  return true;
}

bool ChatReader::message(Value value, std::int32_t index) {
  constexpr Names<5> kNames = {"role", "content", "tool_calls", "function_call", "reasoning_details"};
  const auto [role_value, content_value, tool_calls, function_call, reasoning] = collect(value, kNames);
  const core::Role role = role_of(role_value.raw_string());
  if (!reading_.begin_message(role, index)) return false;
  if (!value.is(Kind::object)) return reading_.complain("", "an object with role and content", value);
  if (!role_value.is(Kind::string)) return reading_.complain("role", "a string", role_value);
  if (content_value.present() && !content_value.is(Kind::string) && !content_value.is(Kind::array)) {
    return reading_.complain("content", "a string or an array of parts", content_value);
  }
  if (role == core::Role::tool) return tool_answer(content_value);
  // sealed reasoning that a router hands through for the model's maker; readable reasoning is bound to nobody
  if (Elements(reasoning).next() && !reading_.add(PartKind::thinking, reasoning)) return false;
  return content(content_value) && calls(tool_calls, function_call);
}

bool ChatReader::content(Value value) {
  return reading_.content(value, [this](Value each) { return part(each); });
}

bool ChatReader::part(Value value) {
  if (!value.is(Kind::object)) return reading_.complain("", "an object with a type", value);
  constexpr Names<3> kNames = {"type", "text", "file"};
  const auto [type, text, file] = collect(value, kNames);
  if (!type.is(Kind::string)) return reading_.complain("type", "a string", type);
  const std::string_view kind = type.raw_string();
  if (kind == "text") {
    if (!text.is(Kind::string)) return reading_.complain("text", "a string", text);
    return reading_.add(PartKind::text, value, Reading::text_of(text));
  }
  if (kind == "image_url") {
    reading_.bind(Bound::image);
    return reading_.add(PartKind::image, value);
  }
  if (kind == "file") {
    constexpr Names<1> kFile = {"file_id"};
    reading_.bind(collect(file, kFile)[0].present() ? Bound::file_id : Bound::document);
    return reading_.add(PartKind::document, value);
  }
  if (kind == "input_audio") reading_.bind(Bound::audio);
  return reading_.add(PartKind::other, value);
}

bool ChatReader::tool_answer(Value content) {
  core::Text first = Reading::text_of(content);
  for (Elements parts(content); parts.next() && first.raw.data() == nullptr;) {
    constexpr Names<1> kNames = {"text"};
    first = Reading::text_of(collect(parts.value(), kNames)[0]);
  }
  return reading_.add(PartKind::tool_result, content, first);
}

// tool_calls, and function_call which came before it.
bool ChatReader::calls(Value tool_calls, Value function_call) {
  constexpr Names<3> kNames = {"function", "custom", "name"};
  for (Elements calls(tool_calls); calls.next();) {
    const auto [function, custom, unused] = collect(calls.value(), kNames);
    const Value name = collect(function.present() ? function : custom, kNames)[2];
    if (!reading_.add(PartKind::tool_use, calls.value(), {}, name.raw_string())) return false;
  }
  if (!function_call.is(Kind::object)) return true;
  return reading_.add(PartKind::tool_use, function_call, {}, collect(function_call, kNames)[2].raw_string());
}

void read_response_format(Value format, core::Request& request) {
  constexpr Names<1> kNames = {"json_schema"};
  constexpr Names<1> kSchema = {"schema"};
  const Value json_schema = collect(format, kNames)[0];
  request.output_title_hint = title_hint(collect(json_schema, kSchema)[0]);
}

bool holds_audio(Value modalities) {
  for (Elements elements(modalities); elements.next();) {
    if (elements.value().raw_string() == "audio") return true;
  }
  return false;
}

}  // namespace

base::Status read_openai_chat(Value root, core::Request& request) {
  constexpr Names<17> kNames = {"model",
                                "messages",
                                "tools",
                                "functions",
                                "stream",
                                "max_completion_tokens",
                                "max_tokens",
                                "response_format",
                                "reasoning_effort",
                                "prompt_cache_key",
                                "user",
                                "n",
                                "logprobs",
                                "top_logprobs",
                                "web_search_options",
                                "modalities",
                                "safety_identifier"};
  std::array<Value, kNames.size()> top;
  if (auto collected = collect_once(root, kNames, top); !collected) return collected;
  const auto& [model, messages, tools, functions, stream, max_completion, max_tokens, response_format, effort,
               cache_key, user, n, logprobs, top_logprobs, web_search, modalities, safety_identifier] = top;
  ChatReader reader(request);
  Reading& reading = reader.reading();
  if (!reading.model(model) || !reading.stream(stream) || !reading.tools(tools, "tools", runs_at_vendor) ||
      !reading.tools(functions, "functions", runs_at_vendor) || !reader.messages(messages)) {
    return reading.error();
  }
  request.max_output_tokens =
      max_completion.present() ? max_completion.unsigned_integer() : max_tokens.unsigned_integer();
  read_response_format(response_format, request);
  request.effort = Reading::text_of(effort);
  request.prompt_cache_key = Reading::text_of(cache_key);
  request.user_id = Reading::text_of(user.present() ? user : safety_identifier);
  if (n.number().value_or(1) > 1) reading.bind(Bound::many_choices);
  if (logprobs.boolean().value_or(false) || top_logprobs.present()) reading.bind(Bound::logprobs);
  if (web_search.present()) reading.bind(Bound::server_tool);
  if (holds_audio(modalities)) reading.bind(Bound::audio);
  return base::ok_status();
}

}  // namespace basin::wire
