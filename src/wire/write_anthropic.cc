// Writes a conversation as Anthropic Messages.
//
// The strictest of the dialects: the first message is the user's, an assistant's last text does not end in white space,
// arguments are objects, schemas have a type, ids have a few characters only, and who thinks can neither be forced to
// call a tool nor be given a temperature.
#include <algorithm>

#include "base/json_writer.h"
#include "wire/conversation_turns.h"
#include "wire/conversation_writing.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Kind;
using base::json::Writer;
using core::Block;
using core::Source;

// Said for the user where the assistant speaks first.
constexpr std::string_view kOpening = "(The conversation begins.)";
constexpr std::string_view kJsonInWords =
    "Answer with a single JSON object and nothing else: no words around it, no code fence.";
constexpr std::size_t kOldToolLimit = 128;     // names that are looked for among each other
constexpr std::uint64_t kLeastBudget = 1'024;  // of thinking tokens

class RequestWriter {
 public:
  RequestWriter(core::Conversation& conversation, const Target& target, Document& scratch)
      : conversation_(conversation), target_(target), scratch_(scratch), writer_(body_) {}

  std::string write();

 private:
  void system();
  void messages();
  void message(const core::Turn& turn, bool last);
  void block(const Block& block);
  void text(std::string_view text);
  void file(const Block& block);
  void call(const Block& block);
  void arguments(const Block& block);
  void result(const Block& block);
  void tools();
  void tools_of_old_calls();
  void schema(std::string_view schema);
  void tool_choice();
  void thinking();
  bool thinks(bool forced) const;
  void output_config();
  void sampling();
  void drop(std::string_view name);

  core::Conversation& conversation_;
  const Target& target_;
  Document& scratch_;
  std::string body_;
  Writer writer_;
  std::uint64_t max_tokens_ = 0;
  bool thinking_ = false;
};

void RequestWriter::drop(std::string_view name) {
  auto& dropped = conversation_.dropped;
  if (dropped.size() < kDroppedLimit && std::ranges::find(dropped, name) == dropped.end()) dropped.emplace_back(name);
}

void RequestWriter::text(std::string_view text) { writer_.object().field("type", "text").field("text", text).end(); }

void RequestWriter::system() {
  const auto& turns = conversation_.turns;
  const bool json = conversation_.format.kind == core::OutputFormat::Kind::json_object;
  const bool has_front = !turns.empty() && turns.front().role == core::Role::system;
  if (!has_front && !json) return;
  writer_.key("system").array();
  if (has_front) {
    for (const Block& block : turns.front().blocks) {
      if (block.kind == Block::Kind::text) text(block.text);
    }
  }
  if (json) text(kJsonInWords);
  writer_.end();
}

void RequestWriter::messages() {
  const auto& turns = conversation_.turns;
  auto turn = turns.begin();
  if (turn != turns.end() && turn->role == core::Role::system) ++turn;
  writer_.key("messages").array();
  if (turn == turns.end() || turn->role != core::Role::user) {
    writer_.object().field("role", "user").key("content").array();
    text(kOpening);
    writer_.end().end();
  }
  for (; turn != turns.end(); ++turn) message(*turn, turn + 1 == turns.end());
  writer_.end();
}

void RequestWriter::message(const core::Turn& turn, bool last) {
  const bool assistant = turn.role == core::Role::assistant;
  writer_.object().field("role", assistant ? "assistant" : "user").key("content").array();
  for (const Block& each : turn.blocks) {
    if (assistant && last && &each == &turn.blocks.back() && each.kind == Block::Kind::text) {
      const std::string_view whole = each.text;
      text(whole.substr(0, whole.find_last_not_of(" \t\r\n\f\v") + 1));
    } else {
      block(each);
    }
  }
  writer_.end().end();
}

void RequestWriter::block(const Block& block) {
  switch (block.kind) {
    case Block::Kind::text: return text(block.text);
    case Block::Kind::image:
    case Block::Kind::document: return file(block);
    case Block::Kind::tool_use: return call(block);
    case Block::Kind::tool_result: return result(block);
  }
}

void RequestWriter::file(const Block& block) {
  const Source& source = block.source;
  const bool image = block.kind == Block::Kind::image;
  writer_.object().field("type", image ? "image" : "document").key("source").object();
  switch (source.kind) {
    case Source::Kind::url: writer_.field("type", "url").field("url", source.data); break;
    case Source::Kind::base64:
      writer_.field("type", "base64").field("media_type", source.media_type).field("data", source.data);
      break;
    case Source::Kind::text:
      writer_.field("type", "text").field("media_type", "text/plain").field("data", source.data);
      break;
  }
  writer_.end();
  if (!image && !source.name.empty()) writer_.field("title", source.name);
  writer_.end();
}

void RequestWriter::call(const Block& block) {
  writer_.object().field("type", "tool_use").field("id", call_id(block.id, core::Dialect::anthropic));
  writer_.field("name", block.name).key("input");
  arguments(block);
  writer_.end();
}

// An object as it came; what a model broke off or made of another type is kept as a text in an object.
void RequestWriter::arguments(const Block& block) {
  if (!block.json.empty()) {
    writer_.raw(block.json);
  } else if (is_blank(block.arguments)) {
    writer_.raw("{}");
  } else if (scratch_.parse(block.arguments).ok() && scratch_.root().is(Kind::object)) {
    writer_.raw(scratch_.root().raw());
  } else {
    writer_.object().field("arguments", block.arguments).end();
  }
}

void RequestWriter::result(const Block& result) {
  writer_.object().field("type", "tool_result").field("tool_use_id", call_id(result.id, core::Dialect::anthropic));
  if (!result.result.empty()) {
    writer_.key("content").array();
    for (const Block& inner : result.result) block(inner);
    writer_.end();
  }
  if (result.is_error) writer_.field("is_error", true);
  writer_.end();
}

// Where a schema does not say so itself: its type is object.
void RequestWriter::schema(std::string_view schema) {
  constexpr std::string_view kType = "\"type\":\"object\"";
  if (schema.empty() || !scratch_.parse(schema).ok() || scratch_.root().member("type").present()) {
    writer_.raw(schema.empty() ? std::string_view(R"({"type":"object","properties":{}})") : schema);
    return;
  }
  std::string typed(schema.substr(0, 1));
  typed += kType;
  if (base::json::Members(scratch_.root()).next()) typed += ',';
  writer_.raw(typed += schema.substr(1));
}

void RequestWriter::tools() {
  if (conversation_.tools.empty()) return tools_of_old_calls();
  writer_.key("tools").array();
  for (const core::Tool& tool : conversation_.tools) {
    writer_.object().field("name", tool.name);
    if (!tool.description.empty()) writer_.field("description", tool.description);
    writer_.key("input_schema");
    schema(tool.schema);
    if (tool.strict.value_or(false)) writer_.field("strict", true);
    writer_.end();
  }
  writer_.end();
  tool_choice();
}

// A conversation that holds calls must name tools, even where no call is wanted any more.
void RequestWriter::tools_of_old_calls() {
  std::vector<std::string_view> names;
  for (const core::Turn& turn : conversation_.turns) {
    for (const Block& block : turn.blocks) {
      if (block.kind != Block::Kind::tool_use || std::ranges::find(names, block.name) != names.end()) continue;
      if (names.size() < kOldToolLimit) names.push_back(block.name);
    }
  }
  if (names.empty()) return;
  writer_.key("tools").array();
  for (const std::string_view name : names) {
    writer_.object().field("name", name).key("input_schema").object().field("type", "object").end().end();
  }
  writer_.end();
  writer_.key("tool_choice").object().field("type", "none").end();
}

void RequestWriter::tool_choice() {
  const bool alone = !conversation_.parallel_tools.value_or(true);
  if (!conversation_.tool_choice && !alone) return;
  const core::ToolChoice choice = conversation_.tool_choice.value_or(core::ToolChoice::automatic);
  writer_.key("tool_choice").object();
  switch (choice) {
    case core::ToolChoice::automatic: writer_.field("type", "auto"); break;
    case core::ToolChoice::none: writer_.field("type", "none"); break;
    case core::ToolChoice::any: writer_.field("type", "any"); break;
    case core::ToolChoice::named: writer_.field("type", "tool").field("name", conversation_.tool_choice_name); break;
  }
  if (alone && choice != core::ToolChoice::none) writer_.field("disable_parallel_tool_use", true);
  writer_.end();
}

bool RequestWriter::thinks(bool forced) const {
  return target_.thinking && conversation_.thinking.value_or(false) && !forced;
}

// At Anthropic the model sees to it itself, and is told an effort; other servers are given a number of tokens.
void RequestWriter::thinking() {
  const auto choice = conversation_.tool_choice;
  const bool forced = choice == core::ToolChoice::any || choice == core::ToolChoice::named;
  if (target_.thinking && !conversation_.thinking.value_or(true)) {
    writer_.key("thinking").object().field("type", "disabled").end();
    return;
  }
  if (!thinks(forced)) {
    if (conversation_.thinking.value_or(false)) drop("thinking");
    return;
  }
  const auto asked = conversation_.thinking_tokens;
  if (target_.at_vendor && !asked) {
    writer_.key("thinking").object().field("type", "adaptive").end();
    thinking_ = true;
    return;
  }
  // thinking and answer share max_tokens: without a number of the client's, half is for the answer
  const std::uint64_t budget =
      asked ? std::min(*asked, max_tokens_ - 1) : std::min(budget_of(conversation_.effort), max_tokens_ / 2);
  if (budget < kLeastBudget) return drop("thinking");
  writer_.key("thinking").object().field("type", "enabled").field("budget_tokens", budget).end();
  thinking_ = true;
}

void RequestWriter::output_config() {
  const bool effort = target_.at_vendor && target_.thinking && !conversation_.effort.empty();
  const bool schema = conversation_.format.kind == core::OutputFormat::Kind::json_schema;
  if (!effort && !schema) return;
  writer_.key("output_config").object();
  if (effort) {
    writer_.field("effort",
                  conversation_.effort == "minimal" ? std::string_view("low") : std::string_view(conversation_.effort));
  }
  if (schema) {
    writer_.key("format").object().field("type", "json_schema").key("schema").raw(conversation_.format.schema).end();
  }
  writer_.end();
}

void RequestWriter::sampling() {
  const core::Sampling& sampling = conversation_.sampling;
  constexpr double kMostTemperature = 1, kLeastTopP = 0.95;  // while thinking, the least
  const auto field = [this](std::string_view name, bool fits, auto value) {
    if (!value) return;
    if (fits || !thinking_) {
      writer_.field(name, *value);
    } else {
      drop(name);
    }
  };
  auto temperature = sampling.temperature;
  if (temperature) temperature = std::min(*temperature, kMostTemperature);
  field("temperature", sampling.temperature.value_or(1) == 1, temperature);
  field("top_p", sampling.top_p.value_or(1) >= kLeastTopP, sampling.top_p);
  field("top_k", false, sampling.top_k);
  if (conversation_.stop.empty()) return;
  writer_.key("stop_sequences").array();
  for (const std::string& stop : conversation_.stop) writer_.value(stop);
  writer_.end();
}

std::string RequestWriter::write() {
  if (!conversation_.max_output_tokens) {
    conversation_.max_output_tokens = target_.max_output_tokens > 0 ? target_.max_output_tokens : kDefaultMaxTokens;
  }
  max_tokens_ = std::max<std::uint64_t>(output_tokens(conversation_, target_).value_or(0), 1);
  writer_.object().field("model", target_.model).field("max_tokens", max_tokens_);
  system();
  messages();
  tools();
  thinking();
  output_config();
  sampling();
  if (conversation_.stream) writer_.field("stream", true);
  writer_.end();
  return std::move(body_);
}

}  // namespace

std::string write_anthropic_request(core::Conversation& conversation, const Target& target, Document& scratch) {
  return RequestWriter(conversation, target, scratch).write();
}

}  // namespace basin::wire
