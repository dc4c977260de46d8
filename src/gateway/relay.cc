#include "gateway/relay.h"

#include <fmt/format.h>

#include "gateway/answer.h"
#include "gateway/outbound.h"
#include "wire/errors.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using net::equal_ignoring_case;

}  // namespace

std::string_view coding_of(const net::ResponseHead& head) {
  const std::string_view coding = head.find("content-encoding").value_or("");
  return equal_ignoring_case(coding, "identity") ? std::string_view() : coding;
}

bool is_event_stream(const net::ResponseHead& head) {
  constexpr std::string_view kType = "text/event-stream";
  const std::string_view type = head.find("content-type").value_or("");
  return type.size() >= kType.size() && equal_ignoring_case(type.substr(0, kType.size()), kType);
}

Relay::Relay(net::ServerConnection& client, net::UpstreamExchange& upstream, const Judgement& judgement, Learn learn)
    : client_(client),
      upstream_(upstream),
      judgement_(judgement),
      head_(upstream.head()),
      tap_(judgement.decision.dialect),
      learn_(std::move(learn)) {
  const std::string_view coding = coding_of(head_);
  plain_ = coding.empty();
  if (!plain_) decoder_.emplace(coding);
  events_ = head_.status == 200 && is_event_stream(head_);
  if (events_ && plain_ && judgement.composed.usage_added) filter_.emplace();
  reading_ =
      head_.status == 200 && judgement.decision.rule != "not_routed" && (plain_ || base::CodingStream::knows(coding));
}

net::Framing Relay::framing() const {
  if (head_.status == 204 || head_.status == 304) return net::Framing::none();
  if (head_.content_length && !events_) return net::Framing::length(*head_.content_length);
  return net::Framing::chunked();
}

void Relay::start_answer() {
  auto out = client_.start(head_.status, framing(), head_.reason);
  for (const net::HeadField& field : head_.fields) {
    const bool ours = equal_ignoring_case(field.name, "content-length") || is_basin_field(field.name);
    if (!ours && !head_.is_hop_by_hop(field.name)) out.field(field.name, field.value);
  }
  add_decision_fields(out, judgement_.decision, judgement_.advice);
}

void Relay::read_along(std::string_view bytes) {
  if (!reading_) return;
  const auto take = [this](std::string_view plain) {
    if (events_) return tap_.feed(plain);
    if (copy_.size() + plain.size() > kReadLimit)
      reading_ = false;
    else
      copy_ += plain;
  };
  if (plain_)
    take(bytes);
  else if (!decoder_->feed(bytes, take))
    reading_ = false;
}

std::string_view Relay::filtered(std::string_view bytes) { return filter_ ? filter_->pass(bytes) : bytes; }

void Relay::learn() {
  if (reading_ && !events_) tap_.read_body(copy_);
  if (reading_ && learn_) learn_(tap_.facts().usage, tap_.thinking());
  learn_ = {};
}

net::Task<Outcome> Relay::run(std::uint32_t silence_ms, std::string_view first, bool all) {
  start_answer();
  if (all) co_return co_await end(first);
  if (!first.empty()) {
    const auto written = co_await client_.write(first);
    if (!written.ok()) co_return Outcome::client_gone;
  } else if (!upstream_.body_waiting()) {
    const auto shown = co_await client_.flush();
    if (!shown.ok()) co_return Outcome::client_gone;
  }
  for (;;) {
    const auto piece = co_await upstream_.read_body(silence_ms);
    if (!piece.ok()) co_return co_await ended_early(piece.error());
    read_along(piece->bytes);
    if (piece->last) co_return co_await end(piece->bytes);
    const std::string_view bytes = filtered(piece->bytes);
    if (bytes.empty()) continue;
    const auto written = co_await client_.write(bytes);
    if (!written.ok()) co_return Outcome::client_gone;
  }
}

// The upstream says that this was all. Whether it was is another matter, where we know how such a stream ends; on paths
// that are not routed (speech, images, runs) streams end in events of their own.
net::Task<Outcome> Relay::end(std::string_view last) {
  learn();
  const bool whole = !events_ || !reading_ || tap_.facts().ended;
  std::string_view bytes = filtered(last);
  if (filter_ && whole) {
    if (!bytes.empty()) {
      const auto written = co_await client_.write(bytes);
      if (!written.ok()) co_return Outcome::client_gone;
    }
    bytes = filter_->rest();
  }
  if (whole) {
    const auto finished = co_await client_.finish(bytes);
    co_return finished.ok() ? Outcome::whole : Outcome::client_gone;
  }
  if (!bytes.empty()) {
    const auto written = co_await client_.write(bytes);
    if (!written.ok()) co_return Outcome::client_gone;
  }
  co_return co_await ended_early(fail(Code::closed_early, "it ended the stream before the answer's end"));
}

net::Task<Outcome> Relay::ended_early(base::Error error) {
  learn();
  if (client_.hung_up() || error.code == Code::cancelled) co_return Outcome::client_gone;
  if (!events_ || !plain_) {
    // Not finished: the server closes, and the client sees a cut. What it was promised it shall see, too.
    (void)co_await client_.flush();
    co_return Outcome::cut_short;
  }
  const wire::AnswerFacts& facts = tap_.facts();
  error.message = fmt::format("upstream {}: {}", judgement_.server()->name, error.message);
  const std::string event = wire::error_events(judgement_.decision.dialect, error, tap_.between_events(), facts.id);
  const auto finished = co_await client_.finish(event);
  co_return finished.ok() ? Outcome::cut_short : Outcome::client_gone;
}

}  // namespace basin::gateway
