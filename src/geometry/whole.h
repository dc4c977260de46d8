// Measures of the whole prompt, ask and material together: what the forests (forest.h) look at. See whole.cc.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace basin::geometry {

// Counts are log2(1 + n), shares 0 to 1, lengths of words in letters.
enum class Whole : std::uint8_t {
  bytes,
  ask_bytes,
  material_bytes,
  ask_share,
  words,
  distinct_words,
  distinct_share,
  lone_share,  // words that occur once
  pair_share,  // different pairs of neighbours, of all pairs
  long_again,  // words of five letters and more that were there before, of all words
  ask_in_material,
  numbers,
  distinct_numbers,
  number_share,
  digit_share,
  longest_number,
  operators,
  sentences,
  longest_sentence,
  first_sentence,
  last_sentence,
  mean_sentence,
  names,  // capitalised words inside a sentence
  distinct_names,
  capitals,  // capitalised words anywhere
  capital_share,
  upper_share,  // of all bytes
  commas,
  comma_share,
  quotes,
  colons,
  colon_share,
  brackets,
  questions,
  braces,
  underscores,
  hyphens,
  dots,
  slashes,
  mark_share,
  lines,
  mean_line,
  first_line,
  last_line,
  longest_line,
  items,
  options,
  distinct_lines,
  indented,
  word_length,
  long_words,
  long_share,
  short_share,
  single_letters,
  foreign_share,
  ends_in_question,
  ask_words,
  ask_numbers,
  ask_sentences,
  ask_commas,
  ask_names,
  count
};
inline constexpr std::size_t kWholeMeasures = static_cast<std::size_t>(Whole::count);

using WholeMeasures = std::array<float, kWholeMeasures>;

// So many bytes of the head and of the tail of either part are read, not counting blanks that follow a blank; the
// lengths are those of all of it.
inline constexpr std::size_t kWholeHead = 4096, kWholeTail = 1024;

// One pass over the heads and the tails; nothing is allocated. Pure. The same, bit for bit, for parts that are spaced
// wider or have blanks at either end; but for a part longer than what is read, whose lengths are then estimates.
// material_bytes: of all the material, of which `material` may be the first part.
WholeMeasures measure_whole(std::string_view ask, std::string_view material, std::uint64_t material_bytes);

}  // namespace basin::geometry
