#include "wire/thinking_edits.h"

#include <algorithm>
#include <cassert>
#include <string_view>

#include "wire/fields.h"
#include "wire/json_edits.h"

namespace basin::wire {
namespace {

using base::json::Elements;
using base::json::Value;
using core::PartKind;
using Foreign = std::span<const ThinkingBlock>;
using Edits = std::vector<core::Edit>;

constexpr std::string_view kForeign = "foreign_thinking";
constexpr std::string_view kOff = "thinking_off";

// The blocks of one message.
Foreign of_message(Foreign foreign, std::uint32_t message) {
  const auto before = [](const ThinkingBlock& block, std::uint32_t index) { return block.message < index; };
  const auto begin = std::lower_bound(foreign.begin(), foreign.end(), message, before);
  auto end = begin;
  while (end != foreign.end() && end->message == message) ++end;
  return {begin, end};
}

void cut_blocks(Value messages, Foreign foreign, Edits& edits) {
  const auto ranges = element_ranges(messages);
  std::vector<bool> emptied(ranges.size());
  std::uint32_t index = 0;
  for (Elements each(messages); each.next(); ++index) {
    const Foreign here = of_message(foreign, index);
    if (here.empty()) continue;
    const auto blocks = element_ranges(each.value().member("content"));
    std::vector<bool> gone(blocks.size());
    for (const ThinkingBlock& block : here) gone.at(block.block) = true;
    emptied[index] = here.size() == blocks.size();
    if (!emptied[index]) cut_items(kForeign, blocks, gone, edits);
  }
  cut_items(kForeign, ranges, emptied, edits);
}

// The turn that a tool's results continue: from the last words of a person to the end of the messages. Indices into
// request.messages; empty where the last message brings no results.
std::span<const core::Message> open_exchange(const core::Request& request) {
  const auto results = [&](const core::Message& message) {
    const auto parts = std::span(request.parts).subspan(message.first_part, message.part_count);
    return std::any_of(parts.begin(), parts.end(), [](const auto& p) { return p.kind == PartKind::tool_result; });
  };
  const std::span<const core::Message> messages(request.messages);
  const auto theirs = [](const core::Message& message) { return message.role == core::Role::user; };
  const auto last = std::find_if(messages.rbegin(), messages.rend(), theirs);
  if (last == messages.rend() || !results(*last)) return {};
  if (std::any_of(messages.rbegin(), last, [](const auto& m) { return m.role == core::Role::assistant; })) return {};
  const auto asked = std::find_if(last, messages.rend(), [&](const auto& m) { return theirs(m) && !results(m); });
  return messages.subspan(static_cast<std::size_t>(messages.rend() - asked));
}

// Whether a turn that must begin with thinking has lost it.
bool thinking_is_missing(const core::Request& request, Foreign foreign) {
  const auto turn = open_exchange(request);
  if (turn.empty()) return false;
  auto index = static_cast<std::uint32_t>(turn.data() - request.messages.data()) - (request.has_top_system ? 1 : 0);
  if (!foreign.empty() && foreign.back().message >= index) return true;
  const auto model = std::find_if(turn.begin(), turn.end(), [](auto& m) { return m.role == core::Role::assistant; });
  return model != turn.end() && (model->part_count == 0 || request.parts[model->first_part].kind != PartKind::thinking);
}

void turn_off(Value thinking, Value context_management, Edits& edits) {
  edits.push_back({std::string(kOff), range_of(thinking), R"({"type":"disabled"})"});
  const Value strategies = context_management.member("edits");
  std::vector<bool> gone;
  for (Elements each(strategies); each.next();)
    gone.push_back(each.value().member("type").raw_string().starts_with("clear_thinking"));
  cut_items(kOff, element_ranges(strategies), gone, edits);
}

bool is_call(std::string_view type) { return type.ends_with("_call"); }

// Cuts the items, and the ids of those that came of them.
void cut_items_of_input(Value input, Foreign foreign, Edits& edits) {
  std::vector<bool> gone;
  bool orphaned = false;
  for (Elements items(input); items.next();) {
    gone.push_back(!of_message(foreign, static_cast<std::uint32_t>(gone.size())).empty());
    constexpr Names<2> kNames = {"type", "role"};
    const auto [type, role] = collect(items.value(), kNames);
    orphaned = gone.back() || (orphaned && (is_call(type.raw_string()) || role.raw_string() == "assistant"));
    if (!orphaned || gone.back()) continue;
    std::vector<bool> ids;
    for (base::json::Members each(items.value()); each.next();) ids.push_back(each.name() == "id");
    cut_items(kForeign, member_ranges(items.value()), ids, edits);
  }
  cut_items(kForeign, element_ranges(input), gone, edits);
}

}  // namespace

std::vector<core::Edit> thinking_edits(const core::Request& request, Value root, Foreign foreign) {
  constexpr auto kCompaction = ThinkingSeal::Kind::compaction;
  assert(std::none_of(foreign.begin(), foreign.end(), [](const auto& f) { return f.seal.kind == kCompaction; }));
  constexpr Names<4> kNames = {"messages", "input", "thinking", "context_management"};
  const auto [messages, input, thinking, context_management] = collect(root, kNames);
  Edits edits;
  if (request.dialect == core::Dialect::openai_responses) cut_items_of_input(input, foreign, edits);
  if (request.dialect == core::Dialect::anthropic) {
    cut_blocks(messages, foreign, edits);
    if (thinking.member("type").raw_string() == "enabled" && thinking_is_missing(request, foreign))
      turn_off(thinking, context_management, edits);
  }
  const auto earlier = [](const core::Edit& a, const core::Edit& b) { return a.range.begin < b.range.begin; };
  std::sort(edits.begin(), edits.end(), earlier);
  return edits;
}

}  // namespace basin::wire
