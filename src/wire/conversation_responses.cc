// Reads OpenAI Responses as a conversation. The input is a flat list: each item begins a turn of its own here, and
// those of one side that follow one another are put together later (conversation_turns.h).
#include "wire/conversation_reading.h"
#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Kind;
using base::json::Value;
using core::Block;
namespace shapes = responses_shapes;

class Reader {
 public:
  explicit Reader(ConversationReading& reading) : reading_(reading), conversation_(reading.conversation()) {}

  bool instructions(Value value);
  bool input(Value value);
  bool tools(Value value);
  bool tool_choice(Value value);
  bool text_format(Value value);
  bool effort(Value value);

 private:
  bool item(Value value);
  bool message(Value role, Value content);
  bool call(Value value, bool free_text);
  bool result(Value value);
  bool parts(std::string_view list, Value value, std::vector<Block>& blocks);
  bool part(Value value, std::vector<Block>& blocks);
  bool image(Value url, std::vector<Block>& blocks);
  bool file(Value value, std::vector<Block>& blocks);
  bool tool(Value value);

  ConversationReading& reading_;
  core::Conversation& conversation_;
};

bool Reader::instructions(Value value) {
  if (!value.present()) return true;
  reading_.begin_turn(core::Role::system);
  return reading_.add_text(conversation_.turns.back().blocks, value);
}

bool Reader::input(Value value) {
  if (value.is(Kind::string)) {
    reading_.begin_turn(core::Role::user);
    return reading_.add_text(conversation_.turns.back().blocks, value);
  }
  return each(reading_, 0, "input", value, [this](Value one) { return item(one); });
}

bool Reader::item(Value value) {
  constexpr Names<4> kNames = {"type", "role", "content", "id"};
  const auto [type, role, content, id] = collect(value, kNames);
  const std::string_view kind = type.is(Kind::string) ? type.raw_string() : "message";
  bool carried = false;
  if (!reading_.settle_kind(shapes::kItemKinds, kind, carried)) return false;
  if (kind == "item_reference" && !id.raw_string().starts_with("rs_")) {
    return reading_.refuse("", "the conversation is not kept here; send the item itself (with `store` false)");
  }
  if (!carried) return true;
  if (!reading_.settle(value, shapes::kItem)) return false;
  if (kind == "message") return message(role, content);
  if (kind == "function_call") return call(value, false);
  if (kind == "custom_tool_call") return call(value, true);
  return result(value);
}

bool Reader::message(Value role, Value content) {
  const std::string_view name = role.raw_string();
  reading_.begin_turn(name == "user"        ? core::Role::user
                      : name == "assistant" ? core::Role::assistant
                                            : core::Role::system);
  return parts("content", content, conversation_.turns.back().blocks);
}

bool Reader::call(Value value, bool free_text) {
  constexpr Names<5> kNames = {"call_id", "id", "name", "arguments", "input"};
  const auto [call_id, id, name, arguments, input] = collect(value, kNames);
  reading_.begin_turn(core::Role::assistant);
  Block block;
  block.kind = Block::Kind::tool_use;
  if (arguments.is(Kind::object)) block.json = arguments.raw();
  if (!reading_.decode(call_id.present() ? call_id : id, block.id) || !reading_.decode(name, block.name) ||
      !reading_.decode(free_text ? input : arguments, block.arguments)) {
    return false;
  }
  if (free_text) block.arguments = free_text_arguments(block.arguments);
  return reading_.add(std::move(block));
}

bool Reader::result(Value value) {
  constexpr Names<2> kNames = {"call_id", "output"};
  const auto [call_id, output] = collect(value, kNames);
  reading_.begin_turn(core::Role::user);
  Block block;
  block.kind = Block::Kind::tool_result;
  return reading_.decode(call_id, block.id) && parts("output", output, block.result) && reading_.add(std::move(block));
}

bool Reader::parts(std::string_view list, Value value, std::vector<Block>& blocks) {
  if (value.is(Kind::string)) return reading_.add_text(blocks, value);
  return each(reading_, 1, list, value, [this, &blocks](Value one) { return part(one, blocks); });
}

bool Reader::part(Value value, std::vector<Block>& blocks) {
  constexpr Names<4> kNames = {"type", "text", "refusal", "image_url"};
  const auto [type, text, refusal, image_url] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  bool carried = false;
  if (!reading_.settle_kind(shapes::kPartKinds, kind, carried)) return false;
  if (!carried) return true;
  if (!reading_.settle(value, shapes::kPart)) return false;
  if (kind == "input_image") return image(image_url, blocks);
  if (kind == "input_file") return file(value, blocks);
  return reading_.add_text(blocks, kind == "refusal" ? refusal : text);
}

bool Reader::image(Value url_value, std::vector<Block>& blocks) {
  Block block;
  block.kind = Block::Kind::image;
  std::string url;
  return reading_.decode(url_value, url) && read_url(reading_, "image_url", std::move(url), block.source) &&
         reading_.add(blocks, std::move(block));
}

bool Reader::file(Value value, std::vector<Block>& blocks) {
  constexpr Names<3> kNames = {"file_data", "filename", "file_url"};
  const auto [data, filename, file_url] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::document;
  std::string url;
  return reading_.decode(data.present() ? data : file_url, url) &&
         read_url(reading_, data.present() ? "file_data" : "file_url", std::move(url), block.source) &&
         reading_.decode(filename, block.source.name) && reading_.add(blocks, std::move(block));
}

bool Reader::tools(Value value) {
  bool any = false;
  const auto one_tool = [this, &any](Value one) {
    any = true;
    return tool(one);
  };
  if (!each(reading_, 0, "tools", value, one_tool)) return false;
  reading_.at_top();
  return !any || !conversation_.tools.empty() ||
         reading_.refuse("tools", "none of these tools can be given to the chosen model");
}

bool Reader::tool(Value value) {
  constexpr Names<5> kNames = {"type", "name", "description", "parameters", "strict"};
  const auto [type, name, description, parameters, strict] = collect(value, kNames);
  const std::string_view kind = type.present() ? type.raw_string() : "function";
  bool carried = false;
  if (!reading_.settle_kind(shapes::kToolKinds, kind, carried)) return false;
  if (!carried) return true;
  core::Tool tool;
  tool.takes_free_text = kind == "custom";
  if (tool.takes_free_text) {
    tool.schema = free_text_schema();
  } else if (parameters.is(Kind::object)) {
    tool.schema = parameters.raw();
  }
  tool.strict = strict.boolean();
  return reading_.settle(value, shapes::kTool) && reading_.decode(name, tool.name) &&
         reading_.decode(description, tool.description) && reading_.add_tool(std::move(tool));
}

bool Reader::tool_choice(Value value) {
  constexpr Names<2> kNames = {"type", "name"};
  const auto [type, name] = collect(value, kNames);
  const std::string_view kind = value.is(Kind::string) ? value.raw_string() : type.raw_string();
  bool carried = false;
  if (value.present() && !reading_.settle_kind(shapes::kToolChoiceKinds, kind, carried)) return false;
  if (kind == "auto") conversation_.tool_choice = core::ToolChoice::automatic;
  if (kind == "none") conversation_.tool_choice = core::ToolChoice::none;
  if (kind == "required") conversation_.tool_choice = core::ToolChoice::any;
  if (kind == "function" || kind == "custom") conversation_.tool_choice = core::ToolChoice::named;
  return reading_.decode(name, conversation_.tool_choice_name) && reading_.settle_tool_choice("parallel_tool_calls");
}

bool Reader::text_format(Value text) {
  constexpr Names<1> kTextNames = {"format"};
  constexpr Names<4> kNames = {"type", "name", "schema", "strict"};
  const Value value = collect(text, kTextNames)[0];
  if (!reading_.settle(text, shapes::kText)) return false;
  if (!value.present()) return true;
  const auto [type, name, schema, strict] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  bool carried = false;
  if (!reading_.settle_kind(shapes::kFormatKinds, kind, carried)) return false;
  core::OutputFormat& format = conversation_.format;
  if (kind == "json_object") format.kind = core::OutputFormat::Kind::json_object;
  if (kind != "json_schema") return true;
  if (!reading_.target().json_schema) return reading_.refuse("text.format", "this model cannot be held to a schema");
  if (!schema.is(Kind::object)) return reading_.refuse("text.format", "it holds no schema");
  format.kind = core::OutputFormat::Kind::json_schema;
  format.schema = schema.raw();
  format.strict = strict.boolean();
  return reading_.settle(value, shapes::kFormat) && reading_.decode(name, format.name);
}

bool Reader::effort(Value reasoning) {
  constexpr Names<1> kNames = {"effort"};
  std::string level;
  if (!reading_.settle(reasoning, shapes::kReasoning) || !reading_.decode(collect(reasoning, kNames)[0], level)) {
    return false;
  }
  read_effort(reading_, "reasoning.effort", std::move(level));
  if (!conversation_.effort.empty()) conversation_.thinking = true;
  return true;
}

}  // namespace

base::Status read_responses_conversation(Value root, ConversationReading& reading) {
  constexpr Names<11> kNames = {
      "input", "instructions", "tools",       "tool_choice", "parallel_tool_calls", "reasoning",
      "text",  "stream",       "temperature", "top_p",       "max_output_tokens"};
  const auto [input, instructions, tools, tool_choice, parallel, reasoning, text, stream, temperature, top_p,
              max_tokens] = collect(root, kNames);
  core::Conversation& conversation = reading.conversation();
  conversation.parallel_tools = parallel.boolean();
  Reader reader(reading);
  if (!reading.settle(root, shapes::kBody) || !reader.instructions(instructions) || !reader.input(input) ||
      !reader.tools(tools) || !reader.tool_choice(tool_choice) || !reader.text_format(text) ||
      !reader.effort(reasoning)) {
    return reading.error();
  }
  conversation.stream = stream.boolean().value_or(false);
  conversation.stream_usage = true;
  conversation.max_output_tokens = max_tokens.unsigned_integer();
  conversation.sampling.temperature = temperature.number();
  conversation.sampling.top_p = top_p.number();
  return base::ok_status();
}

}  // namespace basin::wire
