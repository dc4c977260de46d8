// Whether an upstream's error says that the prompt does not fit, and which numbers it names.
//
// Every server says it in words of its own, few with a code, and the words are worth reading: they tell the context in
// force, which many servers tell nowhere else, and the prompt's size as the model itself counts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basin::wire {

struct TooLong {
  std::optional<std::uint64_t> context;        // tokens that fit, prompt and answer together where the server says so
  std::optional<std::uint64_t> prompt_tokens;  // as the server counted them
  std::optional<std::uint64_t> answer_tokens;  // those asked for, where the server counts them apart
};

// Longer messages are read to here: the longest known one has 300 bytes, but a server may put a trace before it.
inline constexpr std::size_t kContextErrorRead = 4096;

// Nothing where the message says something else. In any case of letters.
std::optional<TooLong> read_too_long(std::string_view message);

}  // namespace basin::wire
