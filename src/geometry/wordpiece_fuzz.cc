// Any bytes as an ask: ids are words, no more of them than wanted, and the end is found from the end as from the front.
#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "geometry/testing.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto encoder = basin::geometry::random_encoder_loaded(1);
  static basin::geometry::Pieces kept, whole;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  encoder->words().read(text, 16, kept);
  encoder->words().read(text, 1'000'000, whole);
  for (const std::uint32_t id : whole.ids) {
    if (id >= encoder->sizes().words) std::abort();
  }
  if (kept.ids.size() != std::min<std::size_t>(whole.ids.size(), 16)) std::abort();
  if (!std::equal(kept.ids.end() - std::min<std::ptrdiff_t>(4, std::ssize(kept.ids)), kept.ids.end(),
                  whole.ids.end() - std::min<std::ptrdiff_t>(4, std::ssize(whole.ids))))
    std::abort();
  return 0;
}
