// Any bytes as JSON: refused, or walked with every position inside the text; strings decode and quote back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace {

using namespace basin::base::json;

void require(bool holds) {
  if (!holds) std::abort();
}

void check_string(Value value) {
  const auto decoded = value.string();
  if (!decoded) return;
  std::string quoted;
  append_quoted(quoted, *decoded);
  Document document;
  require(document.parse(quoted).ok());
  require(document.root().string() == *decoded);
  const std::string_view raw = value.raw_string();
  for (std::size_t at = 0; at <= raw.size() && at < 64; ++at) {
    std::string head;
    require(unescape(raw.substr(0, cut_before(raw, at)), head));
  }
}

// Its own depth is the parser's to limit.
void walk(Value value, std::string_view text, std::size_t depth) {
  require(depth <= kDepthLimit);
  const std::string_view raw = value.raw();
  require(!raw.empty() && value.offset() + raw.size() <= text.size());
  for (Members members(value); members.next();) {
    members.name();
    walk(members.value(), text, depth + 1);
  }
  for (Elements elements(value); elements.next();) walk(elements.value(), text, depth + 1);
  if (value.is(Kind::string)) check_string(value);
  if (value.is(Kind::number)) require(value.number().has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> exact(data, data + size);  // a read past the end is seen by the sanitizer
  const std::string_view text(exact.data(), exact.size());
  Document document;
  const auto status = document.parse(text);
  if (status) {
    walk(document.root(), text, 0);
  } else {
    require(!status.error().message.empty() && !document.root().present());
  }
  return 0;
}
