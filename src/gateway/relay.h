// The relay: an upstream's answer on its way to the client, byte for byte, as it arrives.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "core/dialect.h"
#include "gateway/judge.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/task.h"
#include "wire/usage_tap.h"

namespace basin::gateway {

enum class Outcome : std::uint8_t {
  whole,        // the client has the answer, to its end
  cut_short,    // the upstream ended early, and the client was told so
  client_gone,  // the client left, and the upstream was let go
};

// One answer. REQUIRES: upstream.read_head() was ok.
//
// Nothing is buffered: a piece is handed on before the next is asked for, so a slow client slows the upstream. What the
// tap reads it reads in passing. An event stream always goes to the client in chunks, whatever its framing was: an
// upstream that ends early then becomes an explicit error event. Where the client was promised a length, or the bytes
// are compressed, no event can be added and the connection is cut, which clients notice as well.
class Relay {
 public:
  Relay(net::ServerConnection& client, net::UpstreamExchange& upstream, const Judgement& judgement);

  // Hands the answer on until it ends. silence_ms: how long the upstream may say nothing. Call once.
  net::Task<Outcome> run(std::uint32_t silence_ms);
  const wire::AnswerFacts& facts() const { return tap_.facts(); }

 private:
  void start_answer();
  net::Framing framing() const;
  net::Task<Outcome> end(std::string_view last);
  net::Task<Outcome> ended_early(base::Error error);

  net::ServerConnection& client_;
  net::UpstreamExchange& upstream_;
  const Judgement& judgement_;
  const net::ResponseHead& head_;
  wire::UsageTap tap_;
  bool events_ = false;    // an event stream
  bool readable_ = false;  // its bytes are not compressed
};

}  // namespace basin::gateway
