#include "wire/read_request.h"

#include "wire/fields.h"
#include "wire/readers.h"
#include "wire/reading.h"

namespace basin::wire {
namespace {

base::Status read_body(base::json::Value root, core::Request& request) {
  switch (request.endpoint) {
    case core::Endpoint::messages:
    case core::Endpoint::count_tokens: return read_anthropic_messages(root, request);
    case core::Endpoint::chat_completions: return read_openai_chat(root, request);
    case core::Endpoint::responses: return read_openai_responses(root, request);
    case core::Endpoint::embeddings: return read_openai_embeddings(root, request);
  }
  return base::fail(base::Code::internal, "an endpoint without a reader");
}

}  // namespace

core::Dialect dialect_of(core::Endpoint endpoint) {
  switch (endpoint) {
    case core::Endpoint::messages:
    case core::Endpoint::count_tokens: return core::Dialect::anthropic;
    case core::Endpoint::responses: return core::Dialect::openai_responses;
    case core::Endpoint::chat_completions:
    case core::Endpoint::embeddings: return core::Dialect::openai_chat;
  }
  return core::Dialect::anthropic;
}

base::Result<core::Request> read_request(core::Endpoint endpoint, std::string_view body,
                                         base::json::Document& document) {
  if (auto parsed = document.parse(body); !parsed) return std::move(parsed).error();
  const base::json::Value root = document.root();
  if (!root.is(base::json::Kind::object))
    return base::fail(base::Code::invalid, "the request body must be a JSON object");
  core::Request request;
  request.endpoint = endpoint;
  request.dialect = dialect_of(endpoint);
  request.body = body;
  if (auto read = read_body(root, request); !read) return std::move(read).error();
  return request;
}

// Only the model is needed: nothing is decided about embeddings.
base::Status read_openai_embeddings(base::json::Value root, core::Request& request) {
  constexpr Names<2> kNames = {"model", "user"};
  std::array<base::json::Value, kNames.size()> top;
  if (auto collected = collect_once(root, kNames, top); !collected) return collected;
  Reading reading(request, "input");
  if (!reading.model(top[0])) return reading.error();
  request.user_id = Reading::text_of(top[1]);
  return base::ok_status();
}

}  // namespace basin::wire
