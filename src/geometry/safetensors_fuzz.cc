// Any bytes as a safetensors file, whole and as the front of a longer one.
#include "geometry/safetensors.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using basin::geometry::read_safetensors;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_safetensors(bytes, size);
  if (whole.ok() && whole->wanted != 0) std::abort();
  const std::uint64_t longer = std::uint64_t{size} + (1U << 20U);
  const auto front = read_safetensors(bytes, longer);
  if (front.ok() && front->wanted != 0 && (front->wanted <= size || front->wanted > longer)) std::abort();
  if (whole.ok() && (!front.ok() || front->wanted != 0)) std::abort();
  if (whole.ok() && whole->head.expert_parameters > whole->head.parameters) std::abort();
  return 0;
}
