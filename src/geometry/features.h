// What the model sees of a prompt: rows of its table, in groups. See features.cc.
//
// A prompt becomes a few groups of rows (the words of the ask, pairs of words, pieces of words, ...) and a list of
// weighted rows for its measures (lengths, shares, shapes). A score is the sum over groups of the group's mean-like sum
// (divided by sqrt(n)) plus the weighted rows: linear, so that every part of a score can be named. The measures of the
// whole are for the forests, which add one more part to dI and to D.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/prompt.h"
#include "geometry/hash_set.h"
#include "geometry/spelling.h"
#include "geometry/whole.h"

namespace basin::geometry {

// Bump whenever the meaning of a row changes: weights of another version are refused.
inline constexpr std::uint32_t kFeatureVersion = 2;

enum class Group : std::uint8_t {
  words,
  pairs,
  pieces,
  place,
  ends,
  marks,
  material_words,
  inline_words,
  previous_words
};
inline constexpr std::size_t kGroups = 9;

// Rows below this are measures (knots and crosses), the rest is shared by hashing.
inline constexpr std::uint32_t kMeasureRows = 1024;
inline constexpr std::uint32_t kHashedRows = 1u << 17;
inline constexpr std::uint32_t kRows = kMeasureRows + kHashedRows;

// Most rows a group may hold: an ask of core::kAskLimit bytes has at most half as many words, and nobody's ask has a
// thousand; what is past it is left out, which bounds the work for any input.
inline constexpr std::size_t kGroupLimit = 2048;

struct WeightedRow {
  std::uint32_t row = 0;
  float weight = 0;
  bool of_material = false;  // for naming: the material's shape rather than the ask's
};

// The memory of one measurement, kept between prompts so that none is allocated per word. One per thread.
class Scratch {
 public:
  Scratch();
  void clear();

  std::array<std::vector<std::uint32_t>, kGroups> groups;
  std::vector<WeightedRow> measures;
  WholeMeasures whole{};  // for the forests

  // For extract() alone: hashes of the ask's and the material's words.
  std::vector<std::uint32_t> ask_hashes, material_hashes;
  HashSet material_words;
  std::string mended;  // the ask, where it was mistyped
};

// Fills scratch, from the ask as `spelling` mends it, if there is one. Pure; linear in ask plus a bounded part of the
// material; the harness's byte counts are never looked at.
void extract(const core::Prompt& prompt, Scratch& scratch, const Spelling* spelling = nullptr);

}  // namespace basin::geometry
