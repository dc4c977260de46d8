// How much of an answer is new? Code it twice with the same coder: once from nothing, once after the prompt. What the
// prompt already says costs next to nothing the second time; what it does not say costs about the same.
//
// The coder is the usual small context mixer: bit by bit, six contexts (orders 0 to 4 and the current word) each
// predict from a table of adaptive probabilities, a match model predicts what followed the last occurrence of the last
// five bytes, and a logistic mixer weighs them by their record so far. It is no record holder, and need not be: both
// lengths share its weaknesses, and it sees reordered, requoted and recased copies as copies after a few bytes.
#include "lab/coder.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace basin::lab {
namespace {

// Probabilities have 12 bits in the mixer, logits 8 fractional bits in +-2047.
int squash(int logit) {
  static constexpr int kTable[33] = {1,    2,    3,    6,    10,   16,   27,   45,   73,   120,  194,
                                     310,  488,  747,  1101, 1546, 2047, 2549, 2994, 3348, 3607, 3785,
                                     3901, 3975, 4022, 4050, 4068, 4079, 4085, 4089, 4092, 4093, 4094};
  if (logit > 2047) return 4095;
  if (logit < -2047) return 0;
  const int w = logit & 127, d = (logit >> 7) + 16;
  return (kTable[d] * (128 - w) + kTable[d + 1] * w + 64) >> 7;
}

struct Stretch {
  std::array<std::int16_t, 4096> table{};
  Stretch() {
    int p = 0;
    for (int x = -2047; x <= 2047; ++x) {
      for (const int v = squash(x); p <= v; ++p) table[static_cast<std::size_t>(p)] = static_cast<std::int16_t>(x);
    }
    for (; p < 4096; ++p) table[static_cast<std::size_t>(p)] = 2047;
  }
};

std::uint32_t hash_of(std::uint32_t a, std::uint32_t b) {
  std::uint32_t h = a * 0x2F0B4C47u ^ (b + 0x9E3779B9u) * 0x85EBCA6Bu;
  return h ^ (h >> 15);
}

constexpr int kMixRate = 10;
constexpr std::size_t kMatchBytes = 5;
constexpr std::size_t kMatchSlots = 1u << 14;

}  // namespace

double CodeLength::new_share() const { return alone_bits > 0 ? std::clamp(given_bits / alone_bits, 0.0, 1.0) : 0; }

Coder::Coder() { reset(); }

void Coder::reset() {
  tables_.assign(kOrders * kSlots, 1u << 15);
  weights_.assign(kInputs * 256, (1 << 16) * 3 / 10);
  last_seen_.assign(kMatchSlots, 0);
  history_.clear();
}

double Coder::code(std::string_view text) {
  static const Stretch kStretch;
  double bits = 0;
  std::array<std::uint32_t, kOrders> context{};
  for (const char raw : text) {
    const auto byte = static_cast<unsigned char>(raw);
    const std::size_t n = history_.size();
    std::uint32_t rolling = 0, word = 0;
    for (std::size_t order = 0; order < 5; ++order) {
      context[order] = hash_of(rolling, static_cast<std::uint32_t>(order));
      if (order < n) rolling = rolling << 8 | history_[n - 1 - order];
      if (order == 3) rolling = hash_of(rolling, 77);
    }
    for (std::size_t i = 0; i < 16 && i < n; ++i) {
      const unsigned char c = history_[n - 1 - i] | 32;
      if (!((c >= 'a' && c <= 'z') || c >= 0x80)) break;
      word = hash_of(word, c);
    }
    context[5] = hash_of(word, 99);
    std::uint32_t match = 0, key = 0;
    if (n >= kMatchBytes) {
      for (std::size_t i = 0; i < kMatchBytes; ++i) key = hash_of(key, history_[n - 1 - i]);
      key &= kMatchSlots - 1;
      match = last_seen_[key];
    }
    std::size_t match_length = 0;
    if (match > 0)
      while (match_length < 24 && match_length < match &&
             history_[match - 1 - match_length] == history_[n - 1 - match_length])
        ++match_length;

    std::uint32_t partial = 1;
    for (int bit_index = 7; bit_index >= 0; --bit_index) {
      const int bit = byte >> bit_index & 1;
      std::array<int, kInputs> logits{};
      std::array<std::uint16_t*, kOrders> cells{};
      for (std::size_t order = 0; order < kOrders; ++order) {
        cells[order] = &tables_[order * kSlots + (hash_of(context[order], partial) & (kSlots - 1))];
        logits[order] = kStretch.table[*cells[order] >> 4];
      }
      const bool predicts = match_length >= kMatchBytes && (history_[match] | 256u) >> (bit_index + 1) == partial;
      if (predicts) {
        const int strength = static_cast<int>(std::min<std::size_t>(match_length, 24)) * 48;
        logits[kOrders] = (history_[match] >> bit_index & 1) ? strength : -strength;
      }
      std::int32_t* weights = &weights_[kInputs * (predicts ? 64 + match_length : std::min<std::size_t>(n, 63))];
      std::int64_t dot = 0;
      for (std::size_t i = 0; i < kInputs; ++i) dot += static_cast<std::int64_t>(weights[i]) * logits[i];
      const int p = std::clamp(squash(static_cast<int>(std::clamp<std::int64_t>(dot >> 16, -2047, 2047))), 1, 4094);
      bits -= std::log2((bit ? p : 4095 - p) / 4095.0);
      const int error = ((bit << 12) - p) * kMixRate;
      for (std::size_t i = 0; i < kInputs; ++i) weights[i] += (logits[i] * error + 0x2000) >> 14;
      for (std::uint16_t* cell : cells)
        *cell = static_cast<std::uint16_t>(*cell + ((bit ? 65535 - *cell : -static_cast<int>(*cell)) >> 3));
      partial = partial << 1 | static_cast<std::uint32_t>(bit);
    }
    history_.push_back(byte);
    if (n >= kMatchBytes) last_seen_[key] = static_cast<std::uint32_t>(n);
  }
  return bits;
}

CodeLength Coder::measure(std::string_view prompt, std::string_view answer) {
  CodeLength length;
  const std::string_view front = answer.substr(0, kCodedAnswer);
  reset();
  length.alone_bits = code(front);
  reset();
  if (prompt.size() > kCodedPrompt) {
    code(prompt.substr(0, kCodedPrompt / 2));
    code(prompt.substr(prompt.size() - kCodedPrompt / 2));
  } else {
    code(prompt);
  }
  length.given_bits = code(front);
  return length;
}

}  // namespace basin::lab
