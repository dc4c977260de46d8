// Whatever comes, to whatever target: a refusal, or a body that the target's own reader takes, the same each time,
// and the same again when it is translated once more. The first byte picks endpoint and target; the body begins after
// it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/json.h"
#include "wire/read_request.h"
#include "wire/translate_request.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

core::Endpoint endpoint_of(std::uint8_t choice) {
  constexpr core::Endpoint kEndpoints[] = {core::Endpoint::messages, core::Endpoint::chat_completions,
                                           core::Endpoint::responses, core::Endpoint::count_tokens};
  return kEndpoints[choice % 4];
}

wire::Target target_of(std::uint8_t choice) {
  wire::Target target;
  target.dialect = (choice & 4U) != 0 ? core::Dialect::anthropic : core::Dialect::openai_chat;
  target.model = "small";
  target.at_vendor = (choice & 8U) != 0;
  target.tools = target.images = target.documents = (choice & 16U) == 0;
  target.thinking = (choice & 32U) == 0;
  target.json_schema = (choice & 64U) == 0;
  target.output_limit = (choice & 128U) != 0 ? 100 : 0;
  return target;
}

// The other side may nest a level or two deeper: a body at the very limit of depth then passes it.
bool is_too_deep(std::string_view body) {
  base::json::Document outer;
  return !outer.parse(body).ok();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string body(reinterpret_cast<const char*>(data) + 1, size - 1);
  const wire::Target target = target_of(data[0]);
  base::json::Document scratch;
  const auto first = wire::translate_request(endpoint_of(data[0]), body, scratch, target);
  const auto second = wire::translate_request(endpoint_of(data[0]), body, scratch, target);
  require(first.ok() == second.ok());
  if (!first) {
    require(!first.error().message.empty() && first.error().message == second.error().message);
    return 0;
  }
  require(first->body == second->body && first->dropped == second->dropped);
  require(first->dropped.size() <= wire::kDroppedLimit);
  const bool anthropic = target.dialect == core::Dialect::anthropic;
  const auto endpoint = anthropic ? core::Endpoint::messages : core::Endpoint::chat_completions;
  const auto read = wire::read_request(endpoint, first->body, scratch);
  if (!read) {
    require(is_too_deep(first->body));
    return 0;
  }
  require(read->model == "small" && !read->messages.empty());
  // what was written can be translated once more, and says the same then; but for a text that is taken for the vendor's
  // books only where it stands in Anthropic's system prompt
  if (first->body.find("x-anthropic-billing-header") != std::string::npos) return 0;
  const auto again = wire::translate_request(endpoint, first->body, scratch, target);
  require(again.ok() && again->body == first->body);
  return 0;
}
