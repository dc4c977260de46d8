#include "wire/conversation_writing.h"

#include <algorithm>
#include <array>

#include "base/sha256.h"

namespace basin::wire {
namespace {

struct Level {
  std::string_view effort;
  std::uint64_t budget_tokens;
};
// Anthropic's guide names 1,024 as the least and 16,000 as a good start for hard tasks.
constexpr std::array<Level, 6> kLevels = {
    {{"minimal", 1'024}, {"low", 2'048}, {"medium", 8'192}, {"high", 16'384}, {"xhigh", 32'768}, {"max", 65'536}}};

// OpenAI refuses a call's id in messages that is longer; Anthropic's own are shorter.
constexpr std::size_t kIdLimit = 40;
constexpr std::size_t kDigestLength = 12;

bool plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::optional<std::uint64_t> output_tokens(const core::Conversation& conversation, const Target& target) {
  auto tokens = conversation.max_output_tokens;
  if (tokens && target.output_limit > 0) tokens = std::min(*tokens, target.output_limit);
  return tokens;
}

std::string call_id(std::string_view id, core::Dialect dialect) {
  const bool fits =
      dialect == core::Dialect::anthropic ? !id.empty() && std::ranges::all_of(id, plain) : id.size() <= kIdLimit;
  if (fits) return std::string(id);
  std::string mapped;
  for (const char c : id.substr(0, kIdLimit - kDigestLength - 1)) mapped += plain(c) ? c : '_';
  mapped += '_';
  return mapped += base::sha256_hex(id).substr(0, kDigestLength);
}

std::uint64_t budget_of(std::string_view effort) {
  for (const Level& level : kLevels) {
    if (level.effort == effort) return level.budget_tokens;
  }
  return kLevels[2].budget_tokens;
}

std::string_view effort_of(std::uint64_t budget_tokens) {
  for (std::size_t i = 1; i < 3; ++i) {
    if (budget_tokens <= kLevels[i].budget_tokens) return kLevels[i].effort;
  }
  return "high";
}

}  // namespace basin::wire
