// Readings: asks that the second stage reads, off the loops, and what it said of them.
//
// A reading takes milliseconds, which a loop has not got: threads of their own do it, while the request that wants it
// waits. What was read is remembered, so that a conversation's retries and a client's repeats are read once; and when
// too many wait already, nobody waits longer: the first stage's answer stands. Used from any thread unless said
// otherwise.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "geometry/encoder.h"
#include "net/loop.h"
#include "net/task.h"

namespace basin::gateway {

class Readings {
 public:
  // Asks that wait for a thread: at 5 ms each, the last of them waits 80 ms.
  static constexpr std::size_t kQueueLimit = 16;
  // Asks remembered: an ask's hash and 17 numbers each, half a megabyte together.
  static constexpr std::size_t kCapacity = 4096;

  // The encoder may be null: then nothing is ever read.
  explicit Readings(std::shared_ptr<const geometry::Encoder> encoder, unsigned threads = 1);
  // What is being read is finished; what waits is not read. REQUIRES: no loop waits any more.
  ~Readings();

  // What the encoder said of this ask, if that is remembered.
  std::optional<geometry::EncoderOutputs> known(std::string_view ask) const;

  // Has the ask read; true when known() tells of it. False at once when kQueueLimit asks wait, and when the loop stops
  // meanwhile. On the loop's thread.
  net::Task<bool> read(net::Loop& loop, std::string ask);

  // Counted since the start.
  std::uint64_t read_count() const;
  std::uint64_t skipped_count() const;  // the queue was full

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace basin::gateway
