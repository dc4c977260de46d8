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

// OpenAI, vLLM, OpenRouter; llama.cpp; LM Studio; Gemini's door; Anthropic.
bool tells_of_context(std::string_view message) {
  const std::string text = lowered(message);
  if (contains(text, "prompt is too long") || contains(text, "exceed context limit")) return true;
  if (contains(text, "input token count") && contains(text, "exceeds")) return true;
  if (contains(text, "maximum context length") || contains(text, "context length of only")) return true;
  return (contains(text, "context window") || contains(text, "context size") || contains(text, "context length")) &&
         (contains(text, "exceed") || contains(text, "too long") || contains(text, "greater than"));
}

const ErrorWords* words_of(Dialect from, int status, std::string_view type, std::string_view code,
                           std::string_view message) {
  if (const bool theirs = status == 0 || status == 400 || status == 413 || status == 422 || status == 500;
      code == kContext || (theirs && tells_of_context(message)))
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

// The first number behind `marker`, other letters between them (but not a sentence's end) allowed.
std::optional<std::uint64_t> number_behind(std::string_view text, std::string_view marker) {
  constexpr std::size_t kNear = 32;
  const std::size_t at = text.find(marker);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = text.substr(at + marker.size(), kNear);
  const std::size_t first = rest.find_first_of("0123456789");
  if (first == std::string_view::npos || rest.substr(0, first).find(". ") != std::string_view::npos)
    return std::nullopt;
  std::uint64_t number = 0;
  for (std::size_t i = first; i < rest.size() && rest[i] >= '0' && rest[i] <= '9' && i < first + 15; ++i) {
    number = number * 10 + static_cast<std::uint64_t>(rest[i] - '0');
  }
  return number;
}

template <std::size_t N>
std::optional<std::uint64_t> number_behind_any(std::string_view text, const std::array<std::string_view, N>& markers) {
  for (const std::string_view marker : markers) {
    if (const auto number = number_behind(text, marker)) return number;
  }
  return std::nullopt;
}

// The number that stands before `marker`.
std::optional<std::uint64_t> number_before(std::string_view text, std::string_view marker) {
  const std::size_t end = text.find(marker);
  if (end == std::string_view::npos) return std::nullopt;
  const std::size_t before = text.substr(0, end).find_last_not_of("0123456789");
  const std::size_t begin = before == std::string_view::npos ? 0 : before + 1;
  return number_behind(text.substr(begin, end - begin), "");
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

ContextFigures read_context_figures(std::string_view message) {
  const std::string text = lowered(message);
  ContextFigures figures;
  constexpr std::array<std::string_view, 10> kContextMarks = {"maximum context length is",
                                                              "maximum context length of",
                                                              "context length of only",
                                                              "available context size (",
                                                              "maximum number of tokens allowed (",
                                                              "context limit is",
                                                              "context window of",
                                                              "model with",
                                                              "tokens > ",
                                                              "n_ctx"};
  constexpr std::array<std::string_view, 9> kPromptMarks = {"resulted in",    "requested about", "requested",
                                                            "request has",    "request (",       "token count (",
                                                            "keep the first", "prompt contains", "too long:"};
  figures.context = number_behind_any(text, kContextMarks);
  figures.prompt = number_behind_any(text, kPromptMarks);
  // the parts of a sum, where the vendor says them: they, and not the sum, are prompt and answer
  if (const auto part = number_before(text, " in the messages")) figures.prompt = part;
  if (const auto part = number_before(text, " of text input")) figures.prompt = part;
  figures.answer = number_before(text, " in the completion");
  if (!figures.answer) figures.answer = number_before(text, " in the output");
  if (!figures.answer) figures.answer = number_behind(text, "is too large:");
  // Anthropic: "... exceed context limit: 188240 + 21333 > 200000"
  if (const std::size_t sum = text.find("context limit: "); sum != std::string::npos) {
    const std::string_view rest = std::string_view(text).substr(sum);
    figures = {number_behind(rest, "limit: "), number_behind(rest, " + "), number_behind(rest, " > ")};
  }
  return figures;
}

std::string message_for(Dialect to, std::string_view kind, std::string_view message, const ContextFigures& figures) {
  if (to != Dialect::anthropic || kind != kContext) return std::string(message);
  const std::string text = lowered(message);
  if (contains(text, "prompt is too long") || contains(text, "exceed context limit:")) return std::string(message);
  const auto& [prompt, answer, context] = figures;
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
    found.figures.prompt = prompt.unsigned_integer();
    found.figures.context = context.unsigned_integer();
    // OpenRouter puts the words of the server behind it here, and only "Provider returned error" in its own
    constexpr Names<1> kMetadata = {"raw"};
    if (const std::string raw = text_of(collect(metadata, kMetadata)[0]); !raw.empty()) found.message += ": " + raw;
  }
  if (found.message.empty()) found.message = detail_of(detail);
  if (found.message.empty()) found.message = no_words(status);
  found.words = words_of(from, status, its_type, its_code, found.message);
  if (!found.figures.prompt || !found.figures.context) found.figures = read_context_figures(found.message);
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
  found.figures = read_context_figures(found.message);
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
