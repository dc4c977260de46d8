#include "gateway/status.h"

#include <fmt/format.h>
#include <unistd.h>

#include "base/json_writer.h"

namespace basin::gateway {
namespace {

using base::json::Writer;
using upstream::Service;

void add_tiers(Writer& w, const upstream::Catalogue& catalogue) {
  w.key("tiers").array();
  for (const upstream::Tier& tier : catalogue.tiers()) {
    w.object().field("name", tier.name).field("model", tier.model).field("upstream", catalogue.server_of(tier).name);
    w.field("context", catalogue.context_of(tier))
        .field("context_known", catalogue.context_from(tier) != upstream::ContextFrom::nothing)
        .key("serves")
        .array();
    if (tier.serves(Service::side)) w.value("side");
    if (tier.serves(Service::chat)) w.value("chat");
    if (tier.serves(Service::agent)) w.value("agent");
    w.end().end();
  }
  w.end();
}

// What is known of the servers' state now.
struct Health {
  std::vector<upstream::Breaker::Row> breaker;
  std::vector<Slots::Row> slots;
  std::int64_t now_ms = 0;
};

// What stands in the way of a server's models, and the contexts that it told when a prompt was too long.
void add_closed(Writer& w, const std::string& server, const Health& health) {
  w.key("closed").array();
  for (const upstream::Breaker::Row& row : health.breaker) {
    if (row.server != server) continue;
    w.object().field("model", row.model);
    if (row.closed) {
      w.field("cause", wire::name_of(row.closed->cause)).field("for_ms", row.closed->until_ms - health.now_ms);
      w.field("failures", row.failures);
    }
    if (row.context) w.field("context", *row.context);
    w.end();
  }
  w.end();
}

void add_slots(Writer& w, const upstream::Server& server, const Health& health) {
  const auto row = std::find_if(health.slots.begin(), health.slots.end(),
                                [&](const Slots::Row& r) { return r.server == server.name; });
  const bool used = row != health.slots.end();
  w.key("slots").object().field("limit", server.slots).field("used", used ? row->busy : 0);
  w.field("waiting", used ? row->waiting : 0).field("turned_away", used ? row->turned_away : 0);
  if (used && row->wait_ms) w.field("wait_ms", *row->wait_ms);
  w.end();
}

void add_upstreams(Writer& w, const upstream::Catalogue& catalogue, const Health& health) {
  w.key("upstreams").array();
  for (const upstream::Server& server : catalogue.servers()) {
    w.object()
        .field("name", server.name)
        .field("url",
               fmt::format("{}://{}{}", server.url.tls ? "https" : "http", server.url.authority(), server.url.prefix));
    w.key("dialects").array();
    for (const core::Dialect dialect : server.dialects) w.value(core::name_of(dialect));
    w.end().field("key", !server.key.empty()).field("client_key", server.takes_client_key);
    w.field("kind", name_of(server.kind)).field("discovered", server.discovered).key("models").array();
    for (const upstream::ServedModel& model : server.models) w.value(model.name);
    w.end();
    add_closed(w, server.name, health);
    add_slots(w, server, health);
    w.end();
  }
  w.end();
}

void add_counts(Writer& w, Shared& shared) {
  const Decisions::Totals totals = shared.decisions.totals();
  w.key("counts")
      .object()
      .field("requests", shared.counters.requests.load())
      .field("refused", shared.counters.refused.load());
  w.field("upstream_failures", shared.counters.upstream_failures.load())
      .field("hang_ups", shared.counters.hang_ups.load());
  w.field("second_stage_read", shared.readings.read_count());
  w.field("second_stage_skipped", shared.readings.skipped_count());
  w.field("reloads", shared.counters.reloads.load()).field("sessions", shared.sessions.size());
  w.field("decisions", totals.decided).key("actions").object();
  for (const core::Action action : {core::Action::small, core::Action::verify, core::Action::large}) {
    w.field(core::name_of(action), totals.by_action[static_cast<std::size_t>(action)]);
  }
  w.end().end();
}

}  // namespace

std::string status_json(Door& door, const Snapshot& snapshot, std::int64_t unix_ms) {
  Shared& shared = door.shared();
  std::string out;
  Writer w(out);
  w.object().field("schema", "basin.status/1").field("version", shared.version).field("pid", ::getpid());
  w.field("time", core::rfc3339(unix_ms)).field("started", core::rfc3339(shared.started_ms));
  w.field("mode", core::name_of(snapshot.routing.mode)).field("configuration", snapshot.source);
  add_tiers(w, snapshot.catalogue);
  add_upstreams(w, snapshot.catalogue, Health{shared.breaker.rows(door.now_ms()), shared.slots.rows(), door.now_ms()});
  add_counts(w, shared);
  w.key("engine").object().field("version", shared.version).field("weights_sha256", shared.model->sha256()).end().end();
  return out;
}

std::string metrics_text(Door& door) {
  Shared& shared = door.shared();
  const Decisions::Totals totals = shared.decisions.totals();
  std::string out;
  const auto counter = [&out](std::string_view name, std::string_view help, std::uint64_t value) {
    out += fmt::format("# HELP {0} {1}\n# TYPE {0} counter\n{0} {2}\n", name, help, value);
  };
  counter("basin_requests_total", "Requests received.", shared.counters.requests);
  counter("basin_refused_total", "Requests that Basin answered with an error of its own.", shared.counters.refused);
  counter("basin_upstream_failures_total", "Answers that an upstream failed to give or to finish.",
          shared.counters.upstream_failures);
  counter("basin_hang_ups_total", "Clients that left before their answer was whole.", shared.counters.hang_ups);
  counter("basin_second_stage_read_total", "Asks read by the second stage.", shared.readings.read_count());
  counter("basin_second_stage_skipped_total", "Asks that it was too busy to read.", shared.readings.skipped_count());
  counter("basin_reloads_total", "Configurations taken since the start.", shared.counters.reloads);
  out += "# HELP basin_decisions_total Decisions by action.\n# TYPE basin_decisions_total counter\n";
  for (const core::Action action : {core::Action::small, core::Action::verify, core::Action::large}) {
    out += fmt::format("basin_decisions_total{{action=\"{}\"}} {}\n", core::name_of(action),
                       totals.by_action[static_cast<std::size_t>(action)]);
  }
  out += fmt::format(
      "# HELP basin_sessions Branches of conversations with a pin.\n# TYPE basin_sessions gauge\nbasin_sessions {}\n",
      shared.sessions.size());
  return out;
}

}  // namespace basin::gateway
