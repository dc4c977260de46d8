// The relay: an upstream's answer on its way to the client, byte for byte, as it arrives.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/coding_stream.h"
#include "base/result.h"
#include "core/dialect.h"
#include "gateway/judgement.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/task.h"
#include "wire/usage_chunk.h"
#include "wire/usage_tap.h"

namespace basin::gateway {

enum class Outcome : std::uint8_t {
  whole,        // the client has the answer, to its end
  cut_short,    // the upstream ended early, and the client was told so
  client_gone,  // the client left, and the upstream was let go
};

// Told what its server counted, and the thinking that the client has of it (wire::ThinkingTap::noted()).
using Learn = std::function<void(const core::Usage& usage, std::span<const std::uint64_t> thinking)>;

// The content coding of an answer's body; empty where its bytes are plain.
std::string_view coding_of(const net::ResponseHead& head);

// Whether the answer is a stream of events, by its content type.
bool is_event_stream(const net::ResponseHead& head);

// One answer. REQUIRES: upstream.read_head() was ok.
//
// Nothing is held back: a piece is handed on before the next is asked for, so a slow client slows the upstream. What
// the tap reads it reads in passing, its content coding taken off; of a whole answer, which can only be read whole, a
// copy is made up to kReadLimit. An event stream always goes to the client in chunks, whatever its framing was: an
// upstream that ends early then becomes an explicit error event. Where the client was promised a length, or the bytes
// are compressed, no event can be added and the connection is cut, which clients notice as well.
class Relay {
 public:
  // A whole answer up to this size is read at its end; one of 128k tokens has about half a megabyte.
  static constexpr std::size_t kReadLimit = std::size_t{2} << 20U;

  // `learn` is told what was read of the answer, once, before the client has its end: its next request may be quick.
  Relay(net::ServerConnection& client, net::UpstreamExchange& upstream, const Judgement& judgement, Learn learn);

  // Hands the answer on until it ends. `first` is what of the body was read already (`all`: to its end). silence_ms:
  // how long the upstream may say nothing. Call once.
  net::Task<Outcome> run(std::uint32_t silence_ms, std::string_view first = {}, bool all = false);

 private:
  void read_along(std::string_view bytes);
  std::string_view filtered(std::string_view bytes);
  void learn();
  void start_answer();
  net::Framing framing() const;
  net::Task<Outcome> end(std::string_view last);
  net::Task<Outcome> ended_early(base::Error error);

  net::ServerConnection& client_;
  net::UpstreamExchange& upstream_;
  const Judgement& judgement_;
  const net::ResponseHead& head_;
  wire::UsageTap tap_;
  Learn learn_;
  bool events_ = false;   // an event stream
  bool plain_ = false;    // its bytes are not compressed
  bool reading_ = false;  // somebody reads along
  std::optional<base::CodingStream> decoder_;
  std::string copy_;                              // of a whole answer
  std::optional<wire::UsageChunkFilter> filter_;  // where we asked for the usage, and the client did not
};

}  // namespace basin::gateway
