#include "gateway/forwarding.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/coding_stream.h"
#include "base/json.h"
#include "base/json_writer.h"
#include "gateway/answer.h"
#include "gateway/outbound.h"
#include "gateway/translated_relay.h"
#include "gateway/weigh.h"
#include "upstream/known_servers.h"
#include "wire/splice.h"
#include "wire/unknown_field.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;

// What is read of an error to learn its cause. Vendors' errors have a few hundred bytes; a longer one is handed on.
constexpr std::size_t kPeekLimit = std::size_t{64} << 10U;
// An error that is not told within this time is not waited for.
constexpr std::uint32_t kPeekMs = 5'000;

// A server without such an endpoint. Ollama has /v1/messages and does not count.
bool does_not_count(int status) { return status == 404 || status == 405 || status == 501; }

// Bytes of a body that its JSON spends on escapes: who writes "\\u0434" for a letter sends three times what is read.
std::uint64_t escapes_in(std::string_view json) { return json.size() - base::json::unescaped_size(json); }

}  // namespace

Forwarding::Forwarding(Door& door, const Snapshot& snapshot, net::ServerConnection& client, Body& body,
                       Judgement& judgement)
    : door_(door), snapshot_(snapshot), client_(client), body_(body), judgement_(judgement), access_{snapshot.serve} {}

net::Task<Outcome> Forwarding::run() {
  for (;;) {
    const Progress progress = co_await attempt();
    if (progress == Progress::ended) co_return outcome_;
  }
}

net::Task<Forwarding::Progress> Forwarding::attempt() {
  if (passed_over()) co_return Progress::next;
  if (auto may = outbound().check_credential(); !may.ok()) co_return co_await no_credential(std::move(may).error());
  keep();
  if (counts_tokens() && place().dialect != core::Dialect::anthropic) {
    co_await estimate();
    co_return Progress::ended;
  }
  const upstream::Server& server = *place().server;
  auto slot = co_await its_turn(server);
  if (!slot.ok()) co_return co_await not_its_turn(std::move(slot).error());
  net::UpstreamExchange upstream(door_.pool(), {server.url.tls, server.url.host, server.url.port},
                                 {.connect_timeout_ms = server.connect_timeout_ms});
  client_.on_hang_up([&upstream] { upstream.cancel(); });
  auto opened = co_await open(upstream);
  Progress progress = Progress::ended;
  if (opened.ok())
    progress = co_await answered(upstream);
  else
    progress = co_await unanswered(std::move(opened).error());
  client_.on_hang_up({});
  co_return progress;
}

net::Task<Forwarding::Progress> Forwarding::no_credential(base::Error error) {
  if (leave("unauthorized", error.message)) co_return Progress::next;
  keep();
  if (counts_tokens())
    co_await estimate();
  else
    co_await refuse(std::move(error));
  co_return Progress::ended;
}

// Whether there is another place; it is prepared then.
bool Forwarding::leave(core::Attempt failed) {
  if (!judgement_.may_move || !move_on(judgement_, door_, std::move(failed))) return false;
  tried_ = {};
  return true;
}

bool Forwarding::leave(std::string_view cause, std::string_view why) {
  core::Attempt failed;
  failed.cause = cause;
  failed.why = why;
  return leave(std::move(failed));
}

// The slot is the request's until its answer has ended, however it ends.
net::Task<base::Result<Slots::Lease>> Forwarding::its_turn(const upstream::Server& server) {
  if (server.slots == 0) co_return Slots::Lease();
  const bool others = judgement_.may_move && judgement_.at + 1 < judgement_.placements.size();
  const auto impatience = others && place().setting != nullptr ? place().setting->max_wait_ms : std::nullopt;
  Slots::Wait wait;
  client_.on_hang_up([&wait] { wait.cancel(); });
  const std::int64_t since_ms = door_.now_ms();
  auto slot = co_await door_.shared().slots.take(door_.loop(), server.name, server.slots,
                                                 impatience.value_or(server.first_byte_timeout_ms), wait);
  client_.on_hang_up({});
  judgement_.decision.wait_ms += static_cast<double>(door_.now_ms() - since_ms);
  co_return slot;
}

// Nobody's failure: the server has too much to do, and the request goes where there is room.
net::Task<Forwarding::Progress> Forwarding::not_its_turn(base::Error error) {
  if (error.code == Code::cancelled) {
    outcome_ = Outcome::client_gone;
    co_return Progress::ended;
  }
  if (leave("no_slot", error.message)) co_return Progress::next;
  outcome_ = Outcome::cut_short;
  co_await refuse(std::move(error));
  co_return Progress::ended;
}

// A place that is closed, or that somebody else is trying just now, is left for one that is open.
bool Forwarding::passed_over() {
  if (!is_ours()) return false;
  const auto closed = door_.shared().breaker.enter(judgement_.health_of(place()), door_.now_ms());
  if (!closed || tried_.times > 1 || !another_is_open(judgement_, door_)) return false;
  return leave(wire::name_of(closed->cause), closed->why);
}

// There is an answer's head: the answer goes down, unless it is an error that another attempt may mend.
net::Task<Forwarding::Progress> Forwarding::answered(net::UpstreamExchange& upstream) {
  const net::ResponseHead& head = upstream.head();
  if (counts_tokens() && does_not_count(head.status)) {
    co_await estimate();
    co_return Progress::ended;
  }
  Peeked peeked;
  if (head.status >= 400 && is_ours()) {
    peeked = co_await peek(upstream);
    if (said_simpler(head.status, peeked.plain)) co_return Progress::next;
    const auto field = [&head](std::string_view name) { return head.find(name).value_or(std::string_view()); };
    const wire::Failure failure = wire::failure_of(head.status, field, peeked.plain, door_.unix_ms());
    if (co_await goes_on(failure, head.status)) co_return Progress::next;
  } else if (is_ours()) {
    door_.shared().breaker.succeeded(judgement_.health_of(place()), door_.now_ms());
  }
  outcome_ = co_await hand_on(upstream, peeked);
  co_return Progress::ended;
}

// A translation is ours to word: where the server refuses a field that it has not heard of, it is told the same with
// the oldest ones, now and from now on. True: it shall be.
bool Forwarding::said_simpler(int status, std::string_view body) {
  const Composed& composed = judgement_.composed;
  if (!composed.translated || composed.oldest_fields || !wire::refuses_a_field(status, body)) return false;
  door_.shared().fussy.remember(place().server->name);
  core::Attempt attempt;
  attempt.status = status;
  attempt.cause = wire::name_of(wire::Cause::bad_request);
  attempt.why = "it refused a field that it has not heard of; it is told the same with the oldest fields";
  note(judgement_, std::move(attempt));
  return take_place(judgement_, door_).ok() && judgement_.place() && composed.oldest_fields;
}

// There is none.
net::Task<Forwarding::Progress> Forwarding::unanswered(base::Error error) {
  if (error.code == Code::cancelled) {
    outcome_ = Outcome::client_gone;
    co_return Progress::ended;
  }
  const wire::Failure failure = wire::failure_of(error);
  if (co_await goes_on(failure, 0)) co_return Progress::next;
  if (counts_tokens()) {
    co_await estimate();
    co_return Progress::ended;
  }
  outcome_ = Outcome::cut_short;
  co_await refuse(fail(error.code, fmt::format("upstream {}: {}", place().server->name, error.message)));
  co_return Progress::ended;
}

net::Task<base::Status> Forwarding::open(net::UpstreamExchange& upstream) {
  const Composed& composed = judgement_.composed;
  // Nothing to edit: the bytes as they came, coding and all. Else the plain body goes up, and its head says so.
  const bool decoded = !body_.plain.empty() && (composed.translated || !composed.edits.empty());
  const auto spliced = composed.translated
                           ? wire::splice(composed.body, {})
                           : wire::splice(decoded ? body_.readable() : body_.raw.view(), composed.edits);
  if (!spliced.ok()) co_return spliced.error();
  Outbound outgoing = outbound();
  outgoing.decoded = decoded;
  outgoing.plain_answer = composed.usage_added;
  tried_.clients_key = outgoing.sends_clients_key();
  head_ = outgoing.write(spliced->length);
  if (auto sent = co_await upstream.send(head_, spliced->spans); !sent.ok()) co_return sent.error();
  co_return co_await upstream.read_head(place().server->first_byte_timeout_ms);
}

net::Task<Forwarding::Peeked> Forwarding::peek(net::UpstreamExchange& upstream) {
  Peeked peeked;
  while (peeked.bytes.size() < kPeekLimit && !peeked.all) {
    const auto piece = co_await upstream.read_body(kPeekMs);
    if (!piece.ok()) break;  // what ends early ends early again when it is handed on
    peeked.bytes += piece->bytes;
    peeked.all = piece->last;
  }
  const std::string_view coding = coding_of(upstream.head());
  if (coding.empty())
    peeked.plain = peeked.bytes;
  else
    (void)base::CodingStream(coding).feed(peeked.bytes, [&peeked](std::string_view plain) {
      if (peeked.plain.size() < kPeekLimit) peeked.plain += plain;
    });
  co_return peeked;
}

// Whether there is another attempt to make; it is prepared then, and its wait is over.
net::Task<bool> Forwarding::goes_on(const wire::Failure& failure, int status) {
  Shared& shared = door_.shared();
  // A client's own key is the client's to mend, and the next request may bring another.
  const bool clients_own =
      tried_.clients_key && (failure.cause == wire::Cause::bad_key || failure.cause == wire::Cause::no_credit);
  if (is_ours() && !clients_own) shared.breaker.failed(judgement_.health_of(place()), failure, door_.now_ms());
  if (!judgement_.may_move || client_.hung_up()) co_return false;
  core::Attempt failed;
  failed.status = status;
  failed.cause = wire::name_of(failure.cause);
  failed.why = failure.detail;
  tried_.others = judgement_.at + 1 < judgement_.placements.size();
  const auto may_wait = place().setting != nullptr ? place().setting->max_wait_ms : std::nullopt;
  tried_.patience_ms = may_wait.value_or(place().server->cold_start_timeout_ms);
  const Step step = step_after(failure, tried_);
  failed.wait_ms = step.pause_ms;
  if (step.next == Step::Next::give_up) co_return false;
  if (step.next == Step::Next::elsewhere) co_return leave(std::move(failed));
  note(judgement_, std::move(failed));
  ++tried_.times;
  if (failure.cause == wire::Cause::loading) tried_.waited_ms += step.pause_ms;
  const auto slept = co_await net::pause(door_.loop(), static_cast<std::uint32_t>(step.pause_ms));
  co_return slept.ok() && !client_.hung_up();
}

net::Task<Outcome> Forwarding::hand_on(net::UpstreamExchange& upstream, const Peeked& peeked) {
  read_bytes_ = judgement_.text_bytes;
  if (place().server->url.loopback()) read_bytes_ -= std::min(read_bytes_, escapes_in(body_.readable()));
  body_.forget();  // the upstream has it, and nobody else will be asked
  const std::uint32_t silence_ms = place().server->first_byte_timeout_ms;
  Learn learn = [this](const core::Usage& usage, std::span<const std::uint64_t> thinking) {
    this->learn(usage, thinking);
  };
  if (judgement_.composed.translated) {
    const double tokens = door_.shared().token_rates.estimate(place().model, judgement_.text_bytes);
    TranslatedRelay relay(client_, upstream, judgement_, std::move(learn),
                          {door_.unix_ms(), static_cast<std::uint64_t>(tokens)});
    co_return co_await relay.run(silence_ms, peeked.bytes, peeked.all);
  }
  Relay relay(client_, upstream, judgement_, std::move(learn));
  co_return co_await relay.run(silence_ms, peeked.bytes, peeked.all);
}

// A local server that read less than it was sent answered another question. It gets nothing of that length any more:
// its context is what it counted, until it is started with a longer one and the configuration is loaded again.
bool Forwarding::cut_in_silence(std::uint64_t told) {
  if (!place().server->url.loopback() || !upstream::truncated(read_bytes_, told, place().context)) return false;
  wire::Failure failure;
  failure.cause = wire::Cause::too_long;
  failure.scope = wire::Scope::prompt;
  failure.context = told;
  failure.detail = fmt::format("{} cut a prompt of {} bytes to {} tokens and did not say so", place().server->name,
                               read_bytes_, told);
  door_.shared().breaker.failed(judgement_.health_of(place()), failure, door_.now_ms());
  const upstream::Server& server = *place().server;
  if (door_.shared().say) {
    door_.shared().say(fmt::format("{}: {}", failure.detail,
                                   upstream::how_to_raise_context(server.kind, server.name, server.url.port)));
  }
  return true;
}

// What its server counted teaches how its family of models cuts texts into tokens, and whose thinking the client has
// now is known when it comes back.
void Forwarding::learn(const core::Usage& usage, std::span<const std::uint64_t> thinking) {
  Shared& shared = door_.shared();
  const std::string& model = judgement_.decision.served_model;
  if (usage.known && !model.empty()) {
    const std::uint64_t told = usage.input + usage.cache_read + usage.cache_write_5m + usage.cache_write_1h;
    if (!cut_in_silence(told)) shared.token_rates.learn(model, judgement_.text_bytes, told);
  }
  if (!thinking.empty()) shared.provenance.keep(thinking, judgement_.maker(), door_.now_ms());
}

// Counting must not cost anybody an inference: where the server does not count, this is the best that is known.
net::Task<void> Forwarding::estimate() {
  const double tokens = door_.shared().token_rates.estimate(place().model, judgement_.text_bytes);
  std::string body;
  base::json::Writer(body).object().field("input_tokens", static_cast<std::uint64_t>(std::max(1.0, tokens))).end();
  auto head = client_.start(200, net::Framing::length(body.size()));
  head.field("Content-Type", "application/json").field("x-basin-estimated", "input_tokens");
  add_decision_fields(head, judgement_.decision, judgement_.advice);
  const auto finished = co_await client_.finish(body);
  outcome_ = finished.ok() ? Outcome::whole : Outcome::client_gone;
}

net::Task<void> Forwarding::refuse(base::Error error) {
  ++door_.shared().counters.refused;
  co_await send_error(client_, judgement_.decision.dialect, std::move(error), &judgement_.decision);
}

// Before anything is sent: the id goes out with the answer, and the client's next request may come on another thread as
// this answer's end arrives.
void Forwarding::keep() {
  door_.shared().decisions.keep(judgement_.decision);
  if (judgement_.pin) door_.shared().sessions.keep(judgement_.session_key, *judgement_.pin);
}

Outbound Forwarding::outbound() const {
  return {client_.head(), *place().server, judgement_.decision.dialect, access_, false, place().dialect};
}

}  // namespace basin::gateway
