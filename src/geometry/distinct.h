// How many different things were there, and was this one there before? A sketch for words, pairs, numbers and lines:
// one bit for each of a few thousand slots, no walk, no allocation. Two things that share a slot count as one; with a
// thousand of them in it, one in sixteen does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace basin::geometry {

class Distinct {
 public:
  static constexpr std::uint32_t kBits = 13;

  // Whether it is new. REQUIRES: the upper bits of the hash are well mixed; they choose the slot.
  bool add(std::uint32_t hash) {
    std::uint64_t& word = words_[word_of(hash)];
    const std::uint64_t bit = bit_of(hash);
    const bool is_new = (word & bit) == 0;
    word |= bit;
    size_ += is_new ? 1 : 0;
    return is_new;
  }
  bool contains(std::uint32_t hash) const { return (words_[word_of(hash)] & bit_of(hash)) != 0; }
  // How many different ones were added.
  std::uint32_t size() const { return size_; }

 private:
  static std::size_t word_of(std::uint32_t hash) { return hash >> (32 - kBits + 6); }
  static std::uint64_t bit_of(std::uint32_t hash) { return std::uint64_t{1} << (hash >> (32 - kBits) & 63); }

  std::uint32_t size_ = 0;
  std::array<std::uint64_t, (std::size_t{1} << kBits) / 64> words_{};
};

}  // namespace basin::geometry
