// Writes a conversation as an OpenAI chat completion.
//
// Most servers of this dialect are not OpenAI's, and understand less: so a message of nothing but text is a plain
// string and not a list of parts, the system prompt has the role "system" and not "developer", and a tool's answer is
// text: its images stand in the user's message that follows the answers.
#include "base/json_writer.h"
#include "wire/conversation_writing.h"

namespace basin::wire {
namespace {

using base::json::Writer;
using core::Block;
using core::Source;

constexpr std::string_view kBetweenTexts = "\n\n";
// Where an image or a document stood in a tool's answer.
constexpr std::string_view kMoved = "[in the message below]";
constexpr std::string_view kSchemaName = "answer";  // OpenAI requires a name
constexpr std::string_view kFileName = "document.pdf";

void append_text(std::string& out, std::string_view text) {
  if (!out.empty()) out += kBetweenTexts;
  out += text;
}

// A document that is plain text is said as text.
bool is_text(const Block& block) {
  return block.kind == Block::Kind::text ||
         (block.kind == Block::Kind::document && block.source.kind == Source::Kind::text);
}

std::string text_of(const Block& block) {
  if (block.kind == Block::Kind::text) return block.text;
  if (block.source.name.empty()) return block.source.data;
  return block.source.name + std::string(kBetweenTexts) + block.source.data;
}

std::string url_of(const Source& source) {
  if (source.kind == Source::Kind::url) return source.data;
  return "data:" + source.media_type + ";base64," + source.data;
}

void write_part(Writer& writer, const Block& block) {
  writer.object();
  if (is_text(block)) {
    writer.field("type", "text").field("text", text_of(block));
  } else if (block.kind == Block::Kind::image) {
    writer.field("type", "image_url").key("image_url").object().field("url", url_of(block.source)).end();
  } else {
    const std::string_view name = block.source.name.empty() ? kFileName : std::string_view(block.source.name);
    writer.field("type", "file").key("file").object();
    writer.field("filename", name).field("file_data", url_of(block.source)).end();
  }
  writer.end();
}

// Plain text where there is nothing else.
void write_content(Writer& writer, const std::vector<const Block*>& blocks) {
  std::string text;
  bool only_text = true;
  for (const Block* block : blocks) {
    if (is_text(*block)) {
      append_text(text, text_of(*block));
    } else {
      only_text = false;
    }
  }
  writer.key("content");
  if (only_text) {
    writer.value(text);
    return;
  }
  writer.array();
  for (const Block* block : blocks) write_part(writer, *block);
  writer.end();
}

// A model must see that a call failed; most tools say so themselves.
bool tells_failure(std::string_view text) {
  constexpr std::size_t kBeginning = 32;
  const std::string_view beginning = text.substr(0, kBeginning);
  return beginning.find("rror") != std::string_view::npos;
}

void write_result(Writer& writer, const Block& block, std::vector<const Block*>& moved) {
  std::string text;
  for (const Block& inner : block.result) {
    if (is_text(inner)) {
      append_text(text, text_of(inner));
    } else {
      append_text(text, kMoved);
      moved.push_back(&inner);
    }
  }
  if (block.is_error && !tells_failure(text)) text.insert(0, "Error: ");
  writer.object().field("role", "tool").field("tool_call_id", call_id(block.id, core::Dialect::openai_chat));
  writer.field("content", text).end();
}

// Answers of tools, each a message of its own, then what the user says.
void write_user(Writer& writer, const core::Turn& turn) {
  std::vector<const Block*> said;
  for (const Block& block : turn.blocks) {
    if (block.kind == Block::Kind::tool_result) {
      write_result(writer, block, said);
    } else {
      said.push_back(&block);
    }
  }
  if (said.empty()) return;
  writer.object().field("role", "user");
  write_content(writer, said);
  writer.end();
}

std::string_view arguments_of(const Block& call) {
  if (!call.json.empty()) return call.json;
  return call.arguments.empty() ? std::string_view("{}") : std::string_view(call.arguments);
}

// An assistant shows no images; what it said and called.
void write_assistant(Writer& writer, const core::Turn& turn) {
  std::vector<const Block*> said, calls;
  for (const Block& block : turn.blocks) {
    if (block.kind == Block::Kind::tool_use) calls.push_back(&block);
    if (is_text(block)) said.push_back(&block);
  }
  writer.object().field("role", "assistant");
  write_content(writer, said);
  if (!calls.empty()) {
    writer.key("tool_calls").array();
    for (const Block* call : calls) {
      writer.object().field("id", call_id(call->id, core::Dialect::openai_chat)).field("type", "function");
      writer.key("function").object().field("name", call->name).field("arguments", arguments_of(*call)).end().end();
    }
    writer.end();
  }
  writer.end();
}

void write_messages(Writer& writer, const std::vector<core::Turn>& turns) {
  writer.key("messages").array();
  for (const core::Turn& turn : turns) {
    if (turn.role == core::Role::user) {
      write_user(writer, turn);
    } else if (turn.role == core::Role::assistant) {
      write_assistant(writer, turn);
    } else {
      std::vector<const Block*> said;
      for (const Block& block : turn.blocks) said.push_back(&block);
      writer.object().field("role", "system");
      write_content(writer, said);
      writer.end();
    }
  }
  writer.end();
}

void write_tools(Writer& writer, const core::Conversation& conversation) {
  if (conversation.tools.empty()) return;
  writer.key("tools").array();
  for (const core::Tool& tool : conversation.tools) {
    writer.object().field("type", "function").key("function").object().field("name", tool.name);
    if (!tool.description.empty()) writer.field("description", tool.description);
    if (!tool.schema.empty()) writer.key("parameters").raw(tool.schema);
    if (tool.strict.value_or(false)) writer.field("strict", true);
    writer.end().end();
  }
  writer.end();
  if (conversation.tool_choice) {
    writer.key("tool_choice");
    switch (*conversation.tool_choice) {
      case core::ToolChoice::automatic: writer.value("auto"); break;
      case core::ToolChoice::none: writer.value("none"); break;
      case core::ToolChoice::any: writer.value("required"); break;
      case core::ToolChoice::named:
        writer.object().field("type", "function").key("function").object();
        writer.field("name", conversation.tool_choice_name).end().end();
        break;
    }
  }
  if (conversation.parallel_tools) writer.field("parallel_tool_calls", *conversation.parallel_tools);
}

void write_format(Writer& writer, const core::OutputFormat& format) {
  if (format.kind == core::OutputFormat::Kind::text) return;
  writer.key("response_format").object();
  if (format.kind == core::OutputFormat::Kind::json_object) {
    writer.field("type", "json_object").end();
    return;
  }
  writer.field("type", "json_schema").key("json_schema").object();
  writer.field("name", format.name.empty() ? kSchemaName : std::string_view(format.name));
  writer.key("schema").raw(format.schema);
  if (format.strict) writer.field("strict", *format.strict);
  writer.end().end();
}

void write_sampling(Writer& writer, const core::Conversation& conversation) {
  const core::Sampling& sampling = conversation.sampling;
  if (sampling.temperature) writer.field("temperature", *sampling.temperature);
  if (sampling.top_p) writer.field("top_p", *sampling.top_p);
  if (sampling.presence_penalty) writer.field("presence_penalty", *sampling.presence_penalty);
  if (sampling.frequency_penalty) writer.field("frequency_penalty", *sampling.frequency_penalty);
  if (sampling.seed) writer.field("seed", *sampling.seed);
  if (conversation.stop.empty()) return;
  writer.key("stop").array();
  for (const std::string& stop : conversation.stop) writer.value(stop);
  writer.end();
}

// Other servers than OpenAI's know three efforts, and "none".
std::string_view known_effort(std::string_view effort, const Target& target) {
  if (target.at_vendor) return effort;
  if (effort == "minimal") return "low";
  return effort == "xhigh" || effort == "max" ? "high" : effort;
}

void write_effort(Writer& writer, const core::Conversation& conversation, const Target& target) {
  if (!target.thinking) return;
  if (!conversation.thinking.value_or(true)) {
    writer.field("reasoning_effort", "none");
  } else if (!conversation.effort.empty()) {
    writer.field("reasoning_effort", known_effort(conversation.effort, target));
  } else if (conversation.thinking_tokens) {
    writer.field("reasoning_effort", effort_of(*conversation.thinking_tokens));
  }
}

}  // namespace

std::string write_chat_request(const core::Conversation& conversation, const Target& target) {
  std::string body;
  Writer writer(body);
  writer.object().field("model", target.model);
  write_messages(writer, conversation.turns);
  write_tools(writer, conversation);
  write_format(writer, conversation.format);
  if (const auto tokens = output_tokens(conversation, target)) {
    writer.field(target.at_vendor ? "max_completion_tokens" : "max_tokens", *tokens);
  }
  write_sampling(writer, conversation);
  write_effort(writer, conversation, target);
  if (conversation.stream) {
    writer.field("stream", true);
    if (!target.oldest_fields) writer.key("stream_options").object().field("include_usage", true).end();
  }
  writer.end();
  return body;
}

}  // namespace basin::wire
