#include "geometry/gguf_metadata.h"

#include <algorithm>
#include <array>

#include "base/saturating.h"

namespace basin::geometry {
namespace {

using base::Code;

// The types of values.
enum : std::uint32_t { kU8, kI8, kU16, kI16, kU32, kI32, kF32, kBool, kString, kArray, kU64, kI64, kF64, kTypes };

// Of the types of fixed size; 0 for the others.
constexpr std::array<std::uint64_t, kTypes> kSizes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

// The number at an index of the value; nothing where it is none, negative or not whole.
std::optional<std::uint64_t> number_in(const GgufValue& value, std::uint64_t index) {
  const std::uint64_t size = kSizes[value.type];
  if (size == 0 || value.type == kF32 || value.type == kF64 || index >= value.raw.size() / size) return std::nullopt;
  std::uint64_t number = 0;
  std::memcpy(&number, value.raw.data() + index * size, size);
  const bool is_signed = value.type == kI8 || value.type == kI16 || value.type == kI32 || value.type == kI64;
  if (is_signed && (number >> (size * 8 - 1) & 1U) != 0) return std::nullopt;
  return number;
}

bool skip_array(GgufCursor& cursor, GgufValue& array);

// A value of this type, from where the cursor stands.
bool take_value(GgufCursor& cursor, std::uint32_t type, GgufValue& value) {
  value.type = type;
  if (type >= kTypes) return cursor.stop(Code::invalid, "a value of unknown type " + std::to_string(type));
  if (type == kArray) return skip_array(cursor, value);
  const auto raw = type == kString ? cursor.text(kGgufHeadLimit) : cursor.take(kSizes[type]);
  if (raw) value.raw = *raw;
  return raw.has_value();
}

// The elements of an array whose head was read; arrays in it are put on the stack by the caller.
bool skip_elements(GgufCursor& cursor, std::uint32_t type, std::uint64_t count, std::string_view& raw) {
  if (type == kString) {
    for (std::uint64_t i = 0; i < count; ++i) {
      if (!cursor.text(kGgufHeadLimit)) return false;
    }
    return true;
  }
  const auto taken = cursor.take(base::saturating_multiply(count, kSizes[type]));
  if (taken) raw = *taken;
  return taken.has_value();
}

struct ArrayHead {
  std::uint32_t type = 0;
  std::uint64_t count = 0;
};

std::optional<ArrayHead> take_array_head(GgufCursor& cursor) {
  const auto type = cursor.number<std::uint32_t>();
  const auto count = cursor.number<std::uint64_t>();
  if (!type || !count) return std::nullopt;
  if (*type >= kTypes)
    return cursor.stop(Code::invalid, "an array of unknown type " + std::to_string(*type)), std::nullopt;
  return ArrayHead{*type, *count};
}

bool skip_array(GgufCursor& cursor, GgufValue& array) {
  const auto outer = take_array_head(cursor);
  if (!outer) return false;
  array.is_array = true;
  array.type = outer->type;
  array.count = outer->count;
  if (outer->type != kArray) return skip_elements(cursor, outer->type, outer->count, array.raw);
  std::array<std::uint64_t, kGgufNesting> left{};  // arrays still to come, at each depth
  std::size_t depth = 0;
  left[0] = outer->count;
  for (;;) {
    while (left[depth] == 0) {
      if (depth == 0) return true;
      --depth;
    }
    --left[depth];
    const auto inner = take_array_head(cursor);
    if (!inner) return false;
    if (inner->type == kArray) {
      if (++depth == kGgufNesting) return cursor.stop(Code::invalid, "arrays are nested too deep");
      left[depth] = inner->count;
      continue;
    }
    std::string_view unused;
    if (!skip_elements(cursor, inner->type, inner->count, unused)) return false;
  }
}

}  // namespace

bool GgufMetadata::take_pair(GgufCursor& cursor) {
  const auto key = cursor.text(kGgufNameLimit);
  const auto type = cursor.number<std::uint32_t>();
  GgufValue value;
  if (!key || !type || !take_value(cursor, *type, value)) return false;
  pairs_.push_back({*key, value});
  return true;
}

const GgufValue* GgufMetadata::find(std::string_view key) const {
  const auto found = std::find_if(pairs_.begin(), pairs_.end(), [key](const Pair& pair) { return pair.key == key; });
  return found == pairs_.end() ? nullptr : &found->value;
}

std::string_view GgufMetadata::text(std::string_view key) const {
  const GgufValue* value = find(key);
  return value != nullptr && !value->is_array && value->type == kString ? value->raw : std::string_view();
}

std::optional<std::uint64_t> GgufMetadata::number(std::string_view key) const {
  const GgufValue* value = find(key);
  return value != nullptr && !value->is_array ? number_in(*value, 0) : std::nullopt;
}

std::uint64_t GgufMetadata::count(std::string_view key) const {
  const GgufValue* value = find(key);
  return value != nullptr && value->is_array ? value->count : 0;
}

std::uint64_t PerLayer::at(std::uint64_t layer) const {
  return value_ == nullptr ? 0 : number_in(*value_, value_->is_array ? layer : 0).value_or(0);
}

std::uint64_t PerLayer::most() const {
  std::uint64_t most = 0;
  const std::uint64_t count = value_ == nullptr ? 0 : std::min<std::uint64_t>(value_->count, kLayerLimit);
  for (std::uint64_t layer = 0; layer < count; ++layer) most = std::max(most, at(layer));
  return most;
}

}  // namespace basin::geometry
