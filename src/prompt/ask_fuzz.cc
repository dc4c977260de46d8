// Any bytes split: spans in order, disjoint, inside the text, and never empty.
#include <cstdlib>

#include "prompt/ask.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto split = basin::prompt::split_ask(text);
  for (const auto* spans : {&split.ask, &split.material}) {
    std::size_t last = 0;
    for (const auto& span : *spans) {
      if (span.begin < last || span.end <= span.begin || span.end > size) std::abort();
      last = span.end;
    }
  }
  if (basin::prompt::prompt_of(text).ask.size() > basin::core::kAskLimit) std::abort();
  return 0;
}
