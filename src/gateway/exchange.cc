// The life of a request, top to bottom. Every step is one call; the rooms it calls know nothing of each other.
//
//   run          who is it, and may they?           access.cc
//   read_body    all of it, up to the limit
//   judged       read, take apart, measure, decide  judge.cc -> wire, prompt, geometry, route
//                (the ask may have to be read by the second stage, off this thread: readings.cc)
//   servable     is there a server?
//   serve        up to a model, to another where the first fails, and the answer down   forwarding.cc
//   settle       the counts
//
// When the client hangs up, the upstream's socket is closed at that moment, and whatever waits here ends with
// `cancelled`: there is nobody left to tell. Everything else that goes wrong before the answer's head becomes an error
// in the client's dialect; after it, an error event (relay.cc).
#include "gateway/exchange.h"

#include <fmt/format.h>

#include <unistd.h>

#include "base/content_coding.h"
#include "gateway/admin.h"
#include "gateway/answer.h"
#include "gateway/forwarding.h"
#include "gateway/model_names.h"
#include "gateway/outbound.h"
#include "wire/endpoint.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;

// A client that asks for a WebSocket first goes on by POST after this; after anything else it would ask seven times.
constexpr std::string_view kPostInstead =
    R"({"error":{"message":"no WebSocket here; POST to the same path","type":"invalid_request_error",)"
    R"("param":null,"code":null}})";
constexpr Answer kNoWebSocket = {.status = 426, .body = kPostInstead};

bool is_v1(std::string_view path) { return path.substr(0, 4) == "/v1/"; }

// Whom a connection comes from. The kernel knows the owner of a socket of this machine only.
Peer peer_of(net::ServerConnection& client) {
  const auto uid = client.peer_uid();
  if (!uid) return {.loopback = false, .same_user = false};
  return {.loopback = true, .same_user = *uid == 0 || *uid == ::getuid()};
}

}  // namespace

Exchange::Exchange(Door& door, net::ServerConnection& client)
    : door_(door),
      client_(client),
      snapshot_(door.snapshot()),
      dialect_(wire::dialect_for(client.head().target, [&](std::string_view name) {
        return client.head().find(name).value_or(std::string_view());
      })) {}

net::Task<void> Exchange::run() {
  ++door_.shared().counters.requests;
  const net::RequestHead& head = client_.head();
  if (auto allowed = access().check(head, peer_of(client_)); !allowed.ok())
    co_return co_await turn_away(allowed.error());

  const auto endpoint = wire::endpoint_of(head.target);
  if (endpoint && head.method == "POST") co_return co_await routed(*endpoint);
  if (endpoint && head.find("upgrade")) co_return co_await send_answer(client_, kNoWebSocket);
  const std::string_view path = wire::path_of(head.target);
  if (path == "/v1/models" && head.method == "GET") co_return co_await models();
  // The upstream would show the client our key.
  if (head.method == "TRACE") co_return co_await turn_away(fail(Code::unsupported, "there is no TRACE here"));
  if (is_v1(path) && wire::climbs(head.target))
    co_return co_await turn_away(fail(Code::invalid, "the path has a segment \".\" or \"..\""));
  if (is_v1(path)) co_return co_await passed_on();
  co_return co_await local();
}

// A request for a model: the whole path.
net::Task<void> Exchange::routed(core::Endpoint endpoint) {
  if (auto read = co_await read_body(); !read.ok()) co_return co_await turn_away(read.error());
  auto judgement = judged(endpoint);
  // It is judged again from the body: 50 us beside the milliseconds of the reading.
  if (judgement.ok() && !judgement->unread.empty() &&
      co_await door_.shared().readings.read(door_.loop(), std::move(judgement->unread)))
    judgement = judged(endpoint);
  if (!judgement.ok()) co_return co_await refuse(judgement.error());
  if (auto can = servable(*judgement); !can.ok()) co_return co_await refuse(can.error(), &judgement->decision);
  co_await serve(std::move(*judgement));
}

// A path of the vendor's that is not routed: it goes to its home as it came.
net::Task<void> Exchange::passed_on() {
  if (auto read = co_await read_body(); !read.ok()) co_return co_await turn_away(read.error());
  auto judgement = unjudged(door_, *snapshot_, incoming(core::Endpoint::messages), dialect_, "not_routed");
  if (!judgement.ok()) co_return co_await refuse(judgement.error());
  if (auto can = servable(*judgement); !can.ok()) co_return co_await refuse(can.error(), &judgement->decision);
  co_await serve(std::move(*judgement));
}

// What Basin answers by itself.
net::Task<void> Exchange::local() {
  if (auto read = co_await read_body(); !read.ok()) co_return co_await turn_away(read.error());
  Page page = admin(door_, *snapshot_, client_.head(), readable(), door_.unix_ms());
  if (!page.unread.empty() && co_await door_.shared().readings.read(door_.loop(), std::move(page.unread)))
    page = admin(door_, *snapshot_, client_.head(), readable(), door_.unix_ms());
  co_await send_answer(client_, {page.status, page.type, page.body});
}

// The list of models: ours where we decide, the home's own where we only look on and the client has a key for it.
net::Task<void> Exchange::models() {
  const auto home = unjudged(door_, *snapshot_, incoming(core::Endpoint::messages), dialect_, "not_routed");
  const bool looking_on = snapshot_->routing.mode == core::Mode::off || snapshot_->routing.mode == core::Mode::shadow;
  if (looking_on && home.ok() && servable(*home).ok() && credential_for(*home).ok()) co_return co_await passed_on();
  const std::string list =
      wire::model_list(dialect_, model_names(snapshot_->catalogue), door_.shared().started_ms / 1000);
  co_await send_answer(client_, {.body = list});
}

net::Task<base::Status> Exchange::read_body() {
  if (!client_.head().has_body()) co_return base::ok_status();
  const std::size_t limit = snapshot_->serve.max_body_bytes;
  auto read = co_await client_.read_body(body_.raw, limit);
  if (read.ok()) co_return read;
  if (read.error().code == Code::too_large) {
    co_return fail(Code::too_large,
                   fmt::format("the request's body is larger than {} bytes ([server] max_body_bytes)", limit));
  }
  // 504 would blame an upstream.
  if (read.error().code == Code::timeout) co_return fail(Code::invalid, "the request's body did not arrive in time");
  co_return read;
}

base::Result<Judgement> Exchange::judged(core::Endpoint endpoint) {
  const auto coding = client_.head().find("content-encoding");
  if (!coding) return judge(door_, *snapshot_, incoming(endpoint));
  // What cannot be read cannot be measured: it is carried, and stays with the client's model.
  if (!base::can_decode(*coding)) return unjudged(door_, *snapshot_, incoming(endpoint), dialect_, "unreadable");
  const std::size_t limit = snapshot_->serve.max_body_bytes;
  if (auto decoded = base::decode(*coding, body_.raw.view(), limit, body_.plain); !decoded.ok()) return decoded.error();
  return judge(door_, *snapshot_, incoming(endpoint));
}

base::Status Exchange::servable(const Judgement& judgement) const {
  if (judgement.decision.rule != "not_routed" && judgement.decision.rule != "unreadable" && !judgement.names_model) {
    return fail(Code::invalid, "the body has no `model`");
  }
  if (!judgement.place()) {
    return fail(Code::not_found,
                fmt::format("no server here takes this request ({}): write tiers with `basin init`, or name a model "
                            "that `basin models` lists",
                            core::name_of(dialect_)));
  }
  return base::ok_status();
}

// REQUIRES: judgement.place().
base::Status Exchange::credential_for(const Judgement& judgement) const {
  const Access opened = access();
  return Outbound{client_.head(), *judgement.server(), dialect_, opened, false, judgement.place()->dialect}
      .check_credential();
}

net::Task<void> Exchange::serve(Judgement judgement) {
  Forwarding forwarding(door_, *snapshot_, client_, body_, judgement);
  const Outcome outcome = co_await forwarding.run();
  settle(outcome);
}

void Exchange::settle(Outcome outcome) {
  Counters& counters = door_.shared().counters;
  if (outcome == Outcome::client_gone) ++counters.hang_ups;
  if (outcome == Outcome::cut_short) ++counters.upstream_failures;
}

net::Task<void> Exchange::refuse(base::Error error, const core::Decision* decision) {
  if (error.code == Code::cancelled || client_.started()) co_return;
  ++door_.shared().counters.refused;
  if (wire::path_of(client_.head().target).starts_with("/basin/")) {
    const Page page = refusal(error);
    co_return co_await send_answer(client_, {page.status, page.type, page.body});
  }
  co_await send_error(client_, dialect_, std::move(error), decision);
}

net::Task<void> Exchange::turn_away(base::Error error) {
  if (!client_.started()) client_.close_after();
  co_await refuse(std::move(error));
}

std::string_view Exchange::readable() const { return body_.readable(); }

Access Exchange::access() const { return {snapshot_->serve}; }

Incoming Exchange::incoming(core::Endpoint endpoint) const {
  return {endpoint, client_.head(), readable(), door_.unix_ms(), door_.now_ms()};
}

}  // namespace basin::gateway
