// Tokens per byte, and what a count betrays.
//
// Only the server has the tokenizer, and it counts when the prompt has been sent; whether the prompt fits must be known
// before. But a family's tokenizer makes much the same of one person's texts from day to day, so the last counts
// foretell the next. Sums of bytes and tokens are kept rather than a mean of rates: long prompts, which are those that
// might not fit, weigh as they should, and what a template adds to a short question does not.
//
// Bytes for each token, measured with o200k, cl100k, Llama 3's and Mistral's (32k words) tokenizer:
//   English with Markdown   2.8 - 3.4      Chinese    2.6 - 4.3      base64       1.2 - 1.5
//   C++                     2.8 - 3.6      Russian    4.3 - 9.4      hexadecimal  1.0 - 2.2
//   Python                  3.2 - 4.4      Hindi      2.5 - 8.7      a log        1.6 - 2.4
//   JSON, indented          2.5 - 3.1      Thai       3.0 - 7.9      code 40 columns deep  5.2 - 7.6
//   code, its JSON escapes not undone 2.9 - 3.8, twice escaped 3.1 - 4.0; Russian as \uXXXX 12 - 27
//   tables drawn with dashes and blanks 9 - 17, blanks alone 16 - 127: never a whole prompt
//
// A server that cuts a prompt in silence (Ollama on every path, old llama.cpp) still counts what it read. That count is
// suspicious in three ways: the context has no room for what was sent, whatever the tokenizer; the count is the context
// to the token, since that is where the knife fell; or, where the context is not known, the count ends just under one
// of the sizes that contexts have while there was far more to read. A low count alone proves nothing: it may be the
// part that was not cached.
#include "upstream/token_rates.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "upstream/known_models.h"

namespace basin::upstream {
namespace {

constexpr std::size_t kFamilyLimit = 32;  // longer than any maker's name

// Contexts are powers of two where nobody thought about them, between what Ollama once gave and what models are sold
// with.
constexpr std::uint64_t kSmallestContext = 2048;
constexpr std::uint64_t kLargestContext = 262'144;

// Servers that drop whole messages, or keep some room for the answer, end this far under the context: one in sixteen.
constexpr std::uint64_t kUnderShare = 16;
// Those that cut tokens end here: a template's last tokens under it at most.
constexpr std::uint64_t kBrimShare = 256;

bool just_under(std::uint64_t tokens, std::uint64_t size, std::uint64_t share) {
  return tokens <= size && tokens >= size - size / share;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string token_family(std::string_view model) {
  if (const KnownModel* known = known_model(model)) return std::string(known->generation.substr(0, kFamilyLimit));
  if (const std::size_t slash = model.rfind('/'); slash != std::string_view::npos) model.remove_prefix(slash + 1);
  std::string family;
  for (const char c : model) {
    if (is_letter(c) && family.size() < kFamilyLimit) {
      family += lower(c);
    } else if (!family.empty()) {
      break;
    }
  }
  return family;
}

double TokenRates::estimate(std::string_view model, std::uint64_t bytes) const {
  const std::string family = token_family(model);
  Learned learned;
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = families_.find(family); found != families_.end()) learned = found->second;
  }
  const double rate = (kPriorBytes * kFirst + learned.tokens) / (kPriorBytes + learned.bytes);
  return rate * static_cast<double>(bytes);
}

void TokenRates::learn(std::string_view model, std::uint64_t bytes, std::uint64_t tokens) {
  if (bytes == 0) return;
  const auto sent = static_cast<double>(bytes);
  const auto told = static_cast<double>(tokens);
  if (told < sent * kLeast || told > sent * kMost) return;
  std::string family = token_family(model);
  const double kept = std::exp(-sent / kMemoryBytes);

  const std::lock_guard lock(mutex_);
  auto found = families_.find(family);
  if (found == families_.end()) {
    if (families_.size() >= kCapacity) {
      families_.erase(std::min_element(families_.begin(), families_.end(),
                                       [](const auto& a, const auto& b) { return a.second.last < b.second.last; }));
    }
    found = families_.try_emplace(std::move(family)).first;
  }
  Learned& learned = found->second;
  learned.bytes = learned.bytes * kept + sent;
  learned.tokens = learned.tokens * kept + told;
  learned.last = ++count_;
}

std::size_t TokenRates::size() const {
  const std::lock_guard lock(mutex_);
  return families_.size();
}

bool truncated(std::uint64_t bytes, std::uint64_t told_tokens, std::uint32_t context) {
  if (told_tokens == 0) return false;
  const std::uint64_t bytes_per_token = bytes / told_tokens;
  if (context > 0 && told_tokens <= context) {
    if (bytes / context >= kMostBytesPerToken) return true;  // there is no room for it
    if (just_under(told_tokens, context, kBrimShare) && bytes_per_token >= kBrimBytesPerToken) return true;
  }
  if (told_tokens > kLargestContext || bytes_per_token < kMostBytesPerToken) return false;
  const std::uint64_t size = std::bit_ceil(told_tokens);
  return size >= kSmallestContext && just_under(told_tokens, size, kUnderShare);
}

}  // namespace basin::upstream
