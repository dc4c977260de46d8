#include "wire/retry_after.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>
#include <string_view>

#include "wire/told_time.h"

namespace basin::wire {
namespace {

using Wait = std::optional<std::int64_t>;

std::int64_t bounded(std::int64_t ms) { return std::clamp<std::int64_t>(ms, 0, kLongestWaitMs); }

Wait later(Wait a, Wait b) { return std::max(a, b); }  // nothing is less than anything

// A plain number in a reset field: seconds to wait, or a moment of Unix time, in seconds or milliseconds. No limit
// lasts thirty years.
Wait number_or_moment(std::string_view text, std::int64_t unix_ms) {
  constexpr std::int64_t kMoment_s = 1'000'000'000, kMoment_ms = kMoment_s * 1000;
  const auto value = thousandths(text);
  if (!value) return std::nullopt;
  if (*value / 1000 >= kMoment_ms) return wait_until(*value / 1000, unix_ms);
  if (*value / 1000 >= kMoment_s) return wait_until(*value, unix_ms);
  return bounded(*value);
}

// Whatever form a reset has: "6m0s", "12", Unix time, or RFC 3339.
Wait reset(std::string_view text, std::int64_t unix_ms) {
  if (const auto wait = number_or_moment(text, unix_ms)) return wait;
  if (const auto span = span_ms(text)) return bounded(*span);
  if (const auto then = rfc3339_ms(text)) return wait_until(*then, unix_ms);
  return std::nullopt;
}

Wait told_outright(const FindHeader& header, std::int64_t unix_ms) {
  Wait wait;
  // milliseconds in thousandths, rounded up
  if (const auto ms = thousandths(header("retry-after-ms"))) wait = bounded(*ms / 1000 + (*ms % 1000 != 0 ? 1 : 0));
  const std::string_view after = header("retry-after");
  if (const auto seconds = thousandths(after)) {
    // Both say the same thing, the first one more exactly.
    return wait ? wait : bounded(*seconds);
  }
  if (const auto then = http_date_ms(after, unix_ms)) return later(wait, wait_until(*then, unix_ms));
  return wait;
}

// One limit of a head: whether it is used up (nothing: not said), and when it is full again.
struct Limit {
  std::optional<bool> used_up;
  Wait wait;
};

Limit limit_of(const FindHeader& header, const std::string& family, std::string_view kind, std::int64_t unix_ms,
               bool kind_last) {
  const auto field = [&](std::string_view what) {
    std::string name = family;
    if (!kind_last && !kind.empty()) (name += kind) += '-';
    name += what;
    if (kind_last && !kind.empty()) (name += '-') += kind;
    return header(name);
  };
  Limit limit;
  if (const auto left = thousandths(field("remaining"))) limit.used_up = *left == 0;
  limit.wait = reset(field("reset"), unix_ms);
  return limit;
}

// A share of a subscription's window, where the head tells how much of it is used.
Limit window_of(const FindHeader& header, const std::string& name, std::int64_t unix_ms) {
  Limit limit;
  if (const auto percent = thousandths(header(name + "-used-percent"))) limit.used_up = *percent >= 100'000;
  limit.wait = later(reset(header(name + "-reset-after-seconds"), unix_ms), reset(header(name + "-reset-at"), unix_ms));
  return limit;
}

// The subscription's limit counts while it stands in the way; `allowed` tells when a window ends that nobody fills.
Limit unified(const FindHeader& header, std::int64_t unix_ms) {
  Limit limit;
  const std::string_view status = header("anthropic-ratelimit-unified-status");
  if (!status.empty()) limit.used_up = status == "rejected";
  limit.wait = reset(header("anthropic-ratelimit-unified-reset"), unix_ms);
  return limit;
}

}  // namespace

std::int64_t wait_until(std::int64_t then_ms, std::int64_t unix_ms) {
  if (then_ms <= unix_ms) return 0;
  // as unsigned numbers, which cannot overflow
  const std::uint64_t ahead = static_cast<std::uint64_t>(then_ms) - static_cast<std::uint64_t>(unix_ms);
  return static_cast<std::int64_t>(std::min(ahead, static_cast<std::uint64_t>(kLongestWaitMs)));
}

std::optional<std::int64_t> retry_after_ms(const FindHeader& header, std::int64_t unix_ms) {
  const Limit subscription = unified(header, unix_ms);
  const Wait outright = told_outright(header, unix_ms);
  if (subscription.used_up == true) return later(outright, subscription.wait);
  if (outright) return outright;

  Wait used_up, unsaid;
  const auto add = [&](const Limit& limit) {
    if (limit.used_up.value_or(false)) used_up = later(used_up, limit.wait);
    unsaid = later(unsaid, limit.wait);
  };
  for (const std::string_view kind : {"requests", "tokens", "input-tokens", "output-tokens", ""}) {
    add(limit_of(header, "x-ratelimit-", kind, unix_ms, true));
    if (!kind.empty()) add(limit_of(header, "anthropic-ratelimit-", kind, unix_ms, false));
  }
  for (const std::string_view kind : {"primary", "secondary"}) {
    const Limit window = window_of(header, "x-codex-" + std::string(kind), unix_ms);
    if (window.used_up != false) add(window);  // a week that is half used says nothing
  }
  if (!subscription.used_up) add(subscription);
  return used_up ? used_up : unsaid;
}

}  // namespace basin::wire
