// A GGUF file's metadata: pairs of a key and a value, found and not built.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "geometry/gguf_cursor.h"

namespace basin::geometry {

// Where a value stands. Of an array of texts or arrays only the number of elements is known.
struct GgufValue {
  std::uint32_t type = 0;  // of an array: of its elements
  bool is_array = false;
  std::uint64_t count = 1;
  std::string_view raw;  // a text's inside, a number, or an array's numbers
};

// Views point into the bytes that were read. Of a key that stands twice the first counts.
class GgufMetadata {
 public:
  // Takes a pair from where the cursor stands; false where it cannot, and the cursor says why.
  bool take_pair(GgufCursor& cursor);

  const GgufValue* find(std::string_view key) const;  // null where there is none
  std::string_view text(std::string_view key) const;  // "" where it is none
  // Nothing where it is none, negative or not whole. A boolean is 0 or 1.
  std::optional<std::uint64_t> number(std::string_view key) const;
  std::uint64_t count(std::string_view key) const;  // of an array's elements; 0 where it is none

 private:
  struct Pair {
    std::string_view key;
    GgufValue value;
  };
  std::vector<Pair> pairs_;
};

// A number that is one for all layers, or one for each.
class PerLayer {
 public:
  explicit PerLayer(const GgufValue* value) : value_(value) {}
  bool present() const { return value_ != nullptr; }
  bool is_list() const { return value_ != nullptr && value_->is_array; }
  std::uint64_t at(std::uint64_t layer) const;  // 0 where there is none
  std::uint64_t most() const;

 private:
  const GgufValue* value_;
};

}  // namespace basin::geometry
