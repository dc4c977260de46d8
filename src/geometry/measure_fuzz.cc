// Any bytes as ask, material and earlier ask: nothing is read outside, every figure is in its range.
#include <cstdlib>

#include "geometry/builtin.h"
#include "geometry/measure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto model = basin::geometry::builtin_model();
  static basin::geometry::Scratch scratch;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  basin::core::Prompt prompt;
  prompt.ask = text.substr(0, size / 2);
  prompt.material = text.substr(size / 2);
  prompt.material_bytes = prompt.material.size();
  prompt.previous_ask = text.substr(size / 3, size / 3);
  const auto d = basin::geometry::measure(prompt, *model, scratch);
  if (!(d.p_small_ok > 0 && d.p_small_ok < 1 && d.delta_info >= 0 && d.delta_info <= 1 && d.depth >= 0)) std::abort();
  return 0;
}
