#include "api/body.h"

#include "prompt/take_apart.h"
#include "wire/client_marks.h"
#include "wire/guess_endpoint.h"
#include "wire/read_request.h"

namespace basin::api {

bool is_body(base::json::Value object) {
  using base::json::Kind;
  return object.is(Kind::object) && (object.member("messages").is(Kind::array) || object.member("input").present());
}

base::Result<core::Prompt> prompt_of_body(std::string_view body) {
  base::json::Document document;
  return prompt_of_body(body, document);
}

base::Result<core::Prompt> prompt_of_body(std::string_view body, base::json::Document& document, core::Bound* bound) {
  const auto endpoint = wire::guess_endpoint(body, core::Dialect::openai_chat, document);
  if (!endpoint) return endpoint.error();
  const auto request = wire::read_request(*endpoint, body, document);
  if (!request) return request.error();
  if (bound != nullptr) *bound = request->bound;
  return prompt::take_apart(*request, {}, wire::harness_marks());
}

}  // namespace basin::api
