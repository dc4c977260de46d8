// Any bytes as a request of any endpoint: refused, or read, taken apart and spliced, with every position inside the
// body.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "prompt/take_apart.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(core::Endpoint endpoint, std::string_view body) {
  base::json::Document document;
  const auto request = wire::read_request(endpoint, body, document);
  if (!request) {
    require(!request.error().message.empty());
    return;
  }
  std::size_t parts = 0;
  for (const auto& message : request->messages) {
    require(message.first_part == parts);
    parts += message.part_count;
  }
  require(parts == request->parts.size());
  for (const auto& part : request->parts) require(part.begin + part.bytes <= body.size());
  require(request->model_value.end <= body.size());
  const core::Prompt prompt = prompt::take_apart(*request, {}, wire::harness_marks());
  require(prompt.ask.size() <= core::kAskLimit && prompt.material.size() <= core::kMaterialSample + 1);
  for (const auto& span : prompt.ask_spans) require(span.start < span.end && span.end <= body.size());
}

}  // namespace

// The first byte picks the endpoint.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data + 1), size - 1);
  check(static_cast<core::Endpoint>(data[0] % 5), body);
  return 0;
}
