// Words as they were meant: a mistyped word of an ask becomes the known word that is one slip away. See spelling.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/courtesy.h"
#include "geometry/prose_words.h"

namespace basin::geometry {

// What a file of known words may hold.
inline constexpr std::uint32_t kKnownLimit = 1u << 18;
inline constexpr std::uint32_t kRepairedLimit = 1u << 16;
inline constexpr std::size_t kSpellingFileLimit = std::size_t{4} << 20;

// Immutable; share it between threads. Keeps (or refers to) the bytes it was loaded from.
class Spelling {
 public:
  // Unknown words that are looked up in one ask: each costs about a microsecond, and an ask with more is not mistyped
  // but of a language that nobody has taught us.
  static constexpr std::size_t kLookups = 32;

  // Errors: Code::invalid naming what is wrong with the file, and what to do.
  static base::Result<std::shared_ptr<const Spelling>> load(std::string bytes);
  // As load(), without a copy. REQUIRES: bytes outlive the spelling.
  static base::Result<std::shared_ptr<const Spelling>> view(std::string_view bytes);

  // The text with its mistyped words mended: the text itself where there are none, else a view of `buffer`. Pure; one
  // pass, no allocation beyond what buffer grows by.
  std::string_view mend(std::string_view text, std::string& buffer) const;

  // Whether a word of this hash (ProseWord::hash) is known; of millions of unknown ones, one is taken for known.
  bool knows(std::uint32_t hash) const { return rank_of(hash) > 0; }

 private:
  struct Guess;
  base::Status open(std::string_view bytes);
  // About the place of a known word among all by how common it is, from 1; 0 for an unknown one.
  std::uint32_t rank_of(std::uint32_t hash) const;
  // The likeliest word that was meant by an unknown one.
  Guess guess(const ProseWord& typed, bool may_be_name) const;
  void undo_swaps(std::span<const std::uint32_t> typed, Guess& best) const;
  void drop_letters(std::span<const std::uint32_t> typed, Guess& best) const;
  void fill_in(std::span<const std::uint32_t> typed, std::uint32_t hash, Guess& best) const;
  std::string_view spelled(std::uint32_t id) const;

  std::string owned_;
  std::uint32_t slot_mask_ = 0, bucket_shift_ = 0;
  const std::uint32_t* slots_ = nullptr;        // known words: the upper 24 bits of a hash, and a rank; 0 is free
  const std::uint32_t* bucket_ends_ = nullptr;  // of what common words become by losing a letter, by the upper bits of
                                                // its hash
  const std::uint8_t* checks_ = nullptr;        // the lowest byte of each one's hash
  const std::uint16_t* ids_ = nullptr;          // the word that each one comes from
  const std::uint32_t* word_ends_ = nullptr;    // in spellings_
  const char* spellings_ = nullptr;
};

// An ask as it was meant, which is what both stages measure: its mistyped words mended, where there is a spelling to do
// it by (Spelling::mend()), and its manners left away (core/courtesy.h). A part of `ask`, or of `buffer`.
inline std::string_view mend(const Spelling* spelling, std::string_view ask, std::string& buffer) {
  return core::without_courtesies(spelling ? spelling->mend(ask, buffer) : ask);
}

// The file's bytes. words: folded, each once, commonest first, of ProseWord's lengths, kKnownLimit of them at most;
// lost and wrong letters are repaired in the first `repaired` of them, kRepairedLimit at most.
std::string encode_spelling(const std::vector<std::string>& words, std::size_t repaired);

}  // namespace basin::geometry
