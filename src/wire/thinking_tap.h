// Which thinking an answer holds, read off its bytes as they pass: the fingerprints by which find_thinking() knows the
// blocks again when the client sends them back.
//
// It hangs on the usage tap's reading of the stream. Thinking is rare and text is not: of an Anthropic stream the
// starts of blocks are looked at, and deltas only while a block of thinking is open; of a Responses stream the items
// that are done. Nothing of a text is kept, only its hash so far.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/fingerprint.h"
#include "base/json.h"
#include "core/dialect.h"
#include "wire/sse.h"
#include "wire/thinking.h"

namespace basin::wire {

// One per answer.
class ThinkingTap {
 public:
  // The most blocks that are noted of one answer. An answer of 128,000 tokens that thinks before each of its calls has
  // a few hundred.
  static constexpr std::size_t kMostNoted = 1024;

  explicit ThinkingTap(core::Dialect dialect) : dialect_(dialect) {}

  // The next event of a stream.
  void event(const SseEvent& event);
  // A whole answer: a message (Anthropic) or a response (Responses), also one that repeats what its stream held.
  void answer(base::json::Value answer);

  // Of each block of thinking that is whole, in the order in which they were made; a block's two names where it has
  // two. None twice.
  const std::vector<std::uint64_t>& noted() const { return noted_; }

 private:
  void anthropic_event(const SseEvent& event);
  void begin_block(base::json::Value block);
  void delta(base::json::Value delta);
  void end_block();
  void note(const ThinkingSeal& seal);
  void note(std::uint64_t fingerprint);

  core::Dialect dialect_;
  bool open_ = false;       // inside of a block of thinking (Anthropic)
  std::uint64_t seal_ = 0;  // of its signature, once it came; SDKs keep the last one, should there be two
  base::Fingerprint text_;  // of its text so far
  std::vector<std::uint64_t> noted_;
};

}  // namespace basin::wire
