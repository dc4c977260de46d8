#include "wire/context_error.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <string>

namespace basin::wire {
namespace {

// A gap between two parts of a phrase; the longest known one ("However, you requested 140000 tokens (") has 40 bytes.
constexpr std::size_t kGap = 120;
// A context of more tokens is a misread number.
constexpr std::uint64_t kMostTokens = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// In a phrase `#c` is the number that is the context, `#p` the prompt's, `#a` the answer's, `#_` any other; `*` a gap.
// The more a phrase tells, the earlier it stands: the first that fits counts.
constexpr std::array<std::string_view, 51> kPhrases = {
    // Anthropic
    "prompt is too long: #p tokens > #c",
    "exceed context limit: #p + #a > #c",
    // OpenAI, and who copies its words: vLLM, OpenRouter, llama-cpp-python, LiteLLM
    "maximum context length is #c tokens*resulted in #p tokens",
    "is too large: #a*maximum context length is #c tokens*request has #p input tokens",
    "maximum context length is #c tokens*request has #p input tokens",
    "maximum context length is #c tokens*(#p in the messages, #a in the completion",
    "maximum context length is #c tokens*(#p in the messages, #_ in the functions, and #a in the completion",
    "maximum context length is #c tokens*(#p in the messages",
    "maximum context length is #c tokens*(#p in your prompt; #a for the completion",
    "maximum context length is #c tokens*(#p in your prompt",
    "maximum context length is #c tokens*(#p of text input, #a in the output",
    "maximum context length is #c tokens*(#p of text input, #_ of tool input, #a in the output",
    "maximum context length is #c tokens*(#p of text input",
    "maximum context length is #c tokens*(#p input tokens",
    "maximum context length is #c tokens*requested about #p tokens",
    "maximum context length is #c tokens*requested #p tokens",
    "maximum context length is #c",
    "configured limit of #c tokens*resulted in #p tokens",
    "exceeds the context window",
    "exceeds the maximum context length",
    "exceeds maximum context length",
    "exceeds the model's context length",
    "reduce the length of the messages",
    // vLLM
    "(length #p) is longer than the maximum model length of #c",
    "is longer than the maximum model length",
    "passed #p input tokens*context length is only #c",
    "(#p tokens) is too long and exceeds limit of #c",
    // SGLang
    "(#p tokens) is longer than the model's context length (#c",
    "maximum context length of #c tokens*#_ tokens: #p tokens from the input messages and #a tokens",
    "maximum context length of #c tokens*#_ tokens: #p tokens from the input",
    "maximum context length of #c",
    // Mistral
    "contains #p tokens*too large for model with #c maximum context length",
    // llama.cpp, and Ollama, which hands it on
    "request (#p tokens) exceeds the available context size (#c",
    "exceeds the available context size",
    "requested tokens (#p) exceed context window of #c",
    // LM Studio
    "keep the first #p tokens*context length of only #c",
    "n_keep*#p*n_ctx*#c",
    "reached context length of #c tokens",
    "greater than the context length",
    // Ollama
    "prompt too long; exceeded max context length",
    "input length exceeds the context length",
    // Gemini, xAI, Hugging Face, Bedrock
    "input token count (#p) exceeds the maximum number of tokens allowed (#c",
    "maximum prompt length is #c but the request contains #p tokens",
    "must have less than #c tokens. given: #p",
    "input is too long for requested model",
    // what a client of Anthropic's knows as tokens, and the same without numbers
    "prompt is too long",
    "prompt_too_long",
    "max_tokens_context_overflow",
    // a request that is larger than what a minute allows never fits, however long one waits
    "request too large for*tokens per min",
    "required for long context",
    // nobody's in particular
    "exceed*context window of #c",
};

// "128000" or "128,000" at the front; it is cut off.
std::optional<std::uint64_t> take_number(std::string_view& text) {
  std::array<char, 20> digits{};
  std::size_t count = 0, at = 0;
  for (; at < text.size(); ++at) {
    const bool comma = text[at] == ',' && count > 0 && at + 1 < text.size() && is_digit(text[at + 1]);
    if (comma) continue;
    if (!is_digit(text[at])) break;
    if (count == digits.size()) return std::nullopt;
    digits[count++] = text[at];
  }
  std::uint64_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + count, value).ec != std::errc{}) return std::nullopt;
  text.remove_prefix(at);
  return value;
}

// Whether the text goes on as the rest of a phrase says, which begins with a `#` or a `*`.
bool goes_on(std::string_view phrase, std::string_view text, TooLong& told) {
  while (!phrase.empty()) {
    const bool gap = phrase.front() == '*';
    if (gap) phrase.remove_prefix(1);
    const std::string_view window = text.substr(0, gap ? kGap : 0);
    if (phrase.front() == '#') {
      if (gap) text.remove_prefix(std::min(window.find_first_of("0123456789"), window.size()));
      const auto number = take_number(text);
      if (!number) return false;
      if (phrase[1] == 'c') told.context = *number;
      if (phrase[1] == 'p') told.prompt_tokens = *number;
      if (phrase[1] == 'a') told.answer_tokens = *number;
      phrase.remove_prefix(2);
      continue;
    }
    const std::string_view literal = phrase.substr(0, phrase.find_first_of("#*"));
    const std::size_t at = gap ? window.find(literal) : (text.starts_with(literal) ? 0 : std::string_view::npos);
    if (at == std::string_view::npos) return false;
    text.remove_prefix(at + literal.size());
    phrase.remove_prefix(literal.size());
  }
  return true;
}

std::optional<TooLong> find_phrase(std::string_view phrase, std::string_view text) {
  const std::size_t special = std::min(phrase.find_first_of("#*"), phrase.size());
  const std::string_view first = phrase.substr(0, special), rest = phrase.substr(special);
  for (std::size_t at = text.find(first); at != std::string_view::npos; at = text.find(first, at + 1)) {
    TooLong told;
    if (goes_on(rest, text.substr(at + first.size()), told)) return told;
  }
  return std::nullopt;
}

// Words of servers that are not in the list.
bool speaks_of_it(std::string_view lower) {
  const auto has_any = [&](std::initializer_list<std::string_view> parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [&](std::string_view part) { return lower.find(part) != std::string_view::npos; });
  };
  if (has_any({"exceed context limit", "maximum context length", "context length of only"})) return true;
  if (has_any({"input token count"}) && has_any({"exceeds"})) return true;
  return has_any({"context window", "context size", "context length"}) &&
         has_any({"exceed", "too long", "greater than"});
}

void drop_absurd(std::optional<std::uint64_t>& tokens) {
  if (tokens && (*tokens == 0 || *tokens > kMostTokens)) tokens.reset();
}

}  // namespace

std::optional<TooLong> read_too_long(std::string_view message) {
  std::string lower(message.substr(0, kContextErrorRead));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view phrase : kPhrases) {
    auto told = find_phrase(phrase, lower);
    if (!told) continue;
    drop_absurd(told->context);
    drop_absurd(told->prompt_tokens);
    return told;
  }
  return speaks_of_it(lower) ? std::optional(TooLong()) : std::nullopt;
}

}  // namespace basin::wire
