// Times as heads and bodies of HTTP tell them: spans and dates, read into milliseconds. What is not written exactly so
// is not there; nothing is guessed. All results are rounded up, so that nobody comes early.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace basin::wire {

// "12" or "1.5", of anything, in thousandths: 12000, 1500. No sign, no exponent. Past what fits: the largest.
std::optional<std::int64_t> thousandths(std::string_view text);

// A span with units, "6m0s", "1.5s", "20ms", "1d2h" (d h m s ms us ns, each once or more), in milliseconds.
std::optional<std::int64_t> span_ms(std::string_view text);

// A date in one of the three forms of RFC 9110 5.6.7, as Unix milliseconds. `unix_ms` is now: a year of two digits that
// would lie more than fifty years ahead lies in the past. The weekday is not checked.
std::optional<std::int64_t> http_date_ms(std::string_view text, std::int64_t unix_ms);

// "2026-11-25T04:50:00Z", with fractions of a second and with offsets, as Unix milliseconds (RFC 3339).
std::optional<std::int64_t> rfc3339_ms(std::string_view text);

}  // namespace basin::wire
