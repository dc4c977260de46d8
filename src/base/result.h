// Result<T>: a value or an Error. Basin does not throw across a room's border; a function that can fail says so in its
// type, and the caller either handles the Error or hands it up. The few codes are mapped once to HTTP and to each
// dialect's error body (wire/errors.h), and once to exit codes (cli/).
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace basin::base {

// Who is at fault is told by the code: the caller (invalid, too_large, unsupported, unauthorized, forbidden,
// not_found, conflict), the upstream (unreachable, timeout, closed_early, bad_upstream), the operator (configuration),
// nobody (busy, cancelled, unsure), or Basin itself (internal).
enum class Code {
  invalid,       // malformed input; the message says what to change
  too_large,     // past a named limit
  unsupported,   // well formed, but not to be had here
  unauthorized,  // no or a wrong credential
  forbidden,     // a credential would not help (Host, Origin, foreign user)
  not_found,
  conflict,     // a taken port, a second instance
  unreachable,  // no connection to the upstream
  timeout,
  closed_early,   // the peer ended before the message did
  bad_upstream,   // the upstream's answer is not HTTP, or breaks a limit
  configuration,  // file, key or value is wrong
  busy,           // too many wait already; later it may go
  cancelled,      // the client went away, or we are shutting down
  internal,
};

struct Error {
  Code code = Code::internal;
  std::string message;
};

// A value or an Error; never neither. Reading the other one is our own bug, and ends the program.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok()
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok()
  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

// The value of what has none to give.
struct Unit {};

// A result without a value.
using Status = Result<Unit>;
inline Status ok_status() { return Unit{}; }

inline Error fail(Code code, std::string message) { return Error{code, std::move(message)}; }

}  // namespace basin::base
