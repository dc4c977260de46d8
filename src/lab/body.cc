#include "lab/body.h"

#include <string>

#include "prompt/take_apart.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"

namespace basin::lab {
namespace {

using base::json::Elements;
using base::json::Kind;
using base::json::Value;

// Block types that only the Messages dialect has.
bool has_its_blocks(Value messages) {
  for (Elements all(messages); all.next();) {
    const Value content = all.value().member("content");
    if (!content.is(Kind::array)) continue;
    for (Elements blocks(content); blocks.next();) {
      const std::string_view type = blocks.value().member("type").raw_string();
      if (type == "tool_use" || type == "tool_result" || type == "thinking") return true;
    }
  }
  return false;
}

}  // namespace

bool is_body(Value object) {
  return object.is(Kind::object) && (object.member("messages").is(Kind::array) || object.member("input").present());
}

core::Endpoint endpoint_of(Value object) {
  const Value messages = object.member("messages");
  if (!messages.is(Kind::array)) return core::Endpoint::responses;
  if (object.member("system").present() || has_its_blocks(messages)) return core::Endpoint::messages;
  return core::Endpoint::chat_completions;
}

base::Result<core::Prompt> prompt_of_body(core::Endpoint endpoint, std::string_view body) {
  base::json::Document document;
  const auto request = wire::read_request(endpoint, body, document);
  if (!request) return request.error();
  return prompt::take_apart(*request, {}, wire::harness_marks());
}

}  // namespace basin::lab
