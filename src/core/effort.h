// How hard a tier's model shall think, where the client does not say.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace basin::core {

// The words that the vendors have for it, least first. Which of them a model takes is between it and who configures it.
inline constexpr std::string_view kEffortWords[] = {"none", "minimal", "low", "medium", "high", "xhigh", "max"};

// At most one of the two is set.
struct Effort {
  std::string word;          // one of kEffortWords
  std::uint32_t tokens = 0;  // a thinking budget, for models that are told a number instead; 0: none

  bool given() const { return !word.empty() || tokens > 0; }
  friend bool operator==(const Effort&, const Effort&) = default;
};

// The least thinking budget that the Anthropic API takes.
inline constexpr std::uint32_t kLeastThinkingTokens = 1024;

}  // namespace basin::core
