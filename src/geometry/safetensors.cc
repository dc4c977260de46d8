#include "geometry/safetensors.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>

#include "base/json.h"
#include "base/saturating.h"

namespace basin::geometry {
namespace {

using base::Code;
using base::fail;
using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;

constexpr std::uint64_t kLengthBytes = 8;

struct NumberType {
  std::string_view name;
  std::uint64_t bits;
  bool packs;  // where weights are quantised: integers that hold several
};
constexpr auto kTypes = std::to_array<NumberType>({{"F64", 64, false},
                                                   {"F32", 32, false},
                                                   {"F16", 16, false},
                                                   {"BF16", 16, false},
                                                   {"F8_E4M3", 8, false},
                                                   {"F8_E5M2", 8, false},
                                                   {"F8_E8M0", 8, false},
                                                   {"I8", 8, false},
                                                   {"F6_E2M3", 6, false},
                                                   {"F6_E3M2", 6, false},
                                                   {"F4", 4, false},
                                                   {"I64", 64, true},
                                                   {"U64", 64, true},
                                                   {"I32", 32, true},
                                                   {"U32", 32, true},
                                                   {"I16", 16, true},
                                                   {"U16", 16, true},
                                                   {"U8", 8, true},
                                                   {"BOOL", 8, true}});

struct Tensor {
  std::size_t type = 0;  // index into kTypes
  std::uint64_t count = 1, begin = 0, end = 0;
};

// The numbers of a JSON array; false where one is none.
template <class Use>
bool each_number(Value array, Use&& use) {
  if (!array.is(Kind::array)) return false;
  for (Elements elements(array); elements.next();) {
    const auto number = elements.value().unsigned_integer();
    if (!number) return false;
    use(*number);
  }
  return true;
}

std::optional<Tensor> tensor_in(Value entry) {
  Tensor tensor;
  const std::string_view name = entry.member("dtype").raw_string();
  const auto* type =
      std::find_if(kTypes.begin(), kTypes.end(), [name](const NumberType& each) { return each.name == name; });
  if (type == kTypes.end()) return std::nullopt;
  tensor.type = static_cast<std::size_t>(type - kTypes.begin());
  const bool sides = each_number(
      entry.member("shape"), [&](std::uint64_t side) { tensor.count = base::saturating_multiply(tensor.count, side); });
  std::size_t offsets = 0;
  const bool bounds = each_number(entry.member("data_offsets"),
                                  [&](std::uint64_t offset) { (offsets++ == 0 ? tensor.begin : tensor.end) = offset; });
  const std::uint64_t bits = base::saturating_multiply(tensor.count, type->bits);
  const bool right = sides && bounds && offsets == 2 && tensor.end >= tensor.begin && bits != base::kMost &&
                     (bits + 7) / 8 == tensor.end - tensor.begin;
  return right ? std::optional(tensor) : std::nullopt;
}

bool ends_in_any(std::string_view name, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [name](std::string_view end) { return name.ends_with(end); });
}

// What quantisation keeps beside the weights: GPTQ's and AWQ's zeros and order, bitsandbytes' state, scales of all.
bool beside_the_weights(std::string_view name) {
  return ends_in_any(name, {".qzeros", ".g_idx", ".scales", "_scales", "_scale", "_scale_inv", ".absmax", ".quant_map",
                            ".weight_shape", ".zero_point", "_zero_point"}) ||
         name.find(".quant_state.") != std::string_view::npos || name.find(".nested_") != std::string_view::npos;
}

class Summary {
 public:
  void add(std::string_view name, const Tensor& tensor) {
    const std::uint64_t bytes = tensor.end - tensor.begin;
    const NumberType& type = kTypes[tensor.type];
    const bool expert = name.find(".experts.") != std::string_view::npos;
    ++head_.tensors;
    grow(head_.data_bytes, bytes);
    grow(bytes_of_type_[tensor.type], bytes);
    head_.end_bytes = std::max(head_.end_bytes, tensor.end);
    if (beside_the_weights(name)) return;
    grow(type.packs ? head_.packed_bytes : head_.parameters, type.packs ? bytes : tensor.count);
    if (expert)
      grow(type.packs ? head_.expert_packed_bytes : head_.expert_parameters, type.packs ? bytes : tensor.count);
  }
  SafetensorsHead of(std::uint64_t head_bytes) {
    const auto* most = std::max_element(bytes_of_type_.begin(), bytes_of_type_.end());
    if (*most > 0) head_.type = kTypes[static_cast<std::size_t>(most - bytes_of_type_.begin())].name;
    grow(head_.end_bytes, head_bytes);
    return std::move(head_);
  }

 private:
  static void grow(std::uint64_t& sum, std::uint64_t more) { sum = base::saturating_add(sum, more); }

  SafetensorsHead head_;
  std::array<std::uint64_t, kTypes.size()> bytes_of_type_{};
};

base::Error no_safetensors(const std::string& why) { return fail(Code::invalid, "it is no safetensors file: " + why); }

}  // namespace

base::Result<SafetensorsReading> read_safetensors(std::string_view bytes, std::uint64_t file_bytes) {
  SafetensorsReading reading;
  if (file_bytes < kLengthBytes) return no_safetensors("it is shorter than any");
  if (bytes.size() < kLengthBytes) {
    reading.wanted = kLengthBytes;
    return reading;
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > file_bytes - kLengthBytes) return no_safetensors("it ends inside of its head");
  if (length > kSafetensorsHeadLimit) return fail(Code::too_large, "its head is longer than 16 MB");
  if (bytes.size() < kLengthBytes + length) {
    reading.wanted = kLengthBytes + length;
    return reading;
  }
  base::json::Document document;
  if (auto parsed = document.parse(bytes.substr(kLengthBytes, length)); !parsed)
    return no_safetensors(parsed.error().message);
  if (!document.root().is(Kind::object)) return no_safetensors("its head is no JSON object");
  Summary summary;
  for (Members members(document.root()); members.next();) {
    const std::string_view name = members.name();
    if (name == "__metadata__") continue;
    const auto tensor = tensor_in(members.value());
    if (!tensor) return no_safetensors("tensor \"" + std::string(name.substr(0, 100)) + "\" is not one");
    summary.add(name, *tensor);
  }
  reading.head = summary.of(kLengthBytes + length);
  return reading;
}

}  // namespace basin::geometry
