// A body with its model replaced is the same document but for the model.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "wire/read_request.h"
#include "wire/splice.h"

namespace {

using namespace basin;
using base::json::Elements;
using base::json::Kind;
using base::json::Members;
using base::json::Value;

void require(bool holds) {
  if (!holds) std::abort();
}

// Same values in the same order; at the top, `model` may differ.
void require_same(Value a, Value b, bool top) {
  require(a.kind() == b.kind());
  if (a.is(Kind::object)) {
    Members left(a), right(b);
    while (left.next()) {
      require(right.next() && left.raw_key() == right.raw_key());
      if (!(top && left.name() == "model")) require_same(left.value(), right.value(), false);
    }
    require(!right.next());
  } else if (a.is(Kind::array)) {
    Elements left(a), right(b);
    while (left.next()) {
      require(right.next());
      require_same(left.value(), right.value(), false);
    }
    require(!right.next());
  } else {
    require(a.raw() == b.raw());
  }
}

}  // namespace

// Up to the first newline: the new model. Behind it: the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t line = input.find('\n');
  if (line == std::string_view::npos) return 0;
  const std::string body(input.substr(line + 1));
  base::json::Document document;
  const auto request = wire::read_request(core::Endpoint::embeddings, body, document);
  if (!request || request->model_value.empty()) return 0;
  const std::vector<core::Edit> edits = {wire::model_edit(*request, input.substr(0, line))};
  const auto spliced = wire::splice(body, edits);
  require(spliced.ok());
  std::string sent;
  for (const auto span : spliced->spans) sent += span;
  require(sent.size() == spliced->length && wire::is_spliced(body, edits, sent));
  base::json::Document after;
  require(after.parse(sent).ok());
  require_same(document.root(), after.root(), true);
  return 0;
}
