// A stream in pieces (how, the first byte says) passes as it does whole; what is left of it is what it was without some
// whole events, and there is no usage chunk among it.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/usage_chunk.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

std::string passed(std::string_view stream, std::size_t size) {
  wire::UsageChunkFilter filter;
  std::string out;
  for (; !stream.empty(); stream.remove_prefix(std::min(size, stream.size()))) {
    const std::string piece(stream.substr(0, size));
    out += filter.pass(piece);
  }
  return out += filter.rest();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::string whole = passed(stream, stream.size() + 1);
  require(passed(stream, data[0] % 17 + 1) == whole);
  require(passed(whole, whole.size() + 1) == whole);
  if (stream.find("\"usage\"") == std::string_view::npos) require(whole == stream);
  auto next = stream.begin();  // a subsequence
  for (const char c : whole) {
    next = std::find(next, stream.end(), c);
    require(next++ != stream.end());
  }
  return 0;
}
