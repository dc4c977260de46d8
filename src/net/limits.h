// The limits of this room, each with its reason; tested at the limit and one past it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace basin::net {

// A message head, both directions. Real clients send 1 to 4 KB; cookies and long betas lists stay under 16 KB; nginx
// takes 32 KB. Past it: 431, or bad_upstream.
inline constexpr std::size_t kHeadBytes = 64u << 10;
inline constexpr std::size_t kHeadFields = 200;

// One read from a socket. Large enough that a 5 MB answer takes 80 reads, small enough to stay in a core's L2 cache.
inline constexpr std::size_t kReadBytes = 64u << 10;

// A chunk's size line with its extensions (nobody sends any), and the trailer after the last chunk, which is dropped.
inline constexpr std::size_t kChunkLineBytes = 1u << 10;
inline constexpr std::size_t kTrailerBytes = 8u << 10;

// Interim (1xx) answers before the real one; a server that sends more is talking nonsense.
inline constexpr unsigned kInterimAnswers = 8;

// Buffers for a piece of an answer, kept per loop: one is in use only while a piece is being handed on.
inline constexpr std::size_t kSpareBuffers = 16;

// Kept-alive upstream connections: per origin and loop, and how long one may idle. Servers commonly close at 60 s;
// being earlier avoids most of the races that the one retry is for.
inline constexpr std::size_t kIdlePerOrigin = 64;
inline constexpr std::uint32_t kIdleUpstreamMs = 55'000;

// A reused connection that fails before its first response byte is tried once more on a fresh one, but only this soon
// after the request: a server that closes later may have worked on it, and the work is billed.
inline constexpr std::uint32_t kStaleWithinMs = 2'000;

// Names resolved: how long an answer is kept, and how many names at most.
inline constexpr std::uint32_t kNameCacheMs = 30'000;
inline constexpr std::size_t kNameCacheEntries = 256;

// An address that does not answer is left after this when the name has another one.
inline constexpr std::uint32_t kNextAddressMs = 2'500;

// A client that takes no byte for this long is gone.
inline constexpr std::uint32_t kWriteStallMs = 60'000;

// How often the end of a connection is looked for behind input that nobody reads yet. A client's hang-up must reach the
// upstream within 100 ms.
inline constexpr std::uint32_t kHangUpLookMs = 40;

// After an answer that ends a connection, what the client still sends is read and dropped for this long and this much,
// so that the answer is not destroyed by a reset on its way.
inline constexpr std::uint32_t kLingerMs = 2'000;
inline constexpr std::size_t kLingerBytes = 64u << 20;

// Connections past ServeOptions::max_connections that may be told so (503) at the same time; the rest are closed.
inline constexpr std::size_t kTurnedAway = 64;

}  // namespace basin::net
