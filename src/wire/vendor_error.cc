#include "wire/vendor_error.h"

#include <algorithm>
#include <array>

#include "base/json_writer.h"
#include "base/utf8.h"
#include "wire/fields.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;
using core::Dialect;

constexpr std::string_view kContext = "context_length_exceeded";
constexpr std::string_view kInvalid = "invalid_request_error";
// Of what is not an error body of any dialect: enough to know it by.
constexpr std::size_t kQuoted = 500;

// For an Anthropic error the row is found by its type; for others by code, then type, then status. The first row of a
// status is the one for it.
constexpr std::array<ErrorWords, 13> kRows = {{
    {kInvalid, kInvalid, kInvalid, "", 400},
    {kContext, kInvalid, kInvalid, kContext, 400},
    {"authentication_error", "authentication_error", kInvalid, "invalid_api_key", 401},
    {"billing_error", "billing_error", "insufficient_quota", "insufficient_quota", 402},
    {"permission_error", "permission_error", kInvalid, "forbidden", 403},
    {"not_found_error", "not_found_error", kInvalid, "model_not_found", 404},
    {"conflict_error", "conflict_error", kInvalid, "conflict", 409},
    {"request_too_large", "request_too_large", kInvalid, "request_too_large", 413},
    {"rate_limit_error", "rate_limit_error", "rate_limit_error", "rate_limit_exceeded", 429},
    {"api_error", "api_error", "server_error", "server_error", 500},
    {"overloaded_error", "overloaded_error", "server_error", "server_is_overloaded", 529},
    {"overloaded_error", "overloaded_error", "server_error", "server_is_overloaded", 503},
    {"timeout_error", "timeout_error", "server_error", "timeout", 504},
}};

// What servers of OpenAI's dialects call these beside the names above.
struct Alias {
  std::string_view word, kind;
};
constexpr std::array<Alias, 9> kAliases = {{
    {"exceed_context_size_error", kContext},  // llama.cpp
    {"rate_limit_exceeded", "rate_limit_error"},
    {"tokens", "rate_limit_error"},    // OpenAI's type for a limit of tokens per minute
    {"requests", "rate_limit_error"},  // and of requests
    {"usage_limit_reached", "rate_limit_error"},
    {"insufficient_quota", "billing_error"},
    {"invalid_api_key", "authentication_error"},
    {"model_not_found", "not_found_error"},
    {"unavailable_error", "overloaded_error"},  // llama.cpp, while it loads
}};

const ErrorWords* row_of_status(int status) {
  for (const ErrorWords& row : kRows) {
    if (row.status == status) return &row;
  }
  return words_of_kind(status >= 400 && status < 500 ? kInvalid : "api_error");
}

bool contains(std::string_view lower, std::string_view part) { return lower.find(part) != std::string_view::npos; }

std::string lowered(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

const ErrorWords* words_of(Dialect from, int status, std::string_view type, std::string_view code,
                           std::string_view message) {
  if (const bool theirs = status == 0 || status == 400 || status == 413 || status == 422 || status == 500;
      code == kContext || (theirs && read_too_long(message)))
    return words_of_kind(kContext);
  if (from != Dialect::anthropic) {
    for (const std::string_view word : {code, type}) {
      for (const Alias& alias : kAliases) {
        if (word == alias.word) return words_of_kind(alias.kind);
      }
    }
  }
  // a general type says less than the status
  if (type != kInvalid || status == 0 || status == 400) {
    if (const ErrorWords* row = words_of_kind(type)) return row;
  }
  return row_of_status(status);
}

std::string text_of(Value value) {
  if (value.is(Kind::string)) return value.string().value_or(std::string());
  return value.is(Kind::number) ? std::string(value.raw()) : std::string();
}

// FastAPI's: a text, or a list of {"loc","msg"}.
std::string detail_of(Value detail) {
  std::string text = text_of(detail);
  for (Elements elements(detail); elements.next();) {
    constexpr Names<1> kNames = {"msg"};
    const std::string message = text_of(collect(elements.value(), kNames)[0]);
    if (!message.empty()) text.append(text.empty() ? "" : "; ").append(message);
  }
  return text;
}

std::string no_words(int status) {
  return status == 0 ? "the server failed without saying why"
                     : "the server answered with status " + std::to_string(status) + " and did not say why";
}

void write_text_or_null(base::json::Writer& writer, std::string_view text) {
  if (text.empty()) {
    writer.null();
  } else {
    writer.value(text);
  }
}

}  // namespace

const ErrorWords* words_of_kind(std::string_view kind) {
  for (const ErrorWords& row : kRows) {
    if (row.kind == kind) return &row;
  }
  return nullptr;
}

std::string message_for(Dialect to, std::string_view kind, std::string_view message, const TooLong& figures) {
  if (to != Dialect::anthropic || kind != kContext) return std::string(message);
  const std::string text = lowered(message);
  if (contains(text, "prompt is too long") || contains(text, "exceed context limit:")) return std::string(message);
  const auto& [context, prompt, answer] = figures;
  std::string out = "prompt is too long: ";
  if (prompt && context && answer && *prompt <= *context) {
    out = "input length and `max_tokens` exceed context limit: " + std::to_string(*prompt) + " + " +
          std::to_string(*answer) + " > " + std::to_string(*context) +
          ", decrease input length or `max_tokens` and try again";
  } else if (prompt && context && *prompt > *context) {
    out += std::to_string(*prompt) + " tokens > " + std::to_string(*context) + " maximum";
  } else {
    return out.append(message);
  }
  return out.append(" (").append(message).append(")");
}

VendorError read_vendor_error(Dialect from, int status, Value root) {
  constexpr Names<6> kNames = {"error", "message", "type", "code", "detail", "request_id"};
  const auto [error, message, type, code, detail, request_id] = collect(root, kNames);
  VendorError found;
  found.request_id = text_of(request_id);
  std::string its_type = text_of(type), its_code = text_of(code);
  found.message = text_of(message);
  if (error.is(Kind::string)) found.message = text_of(error);
  if (error.is(Kind::object)) {
    constexpr Names<6> kError = {"message", "type", "code", "n_prompt_tokens", "n_ctx", "metadata"};
    const auto [its_message, error_type, error_code, prompt, context, metadata] = collect(error, kError);
    found.message = text_of(its_message);
    its_type = text_of(error_type);
    its_code = text_of(error_code);
    found.figures.prompt_tokens = prompt.unsigned_integer();
    found.figures.context = context.unsigned_integer();
    // OpenRouter puts the words of the server behind it here, and only "Provider returned error" in its own
    constexpr Names<1> kMetadata = {"raw"};
    if (const std::string raw = text_of(collect(metadata, kMetadata)[0]); !raw.empty()) found.message += ": " + raw;
  }
  if (found.message.empty()) found.message = detail_of(detail);
  if (found.message.empty()) found.message = no_words(status);
  found.words = words_of(from, status, its_type, its_code, found.message);
  if (const auto worded = read_too_long(found.message)) {
    if (!found.figures.context) found.figures.context = worded->context;
    if (!found.figures.prompt_tokens) found.figures.prompt_tokens = worded->prompt_tokens;
    found.figures.answer_tokens = worded->answer_tokens;
  }
  return found;
}

VendorError read_vendor_error(Dialect from, int status, std::string_view body) {
  Document document;
  if (document.parse(body).ok() && !document.root().is(Kind::string)) {
    return read_vendor_error(from, status, document.root());
  }
  VendorError found;
  const std::string text = text_of(document.root());
  std::string_view plain = document.root().present() ? std::string_view(text) : body;
  plain.remove_prefix(std::min(plain.find_first_not_of(" \t\r\n"), plain.size()));
  plain = plain.substr(0, plain.find_last_not_of(" \t\r\n") + 1);
  const bool is_page = plain.starts_with('<');
  if (plain.size() > kQuoted) plain = plain.substr(0, base::utf8_boundary(plain, kQuoted));
  found.message = plain.empty() || is_page ? no_words(status) : std::string(plain);
  found.words = words_of(from, status, {}, {}, found.message);
  found.figures = read_too_long(found.message).value_or(TooLong());
  return found;
}

std::string translate_error(Dialect from, int status, std::string_view body, Dialect to) {
  const bool same = (from == Dialect::anthropic) == (to == Dialect::anthropic);
  Document document;
  if (same && document.parse(body).ok() && document.root().member("error").is(Kind::object)) return std::string(body);
  const VendorError error = read_vendor_error(from, status, body);
  const std::string message = message_for(to, error.words->kind, error.message, error.figures);
  std::string out;
  base::json::Writer writer(out);
  if (to == Dialect::anthropic) {
    writer.object().field("type", "error").key("error").object();
    writer.field("type", error.words->anthropic_type).field("message", message).end();
    if (!error.request_id.empty()) writer.field("request_id", error.request_id);
    writer.end();
    return out;
  }
  writer.object().key("error").object().field("message", message).field("type", error.words->openai_type);
  writer.key("param").null().key("code");
  write_text_or_null(writer, error.words->openai_code);
  writer.end().end();
  return out;
}

}  // namespace basin::wire
