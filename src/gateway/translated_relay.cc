#include "gateway/translated_relay.h"

#include <fmt/format.h>

#include "gateway/answer.h"
#include "wire/errors.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;

wire::AnswerStyle style_of(const Judgement& judgement, const TranslatedRelay::Now& now) {
  wire::AnswerStyle style;
  style.dialect = judgement.decision.dialect;
  style.created_s = now.unix_ms / 1000;
  style.estimated_input = now.estimated_input;
  style.stream_usage = judgement.composed.stream_usage;
  style.free_text_tools = judgement.composed.free_text_tools;
  return style;
}

}  // namespace

TranslatedRelay::TranslatedRelay(net::ServerConnection& client, net::UpstreamExchange& upstream,
                                 const Judgement& judgement, Learn learn, Now now)
    : client_(client),
      upstream_(upstream),
      judgement_(judgement),
      style_(style_of(judgement, now)),
      translator_(judgement.place()->dialect, style_),
      tap_(style_.dialect),
      learn_(std::move(learn)) {
  streamed_ = judgement.request.stream && is_event_stream(upstream.head());
}

net::HeadWriter TranslatedRelay::start(int status, net::Framing framing) {
  auto out = client_.start(status, framing);
  out.field("Content-Type", streamed_ ? "text/event-stream" : "application/json").field("Cache-Control", "no-store");
  // Clients write it into their history, to find the answer's record again.
  out.field(judgement_.decision.dialect == core::Dialect::anthropic ? "request-id" : "x-request-id",
            judgement_.decision.id);
  for (const std::string_view name : {"retry-after", "retry-after-ms", "x-should-retry"}) {
    if (const auto value = upstream_.head().find(name)) out.field(name, *value);
  }
  add_decision_fields(out, judgement_.decision, judgement_.advice);
  return out;
}

net::Task<Outcome> TranslatedRelay::run(std::uint32_t silence_ms, std::string_view first, bool all) {
  if (streamed_) co_return co_await stream(silence_ms);
  co_return co_await whole(silence_ms, first, all);
}

net::Task<Outcome> TranslatedRelay::stream(std::uint32_t silence_ms) {
  start(200, net::Framing::chunked());
  std::string out;
  for (;;) {
    const auto piece = co_await upstream_.read_body(silence_ms);
    out.clear();
    if (piece.ok()) {
      translator_.feed(piece->bytes, out);
      if (piece->last) translator_.end(out);
    } else {
      if (client_.hung_up() || piece.error().code == Code::cancelled) co_return Outcome::client_gone;
      translator_.fail(
          fail(piece.error().code, fmt::format("upstream {}: {}", judgement_.server()->name, piece.error().message)),
          out);
    }
    tap_.feed(out);
    // What comes after the answer's end is nobody's.
    const bool over = !piece.ok() || piece->last || translator_.facts().ended;
    if (over) {
      learn_(translator_.facts().usage, tap_.thinking());
      const auto finished = co_await client_.finish(out);
      if (!finished.ok()) co_return Outcome::client_gone;
      co_return translator_.facts().failed ? Outcome::cut_short : Outcome::whole;
    }
    if (out.empty()) {
      if (client_.hung_up()) co_return Outcome::client_gone;
      continue;
    }
    const auto written = co_await client_.write(out);
    if (!written.ok()) co_return Outcome::client_gone;
  }
}

net::Task<Outcome> TranslatedRelay::whole(std::uint32_t silence_ms, std::string_view first, bool all) {
  std::string body(first);
  while (!all) {
    const auto piece = co_await upstream_.read_body(silence_ms);
    if (!piece.ok()) {
      if (client_.hung_up() || piece.error().code == Code::cancelled) co_return Outcome::client_gone;
      co_return co_await refuse(piece.error());
    }
    body += piece->bytes;
    all = piece->last;
    if (body.size() > kWholeAnswerLimit)
      co_return co_await refuse(fail(Code::bad_upstream, "its answer is longer than 16 MiB"));
  }
  const core::Dialect from = judgement_.place()->dialect;
  const int status = upstream_.head().status;
  if (status >= 300) {
    const std::string error = wire::translate_error(from, status, body, style_.dialect);
    co_return co_await answer(status, error);
  }
  wire::AnswerFacts facts;
  streamed_ = judgement_.request.stream;  // what the client asked for, whether the server does it or not
  auto translated = streamed_ ? wire::translate_reply_to_stream(from, body, style_, facts)
                              : wire::translate_reply(from, body, style_, facts);
  if (!translated.ok()) co_return co_await refuse(translated.error());
  if (streamed_)
    tap_.feed(*translated);
  else
    tap_.read_body(*translated);
  learn_(facts.usage, tap_.thinking());
  co_return co_await answer(status, *translated);
}

net::Task<Outcome> TranslatedRelay::refuse(base::Error error) {
  error.message = fmt::format("upstream {}: {}", judgement_.server()->name, error.message);
  co_await send_error(client_, style_.dialect, std::move(error), &judgement_.decision);
  co_return Outcome::cut_short;
}

net::Task<Outcome> TranslatedRelay::answer(int status, std::string_view body) {
  start(status, net::Framing::length(body.size()));
  const auto finished = co_await client_.finish(body);
  co_return finished.ok() ? Outcome::whole : Outcome::client_gone;
}

}  // namespace basin::gateway
