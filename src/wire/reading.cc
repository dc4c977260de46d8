#include "wire/reading.h"

#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Kind;
using base::json::Value;

std::string_view kind_name(Value value) {
  if (!value.present()) return "nothing";
  switch (value.kind()) {
    case Kind::null: return "null";
    case Kind::boolean: return "true or false";
    case Kind::number: return "a number";
    case Kind::string: return "a string";
    case Kind::array: return "an array";
    case Kind::object: return "an object";
  }
  return "nothing";
}

}  // namespace

bool Reading::model(Value value) {
  if (!value.present()) return true;
  auto decoded = value.string();
  if (!decoded) return complain_top("model", "a string", value);
  if (decoded->size() > core::kModelLimit) {
    error_ = base::fail(base::Code::invalid, "model is longer than " + std::to_string(core::kModelLimit) + " bytes");
    return false;
  }
  request_.model = std::move(*decoded);
  const auto begin = static_cast<std::uint32_t>(value.offset());
  request_.model_value = {begin, begin + static_cast<std::uint32_t>(value.raw().size())};
  return true;
}

bool Reading::stream(Value value) {
  if (!value.present()) return true;
  const auto yes = value.boolean();
  if (!yes) return complain_top("stream", "true or false", value);
  request_.stream = *yes;
  return true;
}

bool Reading::tools(Value value, std::string_view name, bool (*runs_at_vendor)(Value tool)) {
  if (!value.present()) return true;
  if (!value.is(Kind::array)) return complain_top(name, "an array", value);
  std::uint32_t at_vendor = 0;
  for (base::json::Elements tools(value); tools.next();) {
    ++request_.tool_count;
    if (runs_at_vendor(tools.value())) ++at_vendor;
  }
  request_.tools_bytes += static_cast<std::uint32_t>(value.raw().size());
  request_.only_server_tools = at_vendor > 0 && at_vendor == request_.tool_count;
  if (at_vendor > 0) bind(core::Bound::server_tool);
  return true;
}

bool Reading::begin_message(core::Role role, std::int32_t index) {
  if (request_.messages.size() >= core::kMessageLimit) {
    error_ = base::fail(base::Code::invalid, std::string(list_name_) + " holds more than " +
                                                 std::to_string(core::kMessageLimit) + " messages");
    return false;
  }
  message_ = index;
  block_ = -1;
  if (index == kTopSystem) request_.has_top_system = true;
  request_.messages.push_back({role, static_cast<std::uint32_t>(request_.parts.size()), 0});
  return true;
}

bool Reading::add(core::PartKind kind, Value whole, core::Text text, std::string_view name) {
  if (request_.parts.size() >= core::kPartLimit) {
    error_ = base::fail(base::Code::invalid,
                        std::string(list_name_) + " holds more than " + std::to_string(core::kPartLimit) + " blocks");
    return false;
  }
  request_.parts.push_back(
      {kind, text, name, static_cast<std::uint32_t>(whole.offset()), static_cast<std::uint32_t>(whole.raw().size())});
  ++request_.messages.back().part_count;
  return true;
}

void Reading::bind(core::Bound bound) {
  // What an agent offers with every request binds it to the vendor, not to the model: it must not hide what does.
  if (request_.bound == core::Bound::none || request_.bound == core::Bound::server_tool) request_.bound = bound;
}

core::Text Reading::text_of(Value string) {
  const std::string_view raw = string.raw_string();
  return {raw, raw.find('\\') != std::string_view::npos};
}

bool Reading::complain(std::string_view field, std::string_view wanted, Value found) {
  std::string where;
  if (message_ == kTopSystem) {
    where = request_.dialect == core::Dialect::anthropic ? "system" : "instructions";
    if (block_ >= 0) where += "[" + std::to_string(block_) + "]";
  } else {
    where = std::string(list_name_) + "[" + std::to_string(message_) + "]";
    if (block_ >= 0) where += ".content[" + std::to_string(block_) + "]";
  }
  if (!field.empty()) (where += ".") += field;
  return complain_top(where, wanted, found);
}

bool Reading::complain_top(std::string_view field, std::string_view wanted, Value found) {
  error_ = base::fail(base::Code::invalid, std::string(field) + " must be " + std::string(wanted) + ", found " +
                                               std::string(kind_name(found)));
  return false;
}

core::Role role_of(std::string_view name) {
  if (name == "user") return core::Role::user;
  if (name == "assistant") return core::Role::assistant;
  if (name == "tool" || name == "function") return core::Role::tool;
  if (name == "developer") return core::Role::developer;
  return core::Role::system;
}

core::Text title_hint(Value schema) {
  constexpr Names<1> kNames = {"properties"};
  const auto [properties] = collect(schema, kNames);
  constexpr std::size_t kMostProperties = 2;  // a title and perhaps a flag: more is some other form
  core::Text hint;
  std::size_t count = 0;
  for (base::json::Members members(properties); members.next(); ++count) {
    if (members.name() == "title") hint.raw = members.raw_key();
  }
  return count <= kMostProperties ? hint : core::Text{};
}

}  // namespace basin::wire
