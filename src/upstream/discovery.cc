#include "upstream/discovery.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "net/fetch.h"
#include "upstream/base_url.h"
#include "upstream/doors.h"
#include "upstream/inspection.h"
#include "upstream/known_servers.h"
#include "upstream/listener_owner.h"
#include "upstream/served_file.h"

namespace basin::upstream {
namespace {

using Answer = Inspection::Answer;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr std::uint32_t kPatienceMs = 500;
// Models whose files are looked at; a router of llama.cpp's may list a folder of hundreds.
constexpr std::size_t kFilesRead = 16;

bool named_by_a_tier(const Options& options, std::string_view name) {
  return std::any_of(options.tiers.begin(), options.tiers.end(),
                     [&](const TierOptions& t) { return t.upstream == name; });
}

// By name, or because the file gives the same port another name.
bool configured(const Options& options, const LocalServer& server) {
  return std::any_of(options.upstreams.begin(), options.upstreams.end(), [&](const UpstreamOptions& u) {
    const auto url = parse_base_url(u.base_url);
    return u.name == server.name || (url.ok() && url->loopback() && url->port == server.port);
  });
}

// Whether discovery has business there at all.
bool worth_a_look(const Options& options, const LocalServer& server) {
  if (configured(options, server) || server.port == options.own_port) return false;
  return options.discover || named_by_a_tier(options, server.name);
}

// Whose port it is, is asked only where somebody answers: the kernel walks all its sockets for it.
bool belongs_to_a_stranger(const LocalServer& server, Discovery& discovery) {
  const auto owner = listener_owner(server.port);
  if (!owner || is_trusted_owner(*owner, ::getuid())) return false;
  discovery.remarks.push_back(fmt::format("port {} ({}) belongs to user {}: to use it, write it as an [[upstream]]",
                                          server.port, server.name, *owner));
  return true;
}

std::vector<std::string> models_wanted_of(const Options& options, std::string_view server) {
  std::vector<std::string> models;
  for (const TierOptions& tier : options.tiers) {
    if (tier.upstream == server) models.push_back(tier.model);
  }
  return models;
}

void keep(Inspection&& said, UpstreamOptions& server, std::uint16_t port, Discovery& discovery) {
  server.kind = said.kind;
  server.models = std::move(said.models);
  std::size_t files = 0;
  for (ServedModel& model : server.models) {
    if (!model.weights_path.empty() && files++ < kFilesRead) add_from_files(model);
  }
  server.silent = said.answer == Answer::nobody;
  if (said.answer == Answer::nobody) discovery.awaited.closed.push_back(port);
  if (said.answer == Answer::loading) discovery.awaited.loading.push_back(std::move(said.unready));
}

void look_at(const LocalServer& server, const Options& options, const Prober& prober, Discovery& discovery) {
  UpstreamOptions found = server.options();
  found.discovered = true;
  Inspection said =
      inspect({.base_url = found.base_url, .fields = {}, .wanted = models_wanted_of(options, server.name)}, prober);
  const Answer answer = said.answer;
  if (answer != Answer::nobody && belongs_to_a_stranger(server, discovery)) return;
  keep(std::move(said), found, server.port, discovery);
  bool used = named_by_a_tier(options, server.name);
  if (answer == Answer::models) {
    const Doors doors = doors_of(found.base_url, {}, prober);
    found.dialects = doors.open;
    used = !doors.open.empty();
    if (!used && doors.locked) {
      discovery.remarks.push_back(
          fmt::format("{} at port {} wants a key: to use it, write it as an [[upstream]] with `key_env` or `key_file`",
                      server.name, server.port));
    }
  }
  if (used) discovery.found.push_back(std::move(found));
}

// A key goes as either kind of server wants it: which kind this one is, is just being asked.
Fields key_fields(const base::Secret& key) {
  if (key.empty()) return {};
  const std::string text(key.reveal());
  return {{"x-api-key", text}, {"Authorization", "Bearer " + text}};
}

// As the requests that follow will be addressed: without "/v1", which clients bring.
std::string address_of(const BaseUrl& url) {
  return fmt::format("{}://{}{}", url.tls ? "https" : "http", url.authority(), url.prefix);
}

base::Status learn_dialects(UpstreamOptions& server, const std::string& address, Answer answer, const Prober& prober,
                            Discovery& discovery) {
  if (answer == Answer::nobody || answer == Answer::loading) {
    server.dialects = {core::Dialect::openai_chat};
    discovery.remarks.push_back(fmt::format(
        "upstream \"{}\" {}: until it is asked again, at the next reload, it counts as speaking openai_chat",
        server.name, answer == Answer::nobody ? "does not answer" : "is not ready yet"));
    return base::ok_status();
  }
  const Doors doors = doors_of(address, key_fields(server.key), prober);
  server.dialects = doors.open;
  if (!doors.open.empty()) return base::ok_status();
  return base::fail(
      base::Code::configuration,
      fmt::format("[[upstream]] \"{}\": dialects is left out, and {} {}", server.name, address,
                  doors.locked ? "wants a key, or another one, before it says what it speaks: give it `key_env` or "
                                 "`key_file`, or write `dialects`"
                               : "answers at none of /v1/messages, /v1/chat/completions and /v1/responses: is "
                                 "`base_url` right? Else write `dialects`"));
}

}  // namespace

Discovery discover(const Options& options, const Prober& prober) {
  Discovery discovery;
  for (const LocalServer& server : local_servers()) {
    if (worth_a_look(options, server)) look_at(server, options, prober, discovery);
  }
  return discovery;
}

base::Status ask_configured(Options& options, const Prober& prober, Discovery& discovery) {
  for (UpstreamOptions& server : options.upstreams) {
    const bool untold = server.dialects.empty();
    const auto url = parse_base_url(server.base_url);
    if (!url.ok() || !url->loopback() || !(options.discover || untold)) continue;
    const std::string address = address_of(*url);
    Inspection said = inspect(
        {.base_url = address, .fields = key_fields(server.key), .wanted = models_wanted_of(options, server.name)},
        prober);
    const Answer answer = said.answer;
    keep(std::move(said), server, url->port, discovery);
    if (!untold) continue;
    if (auto learned = learn_dialects(server, address, answer, prober, discovery); !learned.ok()) return learned;
  }
  return base::ok_status();
}

Prober loopback_prober() {
  return [](const Question& question) -> std::optional<Probe> {
    net::FetchRequest request;
    request.method = question.method;
    request.url = question.url;
    request.body = question.body;
    request.fields = question.fields;
    request.timeout_ms = kPatienceMs;
    if (!question.body.empty()) request.fields.emplace_back("content-type", "application/json");
    auto response = net::blocking_fetch(std::move(request));
    if (!response.ok()) return std::nullopt;
    return Probe{response->status, std::move(response->body)};
  };
}

}  // namespace basin::upstream
