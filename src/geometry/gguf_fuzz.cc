// Any bytes as a GGUF file: whole, and as the front of a longer one. What is wanted is more than there is and no more
// than the file has, and a head is read from all of a file as from its front.
#include "geometry/gguf.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using basin::geometry::read_gguf;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto whole = read_gguf(bytes, size);
  if (whole.ok() && whole->wanted != 0) std::abort();
  const std::uint64_t longer = std::uint64_t{size} + (1U << 20U);
  const auto front = read_gguf(bytes, longer);
  if (front.ok() && front->wanted != 0 && (front->wanted <= size || front->wanted > longer)) std::abort();
  if (whole.ok() && (!front.ok() || front->wanted != 0)) std::abort();
  if (whole.ok()) {
    const auto& model = whole->head.model;
    (void)kv_cache_bytes(model, model.shape.context);
    if (model.shape.active_parameters > model.shape.parameters) std::abort();
  }
  return 0;
}
