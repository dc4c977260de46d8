// How many tokens a model makes of a text, before the model is asked; and whether a server read all that it was sent.
// See token_rates.cc for the measures behind the numbers.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

namespace basin::upstream {

// Tokens per byte of each family of models, learned from the servers' own counts. Models of a family share a tokenizer,
// more or less: a family is a known model's generation, else the name's first word. Thread safe.
class TokenRates {
 public:
  // What a family begins with: four bytes of English, code or JSON to a token, with any tokenizer of these years.
  static constexpr double kFirst = 0.25;
  // The prior weighs as much as this many bytes: a chat's first question hardly moves it, an agent's first request
  // (100 kB of instructions and tools) replaces it.
  static constexpr double kPriorBytes = 16'000;
  // What was learned fades with this many bytes learned since: some forty requests of an agent, a long afternoon of
  // chat.
  static constexpr double kMemoryBytes = 4e6;
  // Counts outside of this are not of the text that was sent: less is a cut prompt or a count without the cached part,
  // more is a template around a short question (a byte is at most one token, with any tokenizer).
  static constexpr double kLeast = 1.0 / 16;
  static constexpr double kMost = 1.0;
  // Families remembered; past them the one that has not learned for longest starts afresh.
  static constexpr std::size_t kCapacity = 256;

  // Tokens that a model makes of so many bytes of text; a mean, so that half the texts are above it.
  double estimate(std::string_view model, std::uint64_t bytes) const;
  // A server has counted `tokens` in a prompt of `bytes` of text: the whole prompt, what it had in its cache included,
  // pictures left out of both.
  void learn(std::string_view model, std::uint64_t bytes, std::uint64_t tokens);
  // Families that have learned something.
  std::size_t size() const;

 private:
  struct Learned {
    double bytes = 0, tokens = 0;  // faded sums
    std::uint64_t last = 0;        // which learning was its last
  };
  mutable std::mutex mutex_;
  std::uint64_t count_ = 0;
  std::map<std::string, Learned, std::less<>> families_;
};

// The family of a model's name, as TokenRates has it: "qwen2.5-coder:7b" and "Qwen/Qwen2.5-7B-Instruct" are one. Never
// longer than 32 bytes.
std::string token_family(std::string_view model);

// A text that has more bytes for each token than this was not read whole. No natural text comes near with any
// tokenizer (Russian with o200k: 9.4).
inline constexpr std::uint64_t kMostBytesPerToken = 12;
// Where the count fills the context to the brim, which leaves no room for an answer, less is enough: above English and
// code with any tokenizer (4.4).
inline constexpr std::uint64_t kBrimBytesPerToken = 6;

// Whether a server that answered has read less than it was sent, and did not say so. `bytes`: of the prompt's text as
// the model is to read it (JSON's escapes undone, pictures left out). `told_tokens`: of the whole prompt, what was in a
// cache included; 0: not told. `context`: tokens that the server has room for, 0: not known.
bool truncated(std::uint64_t bytes, std::uint64_t told_tokens, std::uint32_t context);

}  // namespace basin::upstream
