#include "wire/stop_words.h"

#include <array>

namespace basin::wire {
namespace {

using core::StopReason;

struct Row {
  StopReason reason;
  std::string_view anthropic, chat, incomplete;
};

// Where a dialect has fewer words than reasons, its word is read as the first row that has it.
constexpr std::array<Row, 7> kRows = {{
    {StopReason::end_turn, "end_turn", "stop", ""},
    {StopReason::max_tokens, "max_tokens", "length", "max_output_tokens"},
    {StopReason::stop_sequence, "stop_sequence", "stop", ""},
    {StopReason::tool_use, "tool_use", "tool_calls", ""},
    {StopReason::refusal, "refusal", "content_filter", "content_filter"},
    {StopReason::context_exceeded, "model_context_window_exceeded", "length", "max_output_tokens"},
    {StopReason::pause_turn, "pause_turn", "stop", ""},
}};

}  // namespace

StopReason stop_reason_of(core::Dialect dialect, std::string_view word) {
  if (word == "function_call") return StopReason::tool_use;  // chat's, before there were tools
  for (const Row& row : kRows) {
    if (word == (dialect == core::Dialect::anthropic ? row.anthropic : row.chat)) return row.reason;
  }
  return StopReason::end_turn;
}

// OpenRouter, vLLM, DeepSeek.
bool tells_failure(std::string_view finish_reason) {
  return finish_reason == "error" || finish_reason == "abort" || finish_reason == "insufficient_system_resource";
}

std::string_view stop_word(core::Dialect dialect, StopReason reason) {
  for (const Row& row : kRows) {
    if (row.reason != reason) continue;
    switch (dialect) {
      case core::Dialect::anthropic: return row.anthropic;
      case core::Dialect::openai_chat: return row.chat;
      case core::Dialect::openai_responses: return row.incomplete;
    }
  }
  return {};
}

}  // namespace basin::wire
