// The translated relay: an upstream's answer in one dialect, said to the client in another as it arrives.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "gateway/judgement.h"
#include "gateway/relay.h"
#include "net/connection.h"
#include "net/exchange.h"
#include "net/task.h"
#include "wire/translated_answer.h"

namespace basin::gateway {

// An answer that is not a stream is read whole before it is translated; longer ones are refused. 128k tokens are about
// half a megabyte; pictures and files in answers do not exist here.
inline constexpr std::size_t kWholeAnswerLimit = std::size_t{16} << 20U;

// One answer. REQUIRES: upstream.read_head() was ok.
//
// Streams go through event by event (wire/translated_answer.h): what one piece of the upstream's bytes says is written
// before the next is asked for, so a slow client slows the upstream here, too.
class TranslatedRelay {
 public:
  struct Now {
    std::int64_t unix_ms = 0;
    std::uint64_t estimated_input = 0;  // tokens of the prompt, for a server that counts none
  };

  // `learn` is told before the client has the end; the thinking is that which the client got.
  TranslatedRelay(net::ServerConnection& client, net::UpstreamExchange& upstream, const Judgement& judgement,
                  Learn learn, Now now);

  // `first` is what of the body was read already (`all`: to its end). silence_ms: how long the upstream may say
  // nothing. Call once.
  net::Task<Outcome> run(std::uint32_t silence_ms, std::string_view first = {}, bool all = false);

 private:
  net::Task<Outcome> stream(std::uint32_t silence_ms);
  net::Task<Outcome> whole(std::uint32_t silence_ms, std::string_view first, bool all);
  net::HeadWriter start(int status, net::Framing framing);
  net::Task<Outcome> answer(int status, std::string_view body);
  net::Task<Outcome> refuse(base::Error error);

  net::ServerConnection& client_;
  net::UpstreamExchange& upstream_;
  const Judgement& judgement_;
  wire::AnswerStyle style_;
  wire::AnswerTranslator translator_;
  wire::UsageTap tap_;  // of what the client gets
  Learn learn_;
  bool streamed_ = false;
};

}  // namespace basin::gateway
