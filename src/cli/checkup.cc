#include "cli/checkup.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/nearest.h"
#include "gateway/placement.h"
#include "upstream/known_servers.h"
#include "upstream/model_listing.h"

namespace basin::cli {
namespace {

using core::Dialect;
using upstream::Server;
using upstream::Service;
using upstream::Tier;

constexpr Dialect kDialects[] = {Dialect::anthropic, Dialect::openai_chat, Dialect::openai_responses};

std::string url_of(const Server& server) {
  return fmt::format("{}://{}{}", server.url.tls ? "https" : "http", server.url.authority(), server.url.prefix);
}

void check_key(const Server& server, TierReport& report) {
  if (!server.key.empty()) {
    report.key = "ours";
  } else if (server.takes_client_key && !server.url.loopback()) {
    report.key = "client's";
    report.remarks.push_back("we have no key for it: only clients that bring one of its own are served");
  } else if (server.url.loopback()) {
    report.key = "none needed";
  } else {
    report.key = "missing";
    report.problems.push_back("no key: give [[upstream]] a `key_env` whose variable is set, or a `key_file`");
  }
}

// Whether the server's list has the model; an empty list tells nothing.
void check_listed(const std::vector<upstream::ServedModel>& models, TierReport& report) {
  std::vector<std::string_view> known;
  for (const upstream::ServedModel& model : models) known.push_back(model.name);
  if (models.empty() || std::find(known.begin(), known.end(), report.model) != known.end()) return;
  report.problems.push_back(
      fmt::format("the server has no \"{}\"{}", report.model, base::did_you_mean(report.model, known)));
}

std::string_view raise_of(const Server& server) {
  if (!server.url.loopback()) return {};
  return upstream::how_to_raise_context(server.kind, server.name, server.url.port);
}

void check_context(const Tier& tier, const Server& server, TierReport& report) {
  std::string how = "set `context` on the tier to what is in force";
  if (const std::string_view raise = raise_of(server); !raise.empty()) {
    how = fmt::format("{}, then {}", raise, how);
  }
  if (!report.context_known && server.url.loopback()) {
    report.remarks.push_back(fmt::format("its context is not known and counts as {} tokens: {}", report.context, how));
  }
  if (report.context_known && tier.serves(Service::agent) && report.context < kAgentFloor) {
    report.remarks.push_back(fmt::format("{} tokens of context are too few for agents, whose first request has {}: {}",
                                         report.context, kAgentFloor, how));
  }
}

void check_dialects(const gateway::Snapshot& snapshot, Checkup& checkup) {
  for (const Dialect dialect : kDialects) {
    std::vector<std::string_view> translated, silent;
    for (const Tier& tier : snapshot.catalogue.tiers()) {
      const auto spoken =
          gateway::spoken_at(snapshot.catalogue.server_of(tier), dialect, core::Endpoint::chat_completions);
      if (!spoken) silent.push_back(tier.name);
      if (spoken && *spoken != dialect) translated.push_back(tier.name);
    }
    if (!translated.empty()) {
      checkup.remarks.push_back(fmt::format("requests of clients that speak {} are translated for {}",
                                            core::name_of(dialect), fmt::join(translated, ", ")));
    }
    if (!silent.empty()) {
      checkup.remarks.push_back(
          fmt::format("clients that speak {} are not served by {}", core::name_of(dialect), fmt::join(silent, ", ")));
    }
  }
}

void judge_answer(const Server& server, const base::Result<net::FetchResponse>& answer, TierReport& report) {
  if (!answer) {
    report.reachable = false;
    report.problems.push_back("not reachable: " + answer.error().message);
    return;
  }
  if (answer->status == 401 || answer->status == 403) {
    if (!server.key.empty()) report.problems.push_back(fmt::format("it refuses our key (HTTP {})", answer->status));
    return;
  }
  if (answer->status == 200)
    return check_listed(upstream::models_listed(answer->body).value_or(std::vector<upstream::ServedModel>()), report);
  report.remarks.push_back(fmt::format("it answers, but lists no models (HTTP {})", answer->status));
}

}  // namespace

bool Checkup::valid() const {
  return std::all_of(tiers.begin(), tiers.end(), [](const TierReport& report) { return report.problems.empty(); });
}

bool Checkup::nobody_reachable() const {
  return !tiers.empty() &&
         std::none_of(tiers.begin(), tiers.end(), [](const TierReport& report) { return report.reachable; });
}

Checkup check_up(const gateway::Snapshot& snapshot, std::int64_t now_ms) {
  Checkup checkup;
  for (const Tier& tier : snapshot.catalogue.tiers()) {
    const Server& server = snapshot.catalogue.server_of(tier);
    TierReport report{.name = tier.name,
                      .model = tier.model,
                      .upstream = server.name,
                      .url = url_of(server),
                      .key = {},
                      .context = snapshot.catalogue.context_of(tier),
                      .context_known = snapshot.catalogue.context_from(tier) != upstream::ContextFrom::nothing,
                      .priced = snapshot.prices != nullptr && snapshot.prices->find(tier.model, now_ms) != nullptr,
                      .problems = {},
                      .remarks = {}};
    check_key(server, report);
    if (server.silent || (server.discovered && server.models.empty())) {
      report.reachable = false;
      report.problems.push_back("no server answers there: start it, or name another upstream");
    }
    check_listed(server.models, report);
    check_context(tier, server, report);
    if (!report.priced && !server.url.loopback()) {
      report.remarks.push_back("its price is not known: add it to prices.toml, or its cost stays unknown");
    }
    checkup.tiers.push_back(std::move(report));
  }
  check_dialects(snapshot, checkup);
  return checkup;
}

void check_online(const gateway::Snapshot& snapshot, const Asker& ask, Checkup& checkup) {
  const auto& tiers = snapshot.catalogue.tiers();
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const Server& server = snapshot.catalogue.server_of(tiers[i]);
    if (server.discovered) continue;  // was asked when it was found
    judge_answer(server, ask(upstream::models_request(server)), checkup.tiers[i]);
  }
}

}  // namespace basin::cli
