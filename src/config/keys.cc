#include "config/keys.h"

#include <algorithm>

#include "core/effort.h"
#include "upstream/known_servers.h"

namespace basin::config {
namespace {

using Type = Key::Type;

constexpr double kMostMs = 3'600'000;  // an hour: nobody waits longer for a byte
constexpr std::size_t kMostTiers = 16;
constexpr std::size_t kMostUpstreams = 64;

constexpr std::string_view kModes[] = {"off", "shadow", "advise", "on"};
using core::Dialect;
constexpr std::string_view kDialects[] = {core::name_of(Dialect::anthropic), core::name_of(Dialect::openai_chat),
                                          core::name_of(Dialect::openai_responses)};
constexpr std::string_view kServices[] = {"side", "chat", "agent"};

template <class T, std::size_t N>
T chosen(const std::string_view (&names)[N], std::string_view name) {
  return static_cast<T>(std::find(std::begin(names), std::end(names), name) - std::begin(names));
}

std::vector<std::string> texts_of(const Node& list) {
  std::vector<std::string> out;
  for (const Node& item : list.items) out.push_back(item.text);
  return out;
}

template <class T, std::size_t N>
std::vector<T> all_chosen(const std::string_view (&names)[N], const Node& list) {
  std::vector<T> out;
  for (const Node& item : list.items) out.push_back(chosen<T>(names, item.text));
  return out;
}

upstream::TierOptions& tier(Draft& draft) { return draft.tiers.back().options; }
upstream::UpstreamOptions& upstream_of(Draft& draft) { return draft.upstreams.back().options; }

template <class T>
T whole(const Node& node) {
  return static_cast<T>(node.integer);
}

core::Effort effort_of(const Node& node) {
  if (node.kind == Node::Kind::text) return {node.text, 0};
  return {{}, whole<std::uint32_t>(node)};
}

constexpr Key kServer[] = {
    {.name = "host",
     .type = Type::text,
     .fallback = "\"127.0.0.1\"",
     .doc = "The address to listen on. Any address but a loopback one needs a token (BASIN_TOKEN or `token_file`).",
     .set = [](Draft& d, const Node& n) { d.config.server.host = n.text; }},
    {.name = "port",
     .type = Type::whole,
     .fallback = "4100",
     .least = 0,
     .most = 65535,
     .doc = "The port; 0 takes any free one.",
     .set = [](Draft& d, const Node& n) { d.config.server.port = whole<std::uint16_t>(n); }},
    {.name = "threads",
     .type = Type::whole,
     .fallback = "0",
     .least = 0,
     .most = 256,
     .doc = "Threads that serve; 0 is one per core, at most 4.",
     .set = [](Draft& d, const Node& n) { d.config.server.threads = whole<unsigned>(n); }},
    {.name = "token_file",
     .type = Type::text,
     .doc = "A file (mode 0600) that holds the token clients must send as `Authorization: Bearer` or `x-api-key`. "
            "BASIN_TOKEN comes first. Without a token, programs of the same user may use Basin on loopback, and nobody "
            "else.",
     .set = [](Draft& d, const Node& n) { d.token_file = n.text; }},
    {.name = "allowed_hosts",
     .type = Type::texts,
     .fallback = "[]",
     .doc = "Further names that may stand in a request's Host header, such as that of a proxy in front. Loopback names "
            "and the address itself are always allowed; everything else is refused, against DNS rebinding.",
     .set = [](Draft& d, const Node& n) { d.config.server.allowed_hosts = texts_of(n); }},
    {.name = "max_body_bytes",
     .type = Type::whole,
     .fallback = "33554432",
     .least = 1024,
     .most = 1u << 30,
     .doc = "The longest request body; the vendors themselves accept 32 MiB. Past it the answer is 413.",
     .set = [](Draft& d, const Node& n) { d.config.server.max_body_bytes = whole<std::size_t>(n); }},
    {.name = "max_connections",
     .type = Type::whole,
     .fallback = "10000",
     .least = 1,
     .most = 1'000'000,
     .doc = "Clients connected at once; further ones wait in the kernel's queue.",
     .set = [](Draft& d, const Node& n) { d.config.server.max_connections = whole<std::size_t>(n); }},
    {.name = "header_timeout_ms",
     .type = Type::whole,
     .fallback = "30000",
     .least = 100,
     .most = kMostMs,
     .doc = "How long a request's head may take from its first byte.",
     .set = [](Draft& d, const Node& n) { d.config.server.header_timeout_ms = whole<std::uint32_t>(n); }},
    {.name = "body_timeout_ms",
     .type = Type::whole,
     .fallback = "60000",
     .least = 100,
     .most = kMostMs,
     .doc = "How long a request's body may pause between two reads.",
     .set = [](Draft& d, const Node& n) { d.config.server.body_timeout_ms = whole<std::uint32_t>(n); }},
    {.name = "idle_timeout_ms",
     .type = Type::whole,
     .fallback = "300000",
     .least = 100,
     .most = kMostMs,
     .doc = "How long a connection is kept open without a request.",
     .set = [](Draft& d, const Node& n) { d.config.server.idle_timeout_ms = whole<std::uint32_t>(n); }},
};

constexpr Key kRouting[] = {
    {.name = "mode",
     .type = Type::word,
     .choices = kModes,
     .doc = "`off` passes everything through and counts; `shadow` decides, records and changes nothing; `advise` says "
            "so in a response header; `on` routes. Default: `on` once tiers are written, `shadow` before.",
     .set =
         [](Draft& d, const Node& n) {
           d.config.routing.mode = chosen<core::Mode>(kModes, n.text);
           d.mode_given = true;
         }},
    {.name = "target_risk",
     .type = Type::number,
     .fallback = "0.3",
     .least = 0,
     .most = 1,
     .doc = "The greatest probability of a wrong answer that nobody catches which may be taken to save money.",
     .set = [](Draft& d, const Node& n) { d.config.routing.target_risk = n.number; }},
    {.name = "value_of_time_usd_per_hour",
     .type = Type::number,
     .fallback = "20.0",
     .least = 0,
     .most = 100'000,
     .idle = true,
     .doc = "What an hour of waiting is worth. A slow small model is not cheap when somebody waits for it.",
     .set = [](Draft& d, const Node& n) { d.config.routing.value_of_time_usd_per_hour = n.number; }},
    {.name = "max_extra_wait_s",
     .type = Type::number,
     .fallback = "15.0",
     .least = 0,
     .most = 3600,
     .idle = true,
     .doc = "The longest extra wait, in seconds, that a cheaper tier may cost.",
     .set = [](Draft& d, const Node& n) { d.config.routing.max_extra_wait_s = n.number; }},
    {.name = "fallback",
     .type = Type::boolean,
     .fallback = "true",
     .doc =
         "What fails before its first byte is tried again, and then elsewhere: at the larger tiers, the smaller ones, "
         "and the client's own model. Requests that name a tier stay there. The record of a decision lists the "
         "attempts.",
     .set = [](Draft& d, const Node& n) { d.config.routing.fallback = n.boolean; }},
    {.name = "client_model_is_ceiling",
     .type = Type::boolean,
     .fallback = "true",
     .doc = "Never serve a dearer model than the one the client named.",
     .set = [](Draft& d, const Node& n) { d.config.routing.client_model_is_ceiling = n.boolean; }},
};

constexpr Key kTier[] = {
    {.name = "name",
     .type = Type::text,
     .required = true,
     .doc = "How the tier is called in `x-basin-tier`, in the alias `basin-NAME` and in every record: lower-case "
            "letters, digits, - and _.",
     .set = [](Draft& d, const Node& n) { tier(d).name = n.text; }},
    {.name = "upstream",
     .type = Type::text,
     .required = true,
     .doc =
         "The server that has the model: an [[upstream]], or one that need not be written down: a vendor's own, or a "
         "usual local server at its usual port.",
     .set = [](Draft& d, const Node& n) { tier(d).upstream = n.text; }},
    {.name = "model",
     .type = Type::text,
     .required = true,
     .doc = "The model's name as that server knows it.",
     .set = [](Draft& d, const Node& n) { tier(d).model = n.text; }},
    {.name = "effort",
     .type = Type::word_or_whole,
     .least = core::kLeastThinkingTokens,
     .most = 1'000'000,
     .choices = core::kEffortWords,
     .doc =
         "How hard the model shall think, where the client does not say: a word that the model takes, or a number of "
         "tokens for a model whose thinking has a budget. Two tiers may be one model with two efforts. Default: "
         "nothing is said.",
     .set = [](Draft& d, const Node& n) { tier(d).effort = effort_of(n); }},
    {.name = "serves",
     .type = Type::words,
     .choices = kServices,
     .doc = "What the tier may be used for: `side` requests (titles, probes, summaries for the client's own use), "
            "`chat` turns, `agent` turns with tools. Default: all three; a local model under about 14B parameters only "
            "side and chat.",
     .set = [](Draft& d, const Node& n) { tier(d).serves = all_chosen<upstream::Service>(kServices, n); }},
    {.name = "context",
     .type = Type::whole,
     .least = 512,
     .most = 100'000'000,
     .doc = "Tokens of context in force. Default: what a server of this machine says (`basin models` shows it); else "
            "the least "
            "that such a server has, 4096 for a local one and 128000 for a hosted one. A request that may need more is "
            "not "
            "sent there.",
     .set = [](Draft& d, const Node& n) { tier(d).context = whole<std::uint32_t>(n); }},
    {.name = "max_wait_s",
     .type = Type::number,
     .least = 0,
     .most = 3600,
     .doc = "How long a request may wait for a slot of its server, or for the model to be loaded, before it goes to "
            "another tier. Default: as long as it takes, up to the server's timeouts.",
     .set = [](Draft& d, const Node& n) { tier(d).max_wait_ms = static_cast<std::uint32_t>(n.number * 1000.0); }},
};

constexpr Key kUpstream[] = {
    {.name = "name",
     .type = Type::text,
     .required = true,
     .doc = "How tiers call it. A vendor's name replaces the built-in server of that vendor.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).name = n.text; }},
    {.name = "base_url",
     .type = Type::text,
     .required = true,
     .doc = "http:// or https://, host, port and perhaps a prefix; the client's path (/v1/...) is appended. Requests "
            "go to no host that is not written here, built in, or found on loopback.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).base_url = n.text; }},
    {.name = "dialects",
     .type = Type::words,
     .choices = kDialects,
     .doc = "What it speaks natively. A client of one of these is served byte for byte; for another its requests are "
            "translated into Messages or chat completions (docs/translation.md). Default: a server on this machine is "
            "asked when the file is read; every other must say it here.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).dialects = all_chosen<core::Dialect>(kDialects, n); }},
    {.name = "vendor",
     .type = Type::text,
     .doc = "The vendor whose clients' own keys it takes. Default: told from a vendor's own host name, else none.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).vendor = n.text; }},
    {.name = "key_env",
     .type = Type::text,
     .doc = "The environment variable that holds its key. Keys are never written in this file.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).key_env = n.text; }},
    {.name = "key_file",
     .type = Type::text,
     .doc = "A file (mode 0600) that holds its key; ~/ is your home folder. Give this or `key_env`.",
     .set = [](Draft& d, const Node& n) { d.upstreams.back().key_file = n.text; }},
    {.name = "client_key",
     .type = Type::boolean,
     .doc = "Forward the client's own key where we have none for this server. Default: yes for a `vendor` and for a "
            "loopback server that is written here, no for every other.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).client_key = n.boolean; }},
    {.name = "connect_timeout_ms",
     .type = Type::whole,
     .fallback = "10000",
     .least = 100,
     .most = kMostMs,
     .doc = "How long connecting may take, TLS included.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).connect_timeout_ms = whole<std::uint32_t>(n); }},
    {.name = "first_byte_timeout_ms",
     .type = Type::whole,
     .fallback = "600000",
     .least = 100,
     .most = kMostMs,
     .doc = "How long the answer's first byte may take: as long as the most patient client waits.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).first_byte_timeout_ms = whole<std::uint32_t>(n); }},
    {.name = "cold_start_timeout_ms",
     .type = Type::whole,
     .fallback = "300000",
     .least = 0,
     .most = kMostMs,
     .doc =
         "How long a server that says that it is loading its model is asked again before the request goes elsewhere.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).cold_start_timeout_ms = whole<std::uint32_t>(n); }},
    {.name = "slots",
     .type = Type::whole,
     .fallback = "0",
     .least = 0,
     .most = 10'000,
     .doc = "Requests it gets at once; further ones wait their turn here, in order. Default: as many as a local server "
            "says that it has; 0 is no limit.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).slots = whole<std::uint32_t>(n); }},
    {.name = "allow_subscription",
     .type = Type::boolean,
     .fallback = "false",
     .doc = "Pass a client's subscription login on to this vendor. WARNING: vendors' terms may forbid third-party "
            "software between their client and a subscription, and may close the account; an API key is the safe way. "
            "When on, the login is only forwarded with the request it came with: it stays in memory, and is never "
            "logged, stored, refreshed, or used for another client or another model's vendor.",
     .set = [](Draft& d, const Node& n) { upstream_of(d).allow_subscription = n.boolean; }},
};

constexpr Key kPrivacy[] = {
    {.name = "keep_text",
     .type = Type::boolean,
     .fallback = "false",
     .idle = true,
     .doc = "Write prompts' text to disk. Off, disk holds offsets, hashes and numbers only.",
     .set = [](Draft& d, const Node& n) { d.config.privacy.keep_text = n.boolean; }},
};

constexpr Key kDiscovery[] = {
    {.name = "enabled",
     .type = Type::boolean,
     .fallback = "true",
     .doc = "Look for local model servers at their usual loopback ports, and ask them and every [[upstream]] on this "
            "machine what their models are. Only servers of your own, of root or of a service user are used without "
            "being written here. Looking sends no prompt, and a key only to the [[upstream]] that it belongs to.",
     .set = [](Draft& d, const Node& n) { d.config.upstream.discover = n.boolean; }},
};

constexpr Table kTables[] = {
    {.name = "server", .doc = "Where Basin listens and what it accepts.", .keys = kServer},
    {.name = "routing", .doc = "How it decides.", .keys = kRouting},
    {.name = "tier",
     .repeated = true,
     .doc = "A model, with perhaps a thinking effort, to choose from: write at least two, cheapest first.",
     .keys = kTier,
     .begin =
         [](Draft& d, Place place) {
           d.tiers.push_back({{}, place});
         },
     .most = kMostTiers},
    {.name = "upstream",
     .repeated = true,
     .doc = "A server that has models.",
     .keys = kUpstream,
     .begin =
         [](Draft& d, Place place) {
           d.upstreams.push_back({{}, {}, place});
         },
     .most = kMostUpstreams},
    {.name = "privacy", .doc = "What may be kept.", .keys = kPrivacy},
    {.name = "discovery", .doc = "Local model servers.", .keys = kDiscovery},
};

constexpr std::string_view kSecretsElsewhere =
    "secrets do not belong in this file: name a variable (`key_env`) or a file of mode 0600 (`key_file`)";
constexpr RefusedKey kRefused[] = {
    {"key", kSecretsElsewhere},
    {"api_key", kSecretsElsewhere},
    {"token", "secrets do not belong in this file: set BASIN_TOKEN, or name a file of mode 0600 (`token_file`)"},
};

}  // namespace

std::span<const Table> tables() { return kTables; }
std::span<const RefusedKey> refused_keys() { return kRefused; }

}  // namespace basin::config
