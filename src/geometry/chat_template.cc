#include "geometry/chat_template.h"

#include <algorithm>
#include <array>

namespace basin::geometry {
namespace {

// A template that is handed tools names them as its engine hands them over; and one that also says how a call looks was
// made for a model that was taught to call.
constexpr std::array<std::string_view, 3> kToolsHandedOver = {"tools", ".Tools", "functions"};
constexpr std::array<std::string_view, 5> kCalls = {"tool_call", "ToolCalls", "function_call", "ipython", "commentary"};
constexpr std::array<std::string_view, 3> kAnyTool = {"tool", "Tool", "function"};
// Switches of thinking, and the marks around it.
constexpr std::array<std::string_view, 8> kThinking = {
    "enable_thinking",    "<think>", "thinking_budget",   "reasoning_effort", ".Think",
    "|channel|>analysis", "[THINK]", "<|START_THINKING|>"};
constexpr std::array<std::string_view, 5> kAnyThinking = {"think", "Think", "THINK", "reason", "channel"};

template <std::size_t N>
bool any_in(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

// Yes where it is sure, no where there is not a trace of it, else nothing.
std::optional<bool> told(bool sure, bool traces) {
  if (sure) return true;
  return traces ? std::nullopt : std::optional(false);
}

}  // namespace

TemplateHints hints_in_template(std::string_view chat_template) {
  const std::string_view text = chat_template.substr(0, kTemplateLimit);
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) return {};
  return {told(any_in(text, kToolsHandedOver) && any_in(text, kCalls), any_in(text, kAnyTool)),
          told(any_in(text, kThinking), any_in(text, kAnyThinking))};
}

}  // namespace basin::geometry
