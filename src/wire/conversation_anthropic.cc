// Reads Anthropic Messages as a conversation.
//
// Two things are peculiar to it. A message's texts that follow one another are one text of the assistant, cut where
// citations begin and end, and are joined again. And tools that wait to be loaded are in the request's list from the
// moment on at which a tool_reference names them: only those are told to another model.
#include <algorithm>

#include "wire/conversation_reading.h"
#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using core::Block;
namespace shapes = anthropic_shapes;

constexpr std::string_view kBillingHeader = "x-anthropic-billing-header";

class Reader {
 public:
  explicit Reader(ConversationReading& reading) : reading_(reading), conversation_(reading.conversation()) {}

  bool system(Value value);
  bool messages(Value value);
  bool tools(Value value);
  bool tool_choice(Value value);
  bool output_config(Value value);
  bool thinking(Value value);

 private:
  bool message(Value value);
  bool content(Value value, std::size_t depth, std::vector<Block>& blocks);
  bool block(Value value, std::size_t depth, std::vector<Block>& blocks);
  bool tool_use(Value value, std::vector<Block>& blocks);
  bool tool_result(Value value, std::size_t depth, std::vector<Block>& blocks);
  bool tool_reference(Value value, std::vector<Block>& blocks);
  bool search_result(Value value, std::vector<Block>& blocks);
  bool summary(Value value, std::vector<Block>& blocks);
  bool file(Value value, Block::Kind kind, std::vector<Block>& blocks);
  bool source(Value value, core::Source& source);
  bool texts(Value content, std::string& out);
  bool tool(Value value);

  ConversationReading& reading_;
  core::Conversation& conversation_;
  std::vector<std::string> referenced_;  // tools that a tool_reference named
};

bool Reader::system(Value value) {
  if (!value.present()) return true;
  reading_.begin_turn(core::Role::system);
  std::vector<Block>& blocks = conversation_.turns.back().blocks;
  if (value.is(Kind::string)) return reading_.add_text(blocks, value);
  std::int32_t index = 0;
  for (Elements elements(value); elements.next(); ++index) {
    reading_.at(0, "system", index);
    constexpr Names<2> kNames = {"type", "text"};
    const auto [type, text] = collect(elements.value(), kNames);
    bool carried = false;
    const bool billing = index == 0 && text.raw_string().starts_with(kBillingHeader);
    if (!reading_.settle_kind(shapes::kSystemKinds, billing ? kBillingHeader : type.raw_string(), carried) ||
        !reading_.settle(elements.value(), shapes::kSystemBlock) || (carried && !reading_.add_text(blocks, text))) {
      return false;
    }
  }
  return true;
}

bool Reader::messages(Value value) {
  return each(reading_, 0, "messages", value, [this](Value one) { return message(one); });
}

bool Reader::message(Value value) {
  if (!reading_.settle(value, shapes::kMessage)) return false;
  constexpr Names<3> kNames = {"role", "content", "output_config"};
  const auto [role, content_value, config] = collect(value, kNames);
  const std::string_view name = role.raw_string();
  reading_.begin_turn(name == "user"        ? core::Role::user
                      : name == "assistant" ? core::Role::assistant
                                            : core::Role::system);
  return output_config(config) && content(content_value, 1, conversation_.turns.back().blocks);
}

bool Reader::content(Value value, std::size_t depth, std::vector<Block>& blocks) {
  if (value.is(Kind::string)) return reading_.add_text(blocks, value);
  const bool joins = depth == 1 && conversation_.turns.back().role == core::Role::assistant;
  bool after_text = false;
  std::int32_t index = 0;
  for (Elements elements(value); elements.next(); ++index) {
    reading_.at(depth, "content", index);
    const std::size_t had = blocks.size();
    if (!block(elements.value(), depth, blocks)) return false;
    const bool text = blocks.size() == had + 1 && blocks.back().kind == Block::Kind::text;
    if (joins && text && after_text) {
      blocks[had - 1].text += blocks.back().text;
      blocks.pop_back();
    }
    after_text = text;
  }
  return true;
}

bool Reader::block(Value value, std::size_t depth, std::vector<Block>& blocks) {
  constexpr Names<2> kNames = {"type", "text"};
  const auto [type, text] = collect(value, kNames);
  bool carried = false;
  if (!reading_.settle_kind(shapes::kBlockKinds, type.raw_string(), carried)) return false;
  if (!carried) return true;
  if (!reading_.settle(value, shapes::kBlock)) return false;
  const std::string_view kind = type.raw_string();
  if (kind == "text") return reading_.add_text(blocks, text);
  if (kind == "image") return file(value, Block::Kind::image, blocks);
  if (kind == "document") return file(value, Block::Kind::document, blocks);
  if (kind == "tool_reference") return tool_reference(value, blocks);
  if (kind == "search_result") return search_result(value, blocks);
  if (kind == "compaction") return summary(value, blocks);
  if (depth > 1) return reading_.refuse("", "a tool's result holds text, images and documents only");
  return kind == "tool_use" ? tool_use(value, blocks) : tool_result(value, depth, blocks);
}

bool Reader::tool_use(Value value, std::vector<Block>& blocks) {
  constexpr Names<3> kNames = {"id", "name", "input"};
  const auto [id, name, input] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::tool_use;
  if (input.is(Kind::object)) block.json = input.raw();
  return reading_.decode(id, block.id) && reading_.decode(name, block.name) &&
         reading_.decode(input, block.arguments) && reading_.add(blocks, std::move(block));
}

bool Reader::tool_result(Value value, std::size_t depth, std::vector<Block>& blocks) {
  constexpr Names<3> kNames = {"tool_use_id", "content", "is_error"};
  const auto [id, content_value, is_error] = collect(value, kNames);
  Block block;
  block.kind = Block::Kind::tool_result;
  block.is_error = is_error.boolean().value_or(false);
  return reading_.decode(id, block.id) && content(content_value, depth + 1, block.result) &&
         reading_.add(blocks, std::move(block));
}

bool Reader::tool_reference(Value value, std::vector<Block>& blocks) {
  constexpr Names<1> kNames = {"tool_name"};
  Block block;
  std::string name;
  if (!reading_.decode(collect(value, kNames)[0], name)) return false;
  block.text = "The tool " + name + " is loaded: it can be called now.";
  if (referenced_.size() < kToolLimit) referenced_.push_back(std::move(name));
  return reading_.add(blocks, std::move(block));
}

// The texts of a content that has nothing but text; what is not text is refused.
bool Reader::texts(Value content, std::string& out) {
  if (content.is(Kind::string)) return reading_.decode(content, out);
  for (Elements elements(content); elements.next();) {
    constexpr Names<2> kNames = {"type", "text"};
    const auto [type, text] = collect(elements.value(), kNames);
    if (type.raw_string() != "text") return reading_.refuse("content", "only text can be translated here");
    std::string piece;
    if (!reading_.decode(text, piece)) return false;
    if (!out.empty()) out += "\n\n";
    out += piece;
  }
  return true;
}

bool Reader::search_result(Value value, std::vector<Block>& blocks) {
  constexpr Names<3> kNames = {"title", "source", "content"};
  const auto [title, source_value, content_value] = collect(value, kNames);
  Block block;
  std::string source, text;
  if (!reading_.decode(title, block.text) || !reading_.decode(source_value, source) || !texts(content_value, text)) {
    return false;
  }
  ((block.text += '\n') += source) += "\n\n";
  block.text += text;
  return reading_.add(blocks, std::move(block));
}

bool Reader::summary(Value value, std::vector<Block>& blocks) {
  constexpr Names<1> kNames = {"content"};
  const auto [content_value] = collect(value, kNames);
  if (!content_value.is(Kind::string)) return reading_.refuse("", "only the model that made it can read it");
  return reading_.add_text(blocks, content_value);
}

bool Reader::file(Value value, Block::Kind kind, std::vector<Block>& blocks) {
  constexpr Names<2> kNames = {"source", "title"};
  const auto [source_value, title] = collect(value, kNames);
  Block block;
  block.kind = kind;
  return source(source_value, block.source) && reading_.decode(title, block.source.name) &&
         reading_.add(blocks, std::move(block));
}

bool Reader::source(Value value, core::Source& source) {
  constexpr Names<5> kNames = {"type", "media_type", "data", "url", "content"};
  const auto [type, media_type, data, url, content_value] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "url") {
    source.kind = core::Source::Kind::url;
    return reading_.decode(url, source.data);
  }
  if (kind == "content") {
    source.kind = core::Source::Kind::text;
    return texts(content_value, source.data);
  }
  if (kind != "base64" && kind != "text")
    return reading_.refuse("source", "the file is kept at the vendor; send its data");
  source.kind = kind == "text" ? core::Source::Kind::text : core::Source::Kind::base64;
  return reading_.decode(media_type, source.media_type) && reading_.decode(data, source.data);
}

bool Reader::tools(Value value) {
  return each(reading_, 0, "tools", value, [this](Value one) { return tool(one); });
}

bool Reader::tool(Value value) {
  constexpr Names<6> kNames = {"type", "name", "description", "input_schema", "strict", "defer_loading"};
  const auto [type, name, description, schema, strict, defer] = collect(value, kNames);
  bool carried = false;
  const std::string_view kind = type.present() ? type.raw_string() : "custom";
  if (!reading_.settle_kind(shapes::kToolKinds, kind, carried)) return false;
  core::Tool tool;
  if (!reading_.decode(name, tool.name) || !reading_.decode(description, tool.description)) return false;
  if (defer.boolean().value_or(false) && std::ranges::find(referenced_, tool.name) == referenced_.end()) {
    reading_.drop(shapes::kTool.full_name("defer_loading"));
    return true;
  }
  if (schema.is(Kind::object)) tool.schema = schema.raw();
  tool.strict = strict.boolean();
  return reading_.settle(value, shapes::kTool) && reading_.add_tool(std::move(tool));
}

bool Reader::tool_choice(Value value) {
  constexpr Names<3> kNames = {"type", "name", "disable_parallel_tool_use"};
  const auto [type, name, disable_parallel] = collect(value, kNames);
  const std::string_view kind = type.raw_string();
  if (kind == "auto") conversation_.tool_choice = core::ToolChoice::automatic;
  if (kind == "none") conversation_.tool_choice = core::ToolChoice::none;
  if (kind == "any") conversation_.tool_choice = core::ToolChoice::any;
  if (kind == "tool") conversation_.tool_choice = core::ToolChoice::named;
  if (disable_parallel.boolean().value_or(false)) conversation_.parallel_tools = false;
  return reading_.settle(value, shapes::kToolChoice) && reading_.decode(name, conversation_.tool_choice_name) &&
         reading_.settle_tool_choice("tool_choice");
}

// At the top, and in messages that change the effort from there on.
bool Reader::output_config(Value value) {
  if (!value.present()) return true;
  constexpr Names<2> kNames = {"effort", "format"};
  const auto [effort, format] = collect(value, kNames);
  std::string level;
  if (!reading_.settle(value, shapes::kOutputConfig) || !reading_.decode(effort, level)) return false;
  read_effort(reading_, "output_config.effort", std::move(level));
  constexpr Names<2> kFormatNames = {"type", "schema"};
  const auto [type, schema] = collect(format, kFormatNames);
  if (!schema.is(Kind::object)) return true;
  if (!reading_.target().json_schema) {
    return reading_.refuse("output_config.format", "this model cannot be held to a schema");
  }
  conversation_.format.kind = core::OutputFormat::Kind::json_schema;
  conversation_.format.schema = schema.raw();
  return reading_.settle(format, shapes::kOutputFormat);
}

bool Reader::thinking(Value value) {
  if (!value.present()) return true;
  if (!reading_.target().thinking) {
    reading_.drop("thinking");
    return true;
  }
  constexpr Names<2> kNames = {"type", "budget_tokens"};
  const auto [type, budget] = collect(value, kNames);
  conversation_.thinking = type.raw_string() != "disabled";
  conversation_.thinking_tokens = budget.unsigned_integer();
  return reading_.settle(value, shapes::kThinking);
}

}  // namespace

base::Status read_anthropic_conversation(Value root, ConversationReading& reading) {
  constexpr Names<13> kNames = {"messages", "system",         "tools",       "tool_choice", "output_config",
                                "thinking", "max_tokens",     "temperature", "top_p",       "top_k",
                                "stream",   "stop_sequences", "model"};
  const auto [messages, system, tools, tool_choice, output_config, thinking, max_tokens, temperature, top_p, top_k,
              stream, stop, model] = collect(root, kNames);
  core::Conversation& conversation = reading.conversation();
  Reader reader(reading);
  // the top before the messages: an effort that a message sets is the later one
  if (!reading.settle(root, shapes::kBody) || !reader.thinking(thinking) || !reader.output_config(output_config) ||
      !reader.system(system) || !reader.messages(messages) || !reader.tools(tools) ||
      !reader.tool_choice(tool_choice) || !read_stop(reading, "stop_sequences", stop)) {
    return reading.error();
  }
  conversation.stream = stream.boolean().value_or(false);
  conversation.stream_usage = true;
  conversation.max_output_tokens = max_tokens.unsigned_integer();
  conversation.sampling.temperature = temperature.number();
  conversation.sampling.top_p = top_p.number();
  conversation.sampling.top_k = top_k.unsigned_integer();
  return base::ok_status();
}

}  // namespace basin::wire
