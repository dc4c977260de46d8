#include "wire/errors.h"

#include "base/json_writer.h"

namespace basin::wire {
namespace {

using base::Code;
using base::json::Writer;

struct Row {
  int status;
  std::string_view anthropic_type;
  std::string_view openai_type;
  std::string_view openai_code;  // empty: null
  bool retry;
};

// One line per code. 499 is what proxies write into their logs for a client that went away; nobody reads it.
Row row_of(Code code) {
  constexpr std::string_view kInvalid = "invalid_request_error";
  switch (code) {
    case Code::invalid: return {400, kInvalid, kInvalid, "", false};
    case Code::unsupported: return {400, kInvalid, kInvalid, "unsupported", false};
    case Code::unauthorized: return {401, "authentication_error", kInvalid, "invalid_api_key", false};
    case Code::forbidden: return {403, "permission_error", kInvalid, "forbidden", false};
    case Code::not_found: return {404, "not_found_error", kInvalid, "not_found", false};
    case Code::conflict: return {409, "conflict_error", kInvalid, "conflict", false};
    case Code::too_large: return {413, "request_too_large", kInvalid, "request_too_large", false};
    case Code::cancelled: return {499, "api_error", "server_error", "cancelled", false};
    case Code::internal: return {500, "api_error", "server_error", "internal_error", true};
    case Code::unreachable: return {502, "api_error", "server_error", "upstream_unreachable", true};
    case Code::closed_early: return {502, "api_error", "server_error", "upstream_closed_early", true};
    case Code::bad_upstream: return {502, "api_error", "server_error", "bad_upstream", true};
    case Code::configuration: return {503, "api_error", "server_error", "not_configured", false};
    case Code::busy: return {503, "overloaded_error", "server_error", "server_busy", true};
    case Code::timeout: return {504, "timeout_error", "server_error", "upstream_timeout", true};
  }
  return {500, "api_error", "server_error", "internal_error", true};
}

void write_openai_error(Writer& writer, const base::Error& error) {
  const Row row = row_of(error.code);
  writer.object().field("message", error.message).field("type", row.openai_type).key("param").null().key("code");
  if (row.openai_code.empty()) {
    writer.null();
  } else {
    writer.value(row.openai_code);
  }
  writer.end();
}

std::string anthropic_error(const base::Error& error, std::string_view request_id) {
  std::string out;
  Writer writer(out);
  writer.object().field("type", "error").key("error").object();
  writer.field("type", row_of(error.code).anthropic_type).field("message", error.message).end();
  if (!request_id.empty()) writer.field("request_id", request_id);
  writer.end();
  return out;
}

std::string openai_error(const base::Error& error) {
  std::string out;
  Writer writer(out);
  writer.object().key("error");
  write_openai_error(writer, error);
  writer.end();
  return out;
}

// `error` is what the vendor's SDK throws on; `response.failed` is the end that agents wait for. Both, in this order.
std::string responses_events(const base::Error& error, std::string_view response_id) {
  std::string out = "event: error\ndata: ";
  Writer(out)
      .object()
      .field("type", "error")
      .field("code", row_of(error.code).openai_code)
      .field("message", error.message)
      .key("param")
      .null()
      .end();
  out += "\n\nevent: response.failed\ndata: ";
  Writer writer(out);
  writer.object().field("type", "response.failed").key("response").object();
  if (!response_id.empty()) writer.field("id", response_id);
  writer.field("object", "response").field("status", "failed").key("error").object();
  writer.field("code", "server_error").field("message", error.message).end().end().end();
  return out += "\n\n";
}

}  // namespace

int http_status(Code code) { return row_of(code).status; }

CodeWords words_of(Code code) {
  const Row row = row_of(code);
  return {row.anthropic_type, row.openai_type, row.openai_code};
}

bool worth_retrying(Code code) { return row_of(code).retry; }

std::string error_body(core::Dialect dialect, const base::Error& error, std::string_view request_id) {
  return dialect == core::Dialect::anthropic ? anthropic_error(error, request_id) : openai_error(error);
}

std::string error_events(core::Dialect dialect, const base::Error& error, bool between_events,
                         std::string_view response_id) {
  // the last event field of an event names it, so the torn one becomes one that nobody knows
  std::string out = between_events ? "" : "\nevent: torn\n\n";
  switch (dialect) {
    case core::Dialect::anthropic: return out += "event: error\ndata: " + anthropic_error(error, {}) + "\n\n";
    case core::Dialect::openai_chat: return out += "data: " + openai_error(error) + "\n\n";
    case core::Dialect::openai_responses: return out += responses_events(error, response_id);
  }
  return out;
}

}  // namespace basin::wire
