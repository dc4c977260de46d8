// A stream read whole and the same stream cut into pieces (how, the first byte says) give the same events and figures.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/sse.h"
#include "wire/usage_tap.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string events(std::string_view stream, std::size_t piece) {
  wire::SseReader reader;
  std::string out;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    std::string_view bytes = stream.substr(at, piece);
    while (reader.next(bytes)) (out.append(reader.event().name) += '\0').append(reader.event().data) += '\1';
  }
  return out += reader.between_events() ? "between" : "torn";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t piece = data[0] % 17 + 1;
  require(events(stream, std::max<std::size_t>(stream.size(), 1)) == events(stream, piece));
  for (const auto dialect : {core::Dialect::anthropic, core::Dialect::openai_chat, core::Dialect::openai_responses}) {
    wire::UsageTap whole(dialect), cut(dialect);
    whole.feed(stream);
    for (std::size_t at = 0; at < stream.size(); at += piece) cut.feed(stream.substr(at, piece));
    require(whole.facts().usage.output == cut.facts().usage.output && whole.facts().ended == cut.facts().ended);
    require(whole.thinking() == cut.thinking());
    require(whole.facts().id == cut.facts().id && whole.facts().stop_reason == cut.facts().stop_reason);
  }
  return 0;
}
