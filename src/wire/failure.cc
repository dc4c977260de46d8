#include "wire/failure.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/json.h"
#include "base/utf8.h"
#include "wire/context_error.h"
#include "wire/fields.h"
#include "wire/retry_after.h"
#include "wire/sse.h"
#include "wire/told_time.h"

namespace basin::wire {
namespace {

using base::json::Document;
using base::json::Kind;
using base::json::Value;

// What an error says of itself.
struct Told {
  bool error = false;  // there is one
  int status = 0;      // where the error itself has one (llama.cpp's, in streams)
  std::string type, code, message;
  std::optional<std::uint64_t> context, prompt_tokens;
  std::optional<std::int64_t> wait_ms;
};

std::string text_of(Value value) { return value.string().value_or(std::string()); }

// resets_in_seconds, or resets_at as Unix seconds or RFC 3339 (a ChatGPT plan's usage_limit_reached).
std::optional<std::int64_t> wait_told(Value in_seconds, Value at, std::int64_t unix_ms) {
  if (const auto ms = thousandths(in_seconds.raw())) return std::min(*ms, kLongestWaitMs);
  if (const auto then = thousandths(at.raw())) return wait_until(*then, unix_ms);
  if (const auto then = rfc3339_ms(at.raw_string())) return wait_until(*then, unix_ms);
  return std::nullopt;
}

// An object with `message` (or, as FastAPI has it, `detail`) and what stands beside it.
void read_error(Value object, std::int64_t unix_ms, Told& told) {
  constexpr Names<8> kNames = {"message",         "detail", "type",      "code",
                               "n_prompt_tokens", "n_ctx",  "resets_at", "resets_in_seconds"};
  const auto [message, detail, type, code, prompt_tokens, context, at, in_seconds] = collect(object, kNames);
  told.error = true;
  told.message = text_of(message.present() ? message : detail);
  told.type = text_of(type);
  told.code = text_of(code);
  if (const auto number = code.unsigned_integer(); number && *number >= 400 && *number < 600)
    told.status = static_cast<int>(*number);
  told.context = context.unsigned_integer();
  told.prompt_tokens = prompt_tokens.unsigned_integer();
  told.wait_ms = wait_told(in_seconds, at, unix_ms);
}

// {"error":{...}}, {"error":"..."}, {"response":{"error":{...}}}, or the error itself: {"type":"error","message":...},
// {"object":"error","message":...}; of an answer that has failed anyhow, any object.
void read_root(Value root, bool failed, std::int64_t unix_ms, Told& told) {
  constexpr Names<4> kNames = {"error", "response", "type", "object"};
  const auto [error, response, type, object] = collect(root, kNames);
  const Value inner = error.present() ? error : collect(response, Names<1>{"error"})[0];
  if (inner.is(Kind::object)) return read_error(inner, unix_ms, told);
  if (inner.is(Kind::string)) {
    told.error = true;
    told.message = text_of(inner);
    return;
  }
  if (failed || text_of(type) == "error" || text_of(object) == "error") read_error(root, unix_ms, told);
}

// The data of a stream's first event; the body itself where it is no stream.
std::string_view first_event(std::string_view body, SseReader& reader) {
  const bool stream = body.starts_with("event:") || body.starts_with("data:") || body.starts_with(":");
  if (!stream) return body;
  std::string_view rest = body;
  return reader.next(rest) ? reader.event().data : std::string_view();
}

Told read_body(std::string_view body, bool failed, std::int64_t unix_ms) {
  SseReader reader;
  const std::string_view text = first_event(body.substr(0, kFailureBody), reader);
  Told told;
  Document document;
  if (document.parse(text).ok()) {
    read_root(document.root(), failed, unix_ms, told);
    // Ollama puts the error of the server behind it, as it came, into its own.
    const std::string inner = told.message;
    if (inner.starts_with('{') && document.parse(inner).ok()) read_root(document.root(), true, unix_ms, told);
    return told;
  }
  if (failed && !text.starts_with('<')) told.message = text;  // plain text, or JSON that was cut; a page says nothing
  told.error = failed;
  return told;
}

struct Word {
  std::string_view word;
  Cause cause;
};

// Types and codes that say it all, of any vendor.
constexpr std::array<Word, 40> kCodes = {{
    {"context_length_exceeded", Cause::too_long},
    {"exceed_context_size_error", Cause::too_long},
    {"request_too_large", Cause::too_long},
    {"string_above_max_length", Cause::too_long},
    {"usage_limit_reached", Cause::wall},
    {"insufficient_quota", Cause::wall},
    {"billing_error", Cause::no_credit},
    {"billing_not_active", Cause::no_credit},
    {"billing_hard_limit_reached", Cause::no_credit},
    {"insufficient_credits", Cause::no_credit},
    {"insufficient_balance", Cause::no_credit},
    {"usage_not_included", Cause::no_credit},
    {"authentication_error", Cause::bad_key},
    {"invalid_api_key", Cause::bad_key},
    {"account_deactivated", Cause::bad_key},
    {"permission_error", Cause::bad_key},
    {"model_not_found", Cause::bad_model},
    {"model_not_available", Cause::bad_model},
    {"model_not_loaded", Cause::bad_model},
    {"not_found_error", Cause::bad_model},
    {"NotFoundError", Cause::bad_model},
    {"policy_blocked", Cause::bad_request},
    {"rate_limit_error", Cause::limited},
    {"rate_limit_exceeded", Cause::limited},
    {"rate_limited", Cause::limited},
    {"too_many_requests", Cause::limited},
    {"overloaded_error", Cause::overloaded},
    {"server_is_overloaded", Cause::overloaded},
    {"server_overloaded", Cause::overloaded},
    {"engine_overloaded", Cause::overloaded},
    {"slow_down", Cause::overloaded},
    {"model_loading", Cause::loading},
    {"timeout_error", Cause::timeout},
    {"request_timeout", Cause::timeout},
    {"api_error", Cause::server_error},
    {"server_error", Cause::server_error},
    {"internal_error", Cause::server_error},
    {"internal_server_error", Cause::server_error},
    {"InternalServerError", Cause::server_error},
    {"upstream_error", Cause::server_error},
}};

// Words in messages of errors whose type or code says less than they do.
constexpr std::array<Word, 17> kWords = {{
    {"credit balance is too low", Cause::no_credit},
    {"loading model", Cause::loading},
    {"model is loading", Cause::loading},
    {"currently loading", Cause::loading},
    {"incorrect api key", Cause::bad_key},
    {"invalid api key", Cause::bad_key},
    {"api key not valid", Cause::bad_key},
    {"invalid x-api-key", Cause::bad_key},
    {"model not found", Cause::bad_model},
    {"no models loaded", Cause::bad_model},
    {"not a valid model", Cause::bad_model},
    {"unknown model", Cause::bad_model},
    {"failed to load model", Cause::bad_model},
    {"error loading model", Cause::bad_model},
    {"model requires more system memory", Cause::bad_model},
    {"usage limit", Cause::wall},
    {"overloaded", Cause::overloaded},
}};

Cause cause_of_status(int status) {
  switch (status) {
    case 401: return Cause::bad_key;
    case 402: return Cause::no_credit;
    case 403: return Cause::bad_key;
    case 404:
    case 410: return Cause::bad_model;
    case 408:
    case 504:
    case 524: return Cause::timeout;
    case 409: return Cause::server_error;  // a lock at the vendor's, as its SDKs take it
    case 413: return Cause::too_long;
    case 429: return Cause::limited;
    case 503:
    case 529: return Cause::overloaded;
    default: return status >= 400 && status < 500 ? Cause::bad_request : Cause::server_error;
  }
}

template <std::size_t N>
std::optional<Cause> find_equal(const std::array<Word, N>& words, std::string_view text) {
  const auto found = std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.word == text; });
  return found == words.end() ? std::nullopt : std::optional(found->cause);
}

std::optional<Cause> find_within(std::string_view message) {
  std::string lower(message.substr(0, kContextErrorRead));
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const Word& one : kWords) {
    if (lower.find(one.word) != std::string::npos) return one.cause;
  }
  // model "x" not found, the model `x` does not exist
  const std::size_t model = lower.find("model ");
  const bool missing =
      lower.find("not found", model) != std::string::npos || lower.find("does not exist", model) != std::string::npos;
  return model != std::string::npos && missing ? std::optional(Cause::bad_model) : std::nullopt;
}

// The general types ("invalid_request_error", "api_error") are said of everything: words go before them.
Cause cause_of(int status, const Told& told) {
  const auto code = find_equal(kCodes, told.code), type = find_equal(kCodes, told.type);
  const auto exact = code ? code : type;
  if (exact && *exact != Cause::server_error && *exact != Cause::bad_model) return *exact;
  if (const auto said = find_within(told.message)) return *said;
  if (exact) return *exact;
  return cause_of_status(status);
}

// A week of one model only is no reason to leave the others alone: the claim names the model behind the window's name.
bool of_one_model(std::string_view claim) {
  for (const std::string_view window : {"five_hour", "seven_day", "5h", "7d"}) {
    if (claim.starts_with(window)) return claim.substr(window.size()).starts_with("_");
  }
  return false;
}

std::string one_line(std::string_view text) {
  std::string out(text.substr(0, base::utf8_boundary(text, std::min(text.size(), kFailureDetail))));
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7F; }, ' ');
  return out;
}

// Of a refused key nothing is quoted: some servers repeat it.
std::string detail_of(int status, Cause cause, const Told& told) {
  std::string detail = std::to_string(status);
  if (cause == Cause::bad_key) return detail + ": the key was refused";
  const std::string& kind = told.code.empty() ? told.type : told.code;
  if (!kind.empty()) (detail += ' ') += kind;
  if (!told.message.empty()) (detail += ": ") += told.message;
  return one_line(detail);
}

Failure failed(Cause cause, std::string detail) {
  const Remedy remedy = remedy_of(cause);
  Failure failure;
  failure.cause = cause;
  failure.scope = remedy.scope;
  failure.again = remedy.again;
  failure.detail = std::move(detail);
  return failure;
}

// What the head says beyond the body.
void add_head(int status, const FindHeader& header, std::int64_t unix_ms, Failure& failure) {
  // Whoever answers is there; and a 403 may be about this model only.
  if (failure.scope == Scope::host || status == 403) failure.scope = Scope::model;
  if (failure.cause == Cause::wall && of_one_model(header("anthropic-ratelimit-unified-representative-claim")))
    failure.scope = Scope::model;
  const auto told = retry_after_ms(header, unix_ms);
  // Every answer of a vendor's tells its limits' resets; they mean something where a limit is what failed.
  const bool outright = !header("retry-after").empty() || !header("retry-after-ms").empty();
  if (outright || failure.cause == Cause::limited || failure.cause == Cause::wall)
    failure.wait_ms = std::max(failure.wait_ms, told);
  const std::string_view should_retry = header("x-should-retry");
  if (should_retry == "false") failure.again = false;
  if (should_retry == "true") failure.again = true;
}

}  // namespace

std::string_view name_of(Cause cause) {
  constexpr std::array<std::string_view, 14> kNames = {
      "none", "bad_request", "too_long", "bad_key",      "no_credit",   "bad_model", "limited",
      "wall", "overloaded",  "loading",  "server_error", "unreachable", "timeout",   "cut"};
  return kNames.at(static_cast<std::size_t>(cause));
}

std::string_view name_of(Scope scope) {
  constexpr std::array<std::string_view, 5> kNames = {"nobody", "prompt", "model", "key", "host"};
  return kNames.at(static_cast<std::size_t>(scope));
}

Remedy remedy_of(Cause cause) {
  // again, elsewhere, scope
  switch (cause) {
    case Cause::none: return {false, false, Scope::nobody};
    case Cause::bad_request: return {false, false, Scope::prompt};
    case Cause::too_long: return {false, true, Scope::prompt};
    case Cause::bad_key: return {false, true, Scope::key};
    case Cause::no_credit: return {false, true, Scope::key};
    case Cause::bad_model: return {false, true, Scope::model};
    case Cause::limited: return {true, true, Scope::model};
    case Cause::wall: return {false, true, Scope::key};
    case Cause::overloaded: return {true, true, Scope::model};
    case Cause::loading: return {true, true, Scope::model};
    case Cause::server_error: return {true, true, Scope::model};
    case Cause::unreachable: return {true, true, Scope::host};
    case Cause::timeout: return {false, true, Scope::host};  // it had all the time that there was
    case Cause::cut: return {true, true, Scope::host};
  }
  return {};
}

Failure failure_of(int status, const FindHeader& header, std::string_view body, std::int64_t unix_ms) {
  const bool refused = status < 200 || status >= 300;
  Told told = read_body(body, refused, unix_ms);
  if (!refused && !told.error) return {};
  const int effective = refused ? status : (told.status != 0 ? told.status : 500);

  Cause cause = cause_of(effective, told);
  const auto words = read_too_long(told.message);
  if (words || told.context) cause = Cause::too_long;
  if (status == 429 && header("anthropic-ratelimit-unified-status") == "rejected") cause = Cause::wall;

  Failure failure = failed(cause, detail_of(effective, cause, told));
  failure.wait_ms = told.wait_ms;
  add_head(effective, header, unix_ms, failure);
  if (cause == Cause::too_long) {
    failure.context = told.context;
    failure.prompt_tokens = told.prompt_tokens;
    if (words && !failure.context) failure.context = words->context;
    if (words && !failure.prompt_tokens) failure.prompt_tokens = words->prompt_tokens;
  }
  return failure;
}

Failure failure_of(const base::Error& error) {
  using base::Code;
  switch (error.code) {
    case Code::unreachable: return failed(Cause::unreachable, one_line(error.message));
    case Code::timeout: return failed(Cause::timeout, one_line(error.message));
    case Code::closed_early: return failed(Cause::cut, one_line(error.message));
    case Code::bad_upstream: {
      Failure failure = failed(Cause::server_error, one_line(error.message));
      failure.scope = Scope::host;  // this is not HTTP: the wrong thing listens there
      return failure;
    }
    default: return {};
  }
}

}  // namespace basin::wire
