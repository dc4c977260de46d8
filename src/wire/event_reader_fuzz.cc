// Any bytes, as the stream of either dialect and as a whole answer: the events keep their grammar and end, and the same
// stream cut into pieces gives the same events.
#include "wire/event_reader.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/testing_answers.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string events(core::Dialect from, std::string_view stream, std::size_t piece) {
  wire::EventReader reader(from);
  wire::testing::GrammarCheck grammar;
  std::string out;
  const auto take = [&](const std::vector<core::Event>& some) {
    require(grammar.take(some));
    for (const core::Event& event : some) {
      out += static_cast<char>('0' + static_cast<int>(event.kind));
      out.append(event.id).append(event.name).append(event.text);
    }
  };
  for (std::size_t at = 0; at < stream.size(); at += piece) take(reader.feed(stream.substr(at, piece)));
  take(reader.end());
  require(grammar.ended() && reader.ended());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view stream(reinterpret_cast<const char*>(data), size);
  const std::size_t piece = size % 17 + 1;
  for (const auto from : {core::Dialect::anthropic, core::Dialect::openai_chat}) {
    require(events(from, stream, std::max<std::size_t>(size, 1)) == events(from, stream, piece));
    if (const auto reply = wire::read_reply(from, stream); reply.ok()) {
      wire::testing::GrammarCheck grammar;
      require(grammar.take(core::events_of(*reply)) && grammar.ended());
    }
  }
  return 0;
}
