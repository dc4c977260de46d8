#include "wire/conversation_reading.h"

#include <algorithm>
#include <cassert>

#include "base/utf8.h"
#include "wire/conversation_turns.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;

// A name of the client's that no table knows is declared as it is, but not at any length.
constexpr std::size_t kNameLimit = 64;

bool any_element(Value array, std::string_view ending) {
  for (Elements elements(array); elements.next();) {
    if (elements.value().raw_string().ends_with(ending)) return true;
  }
  return false;
}

bool matters(Value value, When when) {
  switch (when) {
    case When::always: return true;
    case When::is_true: return value.boolean().value_or(false);
    case When::above_one: return value.number().value_or(0) > 1;
    case When::above_zero: return value.number().value_or(0) > 0;
    case When::filled: return Elements(value).next() || Members(value).next();
    case When::holds_audio: return any_element(value, "audio");
    case When::holds_logprobs: return any_element(value, ".logprobs");
  }
  return true;
}

bool is_image_type(std::string_view type) {
  constexpr std::string_view kImage = "image/";
  constexpr std::string_view kToken = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_";
  return type.size() > kImage.size() && type.starts_with(kImage) &&
         type.find_first_not_of(kToken, kImage.size()) == std::string_view::npos;
}

// What each side may hold: no dialect knows more of it.
bool belongs(core::Block::Kind kind, core::Role role) {
  using enum core::Block::Kind;
  if (kind == text) return true;
  if (role == core::Role::system) return false;
  return (kind == tool_use) == (role == core::Role::assistant);
}

}  // namespace

void ConversationReading::at(std::size_t depth, std::string_view list, std::int32_t index) {
  assert(depth < steps_.size());
  steps_[depth] = {list, index};
  depth_ = depth + 1;
}

bool ConversationReading::fail(base::Code code, std::string_view field, std::string_view why) {
  std::string message;
  for (std::size_t i = 0; i < depth_; ++i) {
    if (i > 0) message += '.';
    message += steps_[i].list;
    ((message += '[') += std::to_string(steps_[i].index)) += ']';
  }
  if (depth_ > 0 && !field.empty()) message += '.';
  message += field;
  (message += ": ") += why;
  error_ = base::fail(code, std::move(message));
  return false;
}

bool ConversationReading::refuse(std::string_view field, std::string_view why) {
  return fail(base::Code::unsupported, field, why);
}

void ConversationReading::drop(std::string name) {
  auto& dropped = conversation_.dropped;
  if (dropped.size() >= kDroppedLimit || std::ranges::find(dropped, name) != dropped.end()) return;
  dropped.push_back(std::move(name));
}

bool ConversationReading::settle(Value object, const Shape& shape) {
  for (Members members(object); members.next();) {
    const Value value = members.value();
    if (value.is(Kind::null)) continue;
    const std::string_view name = members.name();
    const Field* const field = shape.find(name);
    const Fate fate = field != nullptr ? field->to(target_.dialect) : shape.unknown;
    if (fate == Fate::dropped) {
      drop(shape.full_name(name.substr(0, base::utf8_boundary(name, std::min(name.size(), kNameLimit)))));
    } else if (fate == Fate::refused && (field == nullptr || matters(value, field->when))) {
      const std::string_view why = field != nullptr ? field->how : "it is not known here";
      return depth_ > 0 ? refuse(name, why) : refuse(shape.full_name(name), why);
    }
  }
  return true;
}

bool ConversationReading::settle_kind(const Shape& shape, std::string_view kind, bool& carried) {
  const Field* const field = shape.find(kind);
  const Fate fate = field != nullptr ? field->to(target_.dialect) : shape.unknown;
  carried = fate == Fate::carried;
  if (fate == Fate::dropped) drop(shape.full_name(field != nullptr ? field->name : kind));
  if (fate != Fate::refused) return true;
  const std::string_view shown = kind.substr(0, base::utf8_boundary(kind, std::min(kind.size(), kNameLimit)));
  std::string why = "the type " + std::string(shown);
  (why += " cannot be translated: ") += field != nullptr ? field->how : "it is not known here";
  return refuse(depth_ > 0 ? std::string_view() : shape.prefix.substr(0, shape.prefix.find('[')), why);
}

bool ConversationReading::decode(Value string, std::string& out) {
  if (!string.is(Kind::string)) return true;
  out.clear();
  if (base::json::unescape(string.raw_string(), out)) return true;
  return fail(base::Code::invalid, "", "a string holds an escape that JSON does not have");
}

bool ConversationReading::takes(const core::Block& block) {
  using enum core::Block::Kind;
  if (!belongs(block.kind, conversation_.turns.back().role)) {
    return refuse("",
                  "a system message holds text, the user's text, images, documents and answers of tools, "
                  "the assistant's text and calls");
  }
  switch (block.kind) {
    case text: return true;
    case image:
      if (!target_.images) return refuse("", "this model takes no images");
      return block.source.kind == core::Source::Kind::url || is_image_type(block.source.media_type) ||
             refuse("", "a media type such as image/png is wanted");
    case tool_use:
    case tool_result:
      if (block.id.empty()) return refuse("", "a call and its answer need an id");
      return target_.tools || refuse("", "this model takes no tools");
    case document: break;
  }
  if (block.source.kind == core::Source::Kind::text) return true;
  if (!target_.documents) return refuse("", "this model takes no documents");
  if (block.source.kind == core::Source::Kind::url) {
    return target_.dialect == core::Dialect::anthropic ||
           refuse("", "chat completions take no documents by URL; send its data");
  }
  return block.source.media_type == "application/pdf" || refuse("", "only PDF documents can be given to this model");
}

bool ConversationReading::add(std::vector<core::Block>& blocks, core::Block block) {
  if (++blocks_ > core::kPartLimit) {
    return fail(base::Code::invalid, "", "more than " + std::to_string(core::kPartLimit) + " blocks");
  }
  if (!takes(block)) return false;
  blocks.push_back(std::move(block));
  return true;
}

bool ConversationReading::add_text(std::vector<core::Block>& blocks, Value string) {
  core::Block block;
  return decode(string, block.text) && add(blocks, std::move(block));
}

bool ConversationReading::add_tool(core::Tool tool) {
  if (!target_.tools) return refuse("", "this model takes no tools");
  if (conversation_.tools.size() >= kToolLimit) {
    return fail(base::Code::invalid, "", "more than " + std::to_string(kToolLimit) + " tools");
  }
  conversation_.tools.push_back(std::move(tool));
  return true;
}

bool ConversationReading::settle_tool_choice(std::string_view parallel_name) {
  core::Conversation& all = conversation_;
  at_top();
  if (all.tools.empty()) {
    if (all.tool_choice == core::ToolChoice::any || all.tool_choice == core::ToolChoice::named) {
      return refuse("tool_choice", "no tool is left to choose from");
    }
    if (all.tool_choice) drop("tool_choice");
    if (all.parallel_tools) drop(std::string(parallel_name));
    all.tool_choice.reset();
    all.parallel_tools.reset();
    return true;
  }
  if (all.tool_choice != core::ToolChoice::named) return true;
  const auto named = [&](const core::Tool& tool) { return tool.name == all.tool_choice_name; };
  return std::ranges::any_of(all.tools, named) ||
         refuse("tool_choice", "the tool that it names is not among those that the model can be given");
}

void read_effort(ConversationReading& reading, std::string_view field, std::string effort) {
  if (effort.empty()) return;
  if (!reading.target().thinking) return reading.drop(std::string(field));
  if (effort == "none") {
    reading.conversation().thinking = false;
  } else {
    reading.conversation().effort = std::move(effort);
  }
}

bool read_url(ConversationReading& reading, std::string_view field, std::string url, core::Source& source) {
  if (url.starts_with("https://") || url.starts_with("http://")) {
    source.kind = core::Source::Kind::url;
    source.data = std::move(url);
    return true;
  }
  constexpr std::string_view kScheme = "data:", kCoding = ";base64,";
  const std::size_t coding = url.starts_with(kScheme) ? url.find(kCoding) : std::string::npos;
  if (coding == std::string::npos)
    return reading.refuse(field, "an http or https URL, or a data URL in base64, is wanted");
  source.kind = core::Source::Kind::base64;
  const std::string_view type = std::string_view(url).substr(kScheme.size(), coding - kScheme.size());
  source.media_type = type.substr(0, type.find(';'));
  source.data = url.substr(coding + kCoding.size());
  return true;
}

std::string free_text_arguments(std::string_view text) {
  std::string arguments = "{\"input\":";
  base::json::append_quoted(arguments, text);
  arguments += '}';
  return arguments;
}

std::string_view free_text_schema() {
  return R"({"type":"object","properties":{"input":{"type":"string"}},"required":["input"],)"
         R"("additionalProperties":false})";
}

bool read_stop(ConversationReading& reading, std::string_view field, Value value) {
  auto& stop = reading.conversation().stop;
  const auto take = [&](Value each) {
    std::string text;
    if (!reading.decode(each, text)) return false;
    if (text.empty()) return true;
    if (reading.target().dialect == core::Dialect::anthropic && is_blank(text)) {
      return reading.refuse(field, "Anthropic's servers take no stop sequence of white space only");
    }
    stop.push_back(std::move(text));
    return stop.size() <= kStopLimit || reading.refuse(field, "there are too many of them");
  };
  if (value.is(Kind::string)) return take(value);
  for (Elements elements(value); elements.next();) {
    if (!take(elements.value())) return false;
  }
  return true;
}

}  // namespace basin::wire
