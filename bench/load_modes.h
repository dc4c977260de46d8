// The three ways to load a server, each run by one thread over its own connections.
#pragma once

#include <cstdint>
#include <span>

#include "connection.h"
#include "histogram.h"

namespace basin::bench {

struct Options {
  std::uint16_t port = 0;
  std::size_t connections = 1;
  double seconds = 2;
  double warmup_s = 0.3;  // requests that start before it is over are not counted
  double rate = 500;      // open: requests per second
  std::uint64_t first_serial = 0;
};

struct Outcome {
  Histogram latency;      // closed: from send to end; open: from when it was due to the end; streams: to the first byte
  Histogram event_delay;  // streams: from the upstream's write to our read
  std::uint64_t errors = 0;
  std::uint64_t unfinished = 0;  // open: due, but without an answer when the time was over
  double counted_s = 0;

  void merge(const Outcome& other);
};

// Each connection sends its next request when it has the answer to the last: how much can be carried.
Outcome run_closed(const Options& options, std::span<const Request> requests);

// Requests fall due at a fixed rate whether or not earlier ones are answered, and wait for a free connection; the wait
// counts. A server that stalls for a second is charged for every request that fell due in it (no coordinated omission).
Outcome run_open(const Options& options, std::span<const Request> requests);

// Each connection holds one stream after the other. Starts are spread over the warm-up, so that a burst of openings
// does not pass for a slow first byte.
Outcome run_streams(const Options& options, std::span<const Request> requests);

}  // namespace basin::bench
