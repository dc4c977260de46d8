#include "wire/effort_edit.h"

#include <algorithm>
#include <span>
#include <string>
#include <string_view>

#include "wire/fields.h"
#include "wire/json_edits.h"

namespace basin::wire {
namespace {

using base::json::Value;

constexpr std::string_view kWhat = "effort";
constexpr std::string_view kThinking[] = {"thinking"};

// Whether the conversation ends with a person's words, and not with a tool's results or the beginning of an answer.
bool a_person_spoke_last(const core::Request& request) {
  const auto spoken = [](const core::Message& message) {
    return message.role == core::Role::user || message.role == core::Role::assistant;
  };
  const auto last = std::find_if(request.messages.rbegin(), request.messages.rend(), spoken);
  if (last == request.messages.rend() || last->role != core::Role::user) return false;
  const auto parts = std::span(request.parts).subspan(last->first_part, last->part_count);
  return std::none_of(parts.begin(), parts.end(), [](const auto& p) { return p.kind == core::PartKind::tool_result; });
}

bool may_begin_to_think(const core::Request& request, Value root, std::uint32_t tokens) {
  constexpr Names<4> kNames = {"temperature", "top_p", "top_k", "tool_choice"};
  const auto [temperature, top_p, top_k, tool_choice] = collect(root, kNames);
  if (temperature.present() || top_p.present() || top_k.present()) return false;
  const std::string_view choice = tool_choice.member("type").raw_string();
  if (choice == "any" || choice == "tool") return false;
  return request.max_output_tokens.value_or(0) > tokens && a_person_spoke_last(request);
}

std::optional<core::Edit> anthropic_edit(const core::Request& request, Value root, const core::Effort& effort) {
  if (effort.tokens > 0) {
    if (!may_begin_to_think(request, root, effort.tokens)) return std::nullopt;
    const std::string budget = R"({"type":"enabled","budget_tokens":)" + std::to_string(effort.tokens) + "}";
    return set_absent(kWhat, root, kThinking, budget);
  }
  if (effort.word == "none") return set_absent(kWhat, root, kThinking, R"({"type":"disabled"})");
  constexpr std::string_view kPath[] = {"output_config", "effort"};
  return set_absent(kWhat, root, kPath, effort.word == "minimal" ? "\"low\"" : "\"" + effort.word + "\"");
}

}  // namespace

std::optional<core::Edit> effort_edit(const core::Request& request, Value root, const core::Effort& effort) {
  const bool conversation =
      request.endpoint != core::Endpoint::count_tokens && request.endpoint != core::Endpoint::embeddings;
  if (!effort.given() || !conversation || !request.effort.raw.empty()) return std::nullopt;
  if (request.dialect == core::Dialect::anthropic) return anthropic_edit(request, root, effort);
  if (effort.word.empty()) return std::nullopt;
  constexpr std::string_view kChat[] = {"reasoning_effort"};
  constexpr std::string_view kResponses[] = {"reasoning", "effort"};
  const bool chat = request.dialect == core::Dialect::openai_chat;
  const std::span<const std::string_view> path = chat ? std::span<const std::string_view>(kChat) : kResponses;
  return set_absent(kWhat, root, path, "\"" + effort.word + "\"");
}

}  // namespace basin::wire
