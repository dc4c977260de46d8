// Anthropic Messages and count_tokens: system, messages and blocks.
//
//   {"model", "system": string | [{"type":"text","text"}], "messages": [{"role", "content": string | [block]}],
//   "tools",
//    "stream", "max_tokens", "metadata": {"user_id"}, "output_config": {"effort", "format": {"schema"}}, ...}
//
// A message of role "system" may stand in the middle of a conversation: a program's words, not a person's.
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

// Tools of a type that the vendor defines and the client runs; every other typed tool runs at the vendor.
bool runs_at_vendor(Value tool) {
  constexpr Names<1> kNames = {"type"};
  const auto [type] = collect(tool, kNames);
  const std::string_view name = type.raw_string();
  if (name.empty() || name == "custom") return false;
  for (const std::string_view client : {"bash_", "text_editor_", "computer_", "memory_"}) {
    if (name.starts_with(client)) return false;
  }
  return true;
}

class MessagesReader {
 public:
  explicit MessagesReader(core::Request& request) : reading_(request, "messages") {}

  Reading& reading() { return reading_; }

  bool system(Value value);
  bool messages(Value value);
  void output_config(Value value);

 private:
  bool message(Value value, std::int32_t index);
  bool content(Value value);
  bool block(Value value);
  bool tool_result(Value block, Value content);
  void bind_source(Value source, Bound bound);

  Reading reading_;
};

bool MessagesReader::system(Value value) {
  if (!value.present()) return true;
  if (!value.is(Kind::string) && !value.is(Kind::array)) {
    return reading_.complain_top("system", "a string or an array of text blocks", value);
  }
  reading_.request().system_bytes = static_cast<std::uint32_t>(value.raw().size());
  return reading_.begin_message(core::Role::system, Reading::kTopSystem) && content(value);
}

bool MessagesReader::messages(Value value) {
  if (!value.is(Kind::array)) return reading_.complain_top("messages", "an array of messages", value);
  std::int32_t index = 0;
  for (Elements elements(value); elements.next(); ++index) {
    if (!message(elements.value(), index)) return false;
  }
  return true;
}

bool MessagesReader::message(Value value, std::int32_t index) {
  constexpr Names<2> kNames = {"role", "content"};
  const auto [role, content_value] = collect(value, kNames);
  if (!reading_.begin_message(role_of(role.raw_string()), index)) return false;
  if (!value.is(Kind::object)) return reading_.complain("", "an object with role and content", value);
  if (!role.is(Kind::string)) return reading_.complain("role", "a string", role);
  if (!content_value.is(Kind::string) && !content_value.is(Kind::array)) {
    return reading_.complain("content", "a string or an array of blocks", content_value);
  }
  return content(content_value);
}

bool MessagesReader::content(Value value) {
  return reading_.content(value, [this](Value each) { return block(each); });
}

// What a block is, by its type; the order is that of how often they are met.
bool MessagesReader::block(Value value) {
  if (!value.is(Kind::object)) return reading_.complain("", "an object with a type", value);
  constexpr Names<5> kNames = {"type", "text", "content", "name", "source"};
  const auto [type, text, content_value, name, source] = collect(value, kNames);
  if (!type.is(Kind::string)) return reading_.complain("type", "a string", type);
  const std::string_view kind = type.raw_string();
  if (kind == "text") {
    if (!text.is(Kind::string)) return reading_.complain("text", "a string", text);
    return reading_.add(PartKind::text, value, Reading::text_of(text));
  }
  if (kind == "tool_use") return reading_.add(PartKind::tool_use, value, {}, name.raw_string());
  if (kind == "tool_result") return tool_result(value, content_value);
  // a compaction block holds its maker's state of the conversation
  if (kind == "thinking" || kind == "redacted_thinking" || kind == "compaction")
    return reading_.add(PartKind::thinking, value);
  if (kind == "image") {
    bind_source(source, Bound::image);
    return reading_.add(PartKind::image, value);
  }
  if (kind == "document") {
    bind_source(source, Bound::document);
    return reading_.add(PartKind::document, value);
  }
  if (kind == "container_upload") {
    reading_.bind(Bound::file_id);
    return reading_.add(PartKind::document, value);
  }
  // calls that the vendor made on its own, and what came of them, hold state that only it can read
  if (kind.starts_with("server_") || kind.starts_with("mcp_") || kind.ends_with("_tool_result"))
    reading_.bind(Bound::server_tool);
  return reading_.add(PartKind::other, value);
}

// Images and documents stand in the body, or are a file's id at the vendor.
void MessagesReader::bind_source(Value source, Bound bound) {
  constexpr Names<1> kNames = {"type"};
  const auto [type] = collect(source, kNames);
  reading_.bind(type.raw_string() == "file" ? Bound::file_id : bound);
}

// A tool's answer is a string, or blocks of text and images.
bool MessagesReader::tool_result(Value block, Value content) {
  core::Text first;
  if (content.is(Kind::string)) first = Reading::text_of(content);
  for (Elements blocks(content); blocks.next();) {
    constexpr Names<3> kNames = {"type", "text", "source"};
    const auto [type, text, source] = collect(blocks.value(), kNames);
    const std::string_view kind = type.raw_string();
    if (kind == "text" && first.raw.data() == nullptr) first = Reading::text_of(text);
    if (kind == "image") bind_source(source, Bound::image);
    if (kind == "document") bind_source(source, Bound::document);
  }
  return reading_.add(PartKind::tool_result, block, first);
}

void MessagesReader::output_config(Value value) {
  constexpr Names<2> kNames = {"effort", "format"};
  const auto [effort, format] = collect(value, kNames);
  reading_.request().effort = Reading::text_of(effort);
  constexpr Names<1> kSchema = {"schema"};
  const auto [schema] = collect(format, kSchema);
  reading_.request().output_title_hint = title_hint(schema);
}

}  // namespace

base::Status read_anthropic_messages(Value root, core::Request& request) {
  constexpr Names<9> kNames = {"model",      "messages", "system",        "tools",      "stream",
                               "max_tokens", "metadata", "output_config", "mcp_servers"};
  std::array<Value, kNames.size()> top;
  if (auto collected = collect_once(root, kNames, top); !collected) return collected;
  const auto& [model, messages, system, tools, stream, max_tokens, metadata, output_config, mcp_servers] = top;
  MessagesReader reader(request);
  Reading& reading = reader.reading();
  if (!reading.model(model) || !reading.stream(stream) || !reading.tools(tools, "tools", runs_at_vendor) ||
      !reader.system(system) || !reader.messages(messages)) {
    return reading.error();
  }
  request.max_output_tokens = max_tokens.unsigned_integer();
  reader.output_config(output_config);
  constexpr Names<1> kMetadata = {"user_id"};
  request.user_id = Reading::text_of(collect(metadata, kMetadata)[0]);
  if (Elements(mcp_servers).next()) reading.bind(Bound::server_tool);
  return base::ok_status();
}

}  // namespace basin::wire
