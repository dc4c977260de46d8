// How long an upstream wants us to wait, told by its answer's head.
//
// Each vendor says it in another way, and many say several things at once: how long to wait, and when each of its
// limits is full again. What is told outright (retry-after) counts; else the limits that are used up count, the latest
// of them; else, where a head does not say which are, all of them. Nothing is ever shortened: an upstream asked again
// too early counts that, too. What nobody says is missing, which is not zero.
#pragma once

#include <cstdint>
#include <optional>

#include "wire/endpoint.h"

namespace basin::wire {

// The longest limit that any vendor has is a week; whatever lies further away is taken for a mistake of clocks or
// units, and is "long": this.
inline constexpr std::int64_t kLongestWaitMs = std::int64_t{8} * 24 * 60 * 60 * 1000;

// Milliseconds from now until the upstream wants to be asked again, 0..kLongestWaitMs; nothing where the head does not
// say. `unix_ms` is now. Read from retry-after-ms, retry-after (seconds or a date), x-ratelimit-reset-*,
// anthropic-ratelimit-*-reset and x-codex-*-reset-*.
std::optional<std::int64_t> retry_after_ms(const FindHeader& header, std::int64_t unix_ms);

// What lies `then_ms - unix_ms` ahead, kept between 0 and kLongestWaitMs.
std::int64_t wait_until(std::int64_t then_ms, std::int64_t unix_ms);

}  // namespace basin::wire
