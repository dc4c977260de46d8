// OpenAI Responses.
//
//   {"model", "instructions", "input": string | [item], "tools", "stream", "max_output_tokens", "reasoning":
//   {"effort"},
//    "text": {"format": {"schema"}}, "prompt_cache_key", "previous_response_id", "background", ...}
//
// The input is a flat list of items: messages, calls, answers, reasoning. Each becomes a message of its own, so that
// item i of the client's list is message i here.
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

// Types that the client runs; every other one runs at the vendor.
bool runs_at_vendor(Value tool) {
  constexpr Names<1> kNames = {"type"};
  const std::string_view type = collect(tool, kNames)[0].raw_string();
  for (const std::string_view client : {"", "function", "custom", "namespace", "local_shell", "shell", "apply_patch"}) {
    if (type == client) return false;
  }
  return true;
}

class ResponsesReader {
 public:
  explicit ResponsesReader(core::Request& request) : reading_(request, "input") {}
  Reading& reading() { return reading_; }
  bool instructions(Value value);
  bool input(Value value);

 private:
  bool item(Value value, std::int32_t index);
  bool message(Value role, Value content, std::int32_t index);
  bool part(Value value);
  bool answer(Value item, Value output, std::int32_t index);
  bool single(core::Role role, PartKind kind, Value item, std::int32_t index, std::string_view name = {});
  bool misfit(std::string_view field, std::string_view wanted, Value found, std::int32_t index);

  Reading reading_;
};

bool ResponsesReader::instructions(Value value) {
  if (!value.present()) return true;
  if (!value.is(Kind::string)) return reading_.complain_top("instructions", "a string", value);
  reading_.request().system_bytes = static_cast<std::uint32_t>(value.raw().size());
  return reading_.begin_message(core::Role::system, Reading::kTopSystem) && reading_.add_string(PartKind::text, value);
}

bool ResponsesReader::input(Value value) {
  if (!value.present()) return true;  // a stored prompt or a former response may stand in for it
  if (value.is(Kind::string))
    return reading_.begin_message(core::Role::user, 0) && reading_.add_string(PartKind::text, value);
  if (!value.is(Kind::array)) return reading_.complain_top("input", "a string or an array of items", value);
  std::int32_t index = 0;
  for (Elements items(value); items.next(); ++index) {
    if (!item(items.value(), index)) return false;
  }
  return true;
}

bool ResponsesReader::item(Value value, std::int32_t index) {
  constexpr Names<5> kNames = {"type", "role", "content", "name", "output"};
  const auto [type, role, content, name, output] = collect(value, kNames);
  const bool typed = type.is(Kind::string);
  const std::string_view kind = type.raw_string();
  if (!value.is(Kind::object)) return misfit("", "an object", value, index);
  if (kind == "message" || (!typed && role.present())) return message(role, content, index);
  if (!typed) return misfit("type", "a string", type, index);
  if (kind.ends_with("_call_output")) return answer(value, output, index);
  if (kind == "reasoning" || kind == "compaction")
    return single(core::Role::assistant, PartKind::thinking, value, index);
  for (const std::string_view call :
       {"function_call", "custom_tool_call", "local_shell_call", "shell_call", "apply_patch_call"}) {
    if (kind == call) return single(core::Role::assistant, PartKind::tool_use, value, index, name.raw_string());
  }
  if (kind == "item_reference") reading_.bind(Bound::previous_response_id);
  // a call that the vendor answered itself
  if (kind.ends_with("_call") || kind.starts_with("mcp_")) reading_.bind(Bound::server_tool);
  return single(core::Role::assistant, PartKind::other, value, index);
}

// An item that is one part.
bool ResponsesReader::single(core::Role role, PartKind kind, Value item, std::int32_t index, std::string_view name) {
  return reading_.begin_message(role, index) && reading_.add(kind, item, {}, name);
}

bool ResponsesReader::misfit(std::string_view field, std::string_view wanted, Value found, std::int32_t index) {
  return reading_.begin_message(core::Role::system, index) && reading_.complain(field, wanted, found);
}

bool ResponsesReader::message(Value role, Value content, std::int32_t index) {
  if (!reading_.begin_message(role_of(role.raw_string()), index)) return false;
  if (!role.is(Kind::string)) return reading_.complain("role", "a string", role);
  if (!content.is(Kind::string) && !content.is(Kind::array)) {
    return reading_.complain("content", "a string or an array of parts", content);
  }
  return reading_.content(content, [this](Value each) { return part(each); });
}

bool ResponsesReader::part(Value value) {
  if (!value.is(Kind::object)) return reading_.complain("", "an object with a type", value);
  constexpr Names<3> kNames = {"type", "text", "file_id"};
  const auto [type, text, file_id] = collect(value, kNames);
  if (!type.is(Kind::string)) return reading_.complain("type", "a string", type);
  const std::string_view kind = type.raw_string();
  if (kind == "input_text" || kind == "output_text" || kind == "text") {
    if (!text.is(Kind::string)) return reading_.complain("text", "a string", text);
    return reading_.add(PartKind::text, value, Reading::text_of(text));
  }
  if (kind == "input_image") {
    reading_.bind(file_id.present() ? Bound::file_id : Bound::image);
    return reading_.add(PartKind::image, value);
  }
  if (kind == "input_file") {
    reading_.bind(file_id.present() ? Bound::file_id : Bound::document);
    return reading_.add(PartKind::document, value);
  }
  if (kind == "input_audio") reading_.bind(Bound::audio);
  return reading_.add(PartKind::other, value);
}

// A tool's answer: a string, or parts of text and images.
bool ResponsesReader::answer(Value item, Value output, std::int32_t index) {
  if (!reading_.begin_message(core::Role::tool, index)) return false;
  core::Text first = Reading::text_of(output);
  for (Elements parts(output); parts.next();) {
    constexpr Names<3> kNames = {"type", "text", "file_id"};
    const auto [type, text, file_id] = collect(parts.value(), kNames);
    if (first.raw.data() == nullptr) first = Reading::text_of(text);
    if (type.raw_string() == "input_image") reading_.bind(file_id.present() ? Bound::file_id : Bound::image);
    if (type.raw_string() == "input_file") reading_.bind(file_id.present() ? Bound::file_id : Bound::document);
  }
  return reading_.add(PartKind::tool_result, item, first);
}

void read_text_format(Value text, core::Request& request) {
  constexpr Names<1> kFormat = {"format"};
  constexpr Names<1> kSchema = {"schema"};
  const Value schema = collect(collect(text, kFormat)[0], kSchema)[0];
  request.output_title_hint = title_hint(schema);
}

bool asks_for_logprobs(Value include, Value top_logprobs) {
  if (top_logprobs.number().value_or(0) > 0) return true;
  for (Elements elements(include); elements.next();) {
    if (elements.value().raw_string().ends_with(".logprobs")) return true;
  }
  return false;
}

}  // namespace

base::Status read_openai_responses(Value root, core::Request& request) {
  constexpr Names<17> kNames = {"model",
                                "input",
                                "instructions",
                                "tools",
                                "stream",
                                "max_output_tokens",
                                "reasoning",
                                "text",
                                "prompt_cache_key",
                                "user",
                                "safety_identifier",
                                "previous_response_id",
                                "conversation",
                                "background",
                                "include",
                                "top_logprobs",
                                "prompt"};
  std::array<Value, kNames.size()> top;
  if (auto collected = collect_once(root, kNames, top); !collected) return collected;
  const auto& [model, input, instructions, tools, stream, max_tokens, reasoning, text, cache_key, user,
               safety_identifier, previous, conversation, background, include, top_logprobs, stored_prompt] = top;
  ResponsesReader reader(request);
  Reading& reading = reader.reading();
  if (!reading.model(model) || !reading.stream(stream) || !reading.tools(tools, "tools", runs_at_vendor) ||
      !reader.instructions(instructions) || !reader.input(input)) {
    return reading.error();
  }
  request.max_output_tokens = max_tokens.unsigned_integer();
  constexpr Names<1> kEffort = {"effort"};
  request.effort = Reading::text_of(collect(reasoning, kEffort)[0]);
  read_text_format(text, request);
  request.prompt_cache_key = Reading::text_of(cache_key);
  request.user_id = Reading::text_of(user.present() ? user : safety_identifier);
  if (previous.present() || conversation.present() || stored_prompt.present())
    reading.bind(Bound::previous_response_id);
  if (background.boolean().value_or(false)) reading.bind(Bound::background);
  if (asks_for_logprobs(include, top_logprobs)) reading.bind(Bound::logprobs);
  return base::ok_status();
}

}  // namespace basin::wire
