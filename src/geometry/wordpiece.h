// A text as pieces of words that an encoder knows: the WordPiece rules of BERT's uncased vocabularies.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "geometry/encoder_view.h"

namespace basin::geometry {

// Ids of one text. Kept between texts, so that none is allocated per word; one per thread.
struct Pieces {
  std::vector<std::uint32_t> ids;
  std::vector<std::uint32_t> tail;  // for Wordpieces::read alone
};

// Finds words by their spelling. Points into the encoder's file; immutable, shared by threads.
class Wordpieces {
 public:
  Wordpieces() = default;
  // Errors: Code::invalid when [CLS], [SEP] or [UNK] is missing or a word stands twice.
  static base::Result<Wordpieces> over(const EncoderView& encoder);

  // pieces.ids = [CLS] text [SEP]. Of a text that needs more than `limit` the first three quarters and the last quarter
  // are kept, and its middle is hardly looked at. What is not UTF-8 is left out. REQUIRES: limit >= 8.
  void read(std::string_view text, std::uint32_t limit, Pieces& pieces) const;

 private:
  friend class Cutter;
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::string_view spelling(std::uint32_t id) const;
  // The word that is spelled `prefix` and then `rest`; `hash` is of both.
  std::uint32_t find(std::string_view prefix, std::string_view rest, std::uint32_t hash) const;
  std::uint32_t find(std::string_view word) const;

  const EncoderView* encoder_ = nullptr;
  std::vector<std::uint32_t> slots_;  // open addressing; id + 1, 0 is free
  std::uint32_t longest_ = 0;         // spelling, in bytes
  std::uint32_t begin_ = 0, end_ = 0, unknown_ = 0;
};

}  // namespace basin::geometry
