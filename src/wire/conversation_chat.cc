// Reads OpenAI chat completions as a conversation. A message of role "tool" is a block of the user's turn here; the
// calls of before tool_calls (function_call, role "function") have no ids and are given some, by their place.
#include "wire/conversation_reading.h"
#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Kind;
using base::json::Value;
using core::Block;
namespace shapes = chat_shapes;

class Reader {
 public:
  explicit Reader(ConversationReading& reading) : reading_(reading), conversation_(reading.conversation()) {}

  bool messages(Value value);
  bool tools(Value tools, Value functions);
  bool tool_choice(Value value, Value function_call);
  bool response_format(Value value);

 private:
  bool message(Value value);
  bool result(Value id, Value content);
  bool content(Value value, std::size_t depth, std::vector<Block>& blocks);
  bool part(Value value, std::vector<Block>& blocks);
  bool image(Value value, std::vector<Block>& blocks);
  bool file(Value value, std::vector<Block>& blocks);
  bool call(Value value);
  bool function(Value value, std::string id);
  bool custom(Value value, std::string id);
  bool tool(Value value);
  bool function_tool(Value value);

  ConversationReading& reading_;
  core::Conversation& conversation_;
  std::size_t unnamed_ = 0;  // calls that came without an id
};

std::string own_id(std::size_t number) { return "call_" + std::to_string(number); }

bool Reader::messages(Value value) {
  return each(reading_, 0, "messages", value, [this](Value one) { return message(one); });
}

bool Reader::message(Value value) {
  constexpr Names<6> kNames = {"role", "content", "tool_calls", "tool_call_id", "function_call", "refusal"};
  const auto [role, content_value, tool_calls, tool_call_id, function_call, refusal] = collect(value, kNames);
  if (!reading_.settle(value, shapes::kMessage)) return false;
  const std::string_view name = role.raw_string();
  if (name == "tool" || name == "function") return result(tool_call_id, content_value);
  reading_.begin_turn(name == "user"        ? core::Role::user
                      : name == "assistant" ? core::Role::assistant
                                            : core::Role::system);
  std::vector<Block>& blocks = conversation_.turns.back().blocks;
  if (!content(content_value, 1, blocks)) return false;
  if (refusal.present() && !reading_.add_text(blocks, refusal)) return false;
  if (!each(reading_, 1, "tool_calls", tool_calls, [this](Value one) { return call(one); })) return false;
  return !function_call.is(Kind::object) || function(function_call, own_id(++unnamed_));
}

bool Reader::result(Value id, Value content_value) {
  reading_.begin_turn(core::Role::user);
  Block block;
  block.kind = Block::Kind::tool_result;
  block.id = own_id(unnamed_);
  return reading_.decode(id, block.id) && content(content_value, 1, block.result) && reading_.add(std::move(block));
}

bool Reader::content(Value value, std::size_t depth, std::vector<Block>& blocks) {
  if (value.is(Kind::string)) return reading_.add_text(blocks, value);
  return each(reading_, depth, "content", value, [this, &blocks](Value one) { return part(one, blocks); });
}

bool Reader::part(Value value, std::vector<Block>& blocks) {
  constexpr Names<5> kNames = {"type", "text", "image_url", "file", "refusal"};
  const auto [type, text, image_url, file_value, refusal] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  bool carried = false;
  if (!reading_.settle_kind(shapes::kPartKinds, kind, carried)) return false;
  if (!carried) return true;
  if (!reading_.settle(value, shapes::kPart)) return false;
  if (kind == "image_url") return image(image_url, blocks);
  if (kind == "file") return file(file_value, blocks);
  return reading_.add_text(blocks, kind == "refusal" ? refusal : text);
}

// {"url", "detail"}, or the URL itself as some clients write it.
bool Reader::image(Value value, std::vector<Block>& blocks) {
  constexpr Names<1> kNames = {"url"};
  Block block;
  block.kind = Block::Kind::image;
  std::string url;
  return reading_.settle(value, shapes::kImage) &&
         reading_.decode(value.is(Kind::string) ? value : collect(value, kNames)[0], url) &&
         read_url(reading_, "image_url", std::move(url), block.source) && reading_.add(blocks, std::move(block));
}

bool Reader::file(Value value, std::vector<Block>& blocks) {
  constexpr Names<2> kNames = {"file_data", "filename"};
  const auto [data, filename] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::document;
  std::string url;
  return reading_.settle(value, shapes::kFile) && reading_.decode(data, url) &&
         read_url(reading_, "file.file_data", std::move(url), block.source) &&
         reading_.decode(filename, block.source.name) && reading_.add(blocks, std::move(block));
}

bool Reader::call(Value value) {
  constexpr Names<3> kNames = {"id", "function", "custom"};
  const auto [id_value, function_value, custom_value] = collect(value, kNames);
  std::string id;
  if (!reading_.settle(value, shapes::kCall) || !reading_.decode(id_value, id)) return false;
  if (id.empty()) id = own_id(++unnamed_);
  return custom_value.present() ? custom(custom_value, std::move(id)) : function(function_value, std::move(id));
}

bool Reader::function(Value value, std::string id) {
  constexpr Names<2> kNames = {"name", "arguments"};
  const auto [name, arguments] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::tool_use;
  block.id = std::move(id);
  if (arguments.is(Kind::object)) block.json = arguments.raw();
  return reading_.decode(name, block.name) && reading_.decode(arguments, block.arguments) &&
         reading_.add(std::move(block));
}

bool Reader::custom(Value value, std::string id) {
  constexpr Names<2> kNames = {"name", "input"};
  const auto [name, input] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::tool_use;
  block.id = std::move(id);
  std::string text;
  if (!reading_.decode(name, block.name) || !reading_.decode(input, text)) return false;
  block.arguments = free_text_arguments(text);
  return reading_.add(std::move(block));
}

bool Reader::tools(Value tools, Value functions) {
  return each(reading_, 0, "tools", tools, [this](Value one) { return tool(one); }) &&
         each(reading_, 0, "functions", functions, [this](Value one) { return function_tool(one); });
}

bool Reader::tool(Value value) {
  constexpr Names<3> kNames = {"type", "function", "custom"};
  const auto [type, function_value, custom_value] = collect(value, kNames);
  bool carried = false;
  const std::string_view kind = type.present() ? type.raw_string() : "function";
  if (!reading_.settle_kind(shapes::kToolKinds, kind, carried) || !reading_.settle(value, shapes::kTool)) return false;
  if (kind == "function") return function_tool(function_value);
  constexpr Names<2> kCustomNames = {"name", "description"};
  const auto [name, description] = collect(custom_value, kCustomNames);
  core::Tool tool;
  tool.takes_free_text = true;
  tool.schema = free_text_schema();
  return reading_.settle(custom_value, shapes::kCustom) && reading_.decode(name, tool.name) &&
         reading_.decode(description, tool.description) && reading_.add_tool(std::move(tool));
}

bool Reader::function_tool(Value value) {
  constexpr Names<4> kNames = {"name", "description", "parameters", "strict"};
  const auto [name, description, parameters, strict] = collect(value, kNames);
  core::Tool tool;
  if (parameters.is(Kind::object)) tool.schema = parameters.raw();
  tool.strict = strict.boolean();
  return reading_.settle(value, shapes::kFunction) && reading_.decode(name, tool.name) &&
         reading_.decode(description, tool.description) && reading_.add_tool(std::move(tool));
}

// A word, or {"type": "function", "function": {"name"}}; function_call is a word or {"name"}.
bool Reader::tool_choice(Value value, Value function_call) {
  reading_.at_top();
  const bool old = !value.present() && function_call.present();
  const Value choice = old ? function_call : value;
  constexpr Names<4> kNames = {"type", "function", "custom", "name"};
  const auto [type, function_value, custom_value, own_name] = collect(choice, kNames);
  std::string_view kind = choice.is(Kind::string) ? choice.raw_string() : type.raw_string();
  if (old && choice.is(Kind::object)) kind = "function";
  bool carried = false;
  if (choice.present() && !reading_.settle_kind(shapes::kToolChoiceKinds, kind, carried)) return false;
  if (kind == "auto") conversation_.tool_choice = core::ToolChoice::automatic;
  if (kind == "none") conversation_.tool_choice = core::ToolChoice::none;
  if (kind == "required") conversation_.tool_choice = core::ToolChoice::any;
  if (kind == "function" || kind == "custom") {
    conversation_.tool_choice = core::ToolChoice::named;
    const Value inner = function_value.present() ? function_value : custom_value;
    const Value name = inner.present() ? collect(inner, kNames)[3] : own_name;
    if (!reading_.decode(name, conversation_.tool_choice_name)) return false;
  }
  return reading_.settle_tool_choice("parallel_tool_calls");
}

bool Reader::response_format(Value value) {
  if (!value.present()) return true;
  constexpr Names<2> kNames = {"type", "json_schema"};
  const auto [type, json_schema] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  bool carried = false;
  if (!reading_.settle_kind(shapes::kFormatKinds, kind, carried)) return false;
  core::OutputFormat& format = conversation_.format;
  if (kind == "json_object") format.kind = core::OutputFormat::Kind::json_object;
  if (kind != "json_schema") return true;
  if (!reading_.target().json_schema)
    return reading_.refuse("response_format", "this model cannot be held to a schema");
  constexpr Names<3> kSchemaNames = {"name", "schema", "strict"};
  const auto [name, schema, strict] = collect(json_schema, kSchemaNames);
  if (!schema.is(Kind::object)) return reading_.refuse("response_format.json_schema", "it holds no schema");
  format.kind = core::OutputFormat::Kind::json_schema;
  format.schema = schema.raw();
  format.strict = strict.boolean();
  return reading_.settle(json_schema, shapes::kJsonSchema) && reading_.decode(name, format.name);
}

void read_sampling(Value root, core::Sampling& sampling) {
  constexpr Names<5> kNames = {"temperature", "top_p", "presence_penalty", "frequency_penalty", "seed"};
  const auto [temperature, top_p, presence, frequency, seed] = collect(root, kNames);
  sampling.temperature = temperature.number();
  sampling.top_p = top_p.number();
  sampling.presence_penalty = presence.number();
  sampling.frequency_penalty = frequency.number();
  sampling.seed = seed.number();
}

}  // namespace

base::Status read_chat_conversation(Value root, ConversationReading& reading) {
  constexpr Names<13> kNames = {"messages",
                                "tools",
                                "functions",
                                "tool_choice",
                                "function_call",
                                "parallel_tool_calls",
                                "response_format",
                                "reasoning_effort",
                                "stop",
                                "stream",
                                "stream_options",
                                "max_completion_tokens",
                                "max_tokens"};
  const auto [messages, tools, functions, tool_choice, function_call, parallel, response_format, effort_value, stop,
              stream, stream_options, max_completion, max_tokens] = collect(root, kNames);
  core::Conversation& conversation = reading.conversation();
  conversation.parallel_tools = parallel.boolean();
  Reader reader(reading);
  std::string effort;
  if (!reading.settle(root, shapes::kBody) || !reading.settle(stream_options, shapes::kStreamOptions) ||
      !reader.messages(messages) || !reader.tools(tools, functions) ||
      !reader.tool_choice(tool_choice, function_call) || !reader.response_format(response_format) ||
      !read_stop(reading, "stop", stop) || !reading.decode(effort_value, effort)) {
    return reading.error();
  }
  read_effort(reading, "reasoning_effort", std::move(effort));
  if (!conversation.effort.empty()) conversation.thinking = true;
  read_sampling(root, conversation.sampling);
  constexpr Names<1> kUsage = {"include_usage"};
  conversation.stream = stream.boolean().value_or(false);
  conversation.stream_usage = collect(stream_options, kUsage)[0].boolean().value_or(false);
  conversation.max_output_tokens =
      max_completion.present() ? max_completion.unsigned_integer() : max_tokens.unsigned_integer();
  return base::ok_status();
}

}  // namespace basin::wire
