// What a chat stream cost, for us alone. A server tells it only where stream_options.include_usage asks, in a chunk of
// its own at the end ("choices": [] beside the usage). Where the client did not ask, Basin does, and takes that chunk
// out again on the way down: clients that index choices[0] of every chunk would fall over it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "core/decision.h"
#include "core/request.h"

namespace basin::wire {

// The edit named "include_usage"; nothing where the client asks itself, and for anything but a chat stream. Where there
// is an edit, the answer needs a UsageChunkFilter. REQUIRES: root is the root of the request's body.
std::optional<core::Edit> include_usage_edit(const core::Request& request, base::json::Value root);

// A longer event is no usage chunk, and is not held: real ones have 300 to 700 bytes.
inline constexpr std::size_t kUsageChunkLimit = std::size_t{16} << 10U;

// Takes the usage chunk out of a chat stream's bytes, whatever pieces they come in. Every other byte passes as it came;
// an event that has begun is held until it has ended, or until it is longer than kUsageChunkLimit. One per answer;
// needs the bytes uncompressed.
class UsageChunkFilter {
 public:
  // The next bytes of the stream; gives those that may go on, valid until the next call and as long as `bytes`. Nothing
  // is copied where a piece holds whole events that all go on.
  std::string_view pass(std::string_view bytes);
  // What is still held of an event that was not ended: for who hands on a stream that ended without its last newline.
  // Where an error event is to be added instead, leave it: it would join that event. Call once, at the end.
  std::string_view rest();

 private:
  std::size_t end_of_event(std::string_view bytes);

  std::string event_;          // the beginning of an event, held until it has ended
  std::string out_;            // what the last call gave, where it had to be put together
  bool passing_ = false;       // the event is too long to be the one: its bytes go on as they come
  bool line_empty_ = true;     // no byte of the present line yet
  bool after_return_ = false;  // the last byte was CR: an LF now belongs to it
  bool dropped_ = false;       // the last event was taken out, and with it such an LF
};

}  // namespace basin::wire
