// What went wrong at an upstream, in one word, whatever vendor said it and however.
//
// A status alone does not tell: a 429 is a burst that is over in seconds, or the end of a week's subscription, or a
// request that no waiting will make small enough; a 400 is the client's mistake, a spent balance, or a prompt that
// another model has room for. So the error's own type and code count first, its words next, and the status last.
//
// Scope keeps the blame where it belongs. Whoever answers in HTTP is there: what an answer says is about the prompt,
// the model or the key, and only silence (no connection, no answer, a cut one) is about the host.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "wire/endpoint.h"

namespace basin::wire {

enum class Cause : std::uint8_t {
  none,          // nothing, or nothing of the upstream's doing
  bad_request,   // the client's: it would fail everywhere
  too_long,      // the prompt, or prompt and answer, do not fit this model
  bad_key,       // no or a wrong credential, or one that may not do this
  no_credit,     // the balance is spent, or the plan does not have this
  bad_model,     // the server has no such model, or cannot load it
  limited,       // too many requests or tokens for now
  wall,          // a window or quota is used up: for hours or days
  overloaded,    // the server has too much to do
  loading,       // the model is being loaded
  server_error,  // it broke
  unreachable,   // no connection
  timeout,       // no answer in time
  cut,           // the answer ended early
};
std::string_view name_of(Cause cause);

// Whom a failure speaks about, and who therefore is not to be asked again for a while.
enum class Scope : std::uint8_t { nobody, prompt, model, key, host };
std::string_view name_of(Scope scope);

// What a cause allows, as long as no byte of an answer has gone to the client.
struct Remedy {
  bool again = false;      // the same place may do better, once Failure::wait_ms has passed
  bool elsewhere = false;  // another model or server may do better
  Scope scope = Scope::nobody;
};
Remedy remedy_of(Cause cause);

// See above; by default nothing failed.
struct Failure {
  Cause cause = Cause::none;
  Scope scope = Scope::nobody;                 // as remedy_of(cause) has it, unless the upstream said more exactly
  bool again = false;                          // as remedy_of(cause) has it, unless it said x-should-retry
  std::optional<std::int64_t> wait_ms;         // how long the upstream wants us to wait; missing is not zero
  std::string detail;                          // for people, at most kFailureDetail bytes on one line. The upstream's
                                               // words may quote the prompt: for memory only
  std::optional<std::uint64_t> context;        // too_long: the tokens that fit, where told
  std::optional<std::uint64_t> prompt_tokens;  // too_long: as the server counted them
};

// The body of an error is read to here; the longest real ones (with a trace of the server's) have a few KB.
inline constexpr std::size_t kFailureBody = std::size_t{64} << 10U;
inline constexpr std::size_t kFailureDetail = 300;

// An answer's failure, told by its status, its head and the first bytes of its body (JSON of any vendor's, plain text,
// a page, or the beginning of an event stream), coding taken off. `unix_ms` is now. An answer of status 200 has failed
// where its body or its first event is an error.
Failure failure_of(int status, const FindHeader& header, std::string_view body, std::int64_t unix_ms);

// The same for an exchange that gave no whole answer. Cause::none for what is not the upstream's doing.
Failure failure_of(const base::Error& error);

}  // namespace basin::wire
