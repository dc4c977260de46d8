#include "config/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "base/nearest.h"
#include "config/config.h"
#include "config/secret_file.h"
#include "upstream/base_url.h"
#include "upstream/known_servers.h"

namespace basin::config {
namespace {

using upstream::TierOptions;
using upstream::UpstreamOptions;

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool plain_name(std::string_view name) {
  constexpr std::size_t kLongest = 64;  // it travels in a header
  return name.size() <= kLongest && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
         });
}

class Completion {
 public:
  Completion(Draft& draft, const Environment& environment, Complaints& complaints)
      : draft_(draft), environment_(environment), complaints_(complaints) {}

  void run() {
    token();
    for (Draft::UpstreamEntry& entry : draft_.upstreams) check_upstream(entry);
    vendors();
    for (const Draft::TierEntry& entry : draft_.tiers) check_tier(entry);
    check_tiers_together();
    if (!draft_.mode_given) draft_.config.routing.mode = draft_.tiers.empty() ? core::Mode::shadow : core::Mode::on;
  }

 private:
  void token() {
    net::ServeOptions& server = draft_.config.server;
    if (const auto given = environment_.get("BASIN_TOKEN")) {
      server.token = base::Secret(std::string(*given));
    } else if (!draft_.token_file.empty()) {
      auto secret = read_secret(expand_home(draft_.token_file, environment_));
      if (secret)
        server.token = std::move(*secret);
      else
        complain({}, "[server] token_file: " + secret.error().message);
    }
    if (const auto open = check_address(server); !open) complain({}, "[server] " + open.error().message);
  }

  void check_upstream(Draft::UpstreamEntry& entry) {
    UpstreamOptions& options = entry.options;
    if (!plain_name(options.name))
      complain(entry.place, "[[upstream]] name: lower-case letters, digits, - and _, at most 64");
    if (!options.name.empty() && !upstream_names_.insert(options.name).second) {
      complain(entry.place, fmt::format("a second [[upstream]] is named \"{}\"", options.name));
    }
    check_url(entry);
    if (!options.vendor.empty() && !contains(upstream::vendor_names(), options.vendor)) {
      complain(entry.place, fmt::format("[[upstream]] vendor: one of \"{}\" is wanted, or none{}",
                                        fmt::join(upstream::vendor_names(), "\", \""),
                                        base::did_you_mean(options.vendor, upstream::vendor_names())));
    }
    if (options.allow_subscription && options.vendor.empty()) {
      complain(entry.place, "`allow_subscription` needs a `vendor`: a login goes to its own vendor only");
    }
    check_dialects(entry);
    key(entry);
    draft_.config.upstream.upstreams.push_back(options);
  }

  void check_url(const Draft::UpstreamEntry& entry) {
    const std::string& url = entry.options.base_url;
    if (url.empty()) return;  // its absence was complained about
    const auto parsed = upstream::parse_base_url(url);
    if (!parsed) {
      complain(entry.place, "[[upstream]] " + parsed.error().message);
    } else if (parsed->host.starts_with("169.254.") || parsed->host.starts_with("fe80:")) {
      complain(entry.place, "[[upstream]] base_url: link-local addresses belong to the machine's own services");
    } else if (!parsed->tls && !parsed->loopback()) {
      warn(fmt::format("upstream \"{}\" is reached without TLS: prompts and keys travel readable", entry.options.name));
    } else if (parsed->loopback() && parsed->port == draft_.config.server.port) {
      complain(entry.place, "[[upstream]] base_url is Basin's own address: requests would go round in a circle");
    }
  }

  // A server elsewhere is not asked at each start what it speaks: that would send our key about for nothing.
  void check_dialects(const Draft::UpstreamEntry& entry) {
    const auto url = upstream::parse_base_url(entry.options.base_url);
    if (!entry.options.dialects.empty() || !url || url->loopback()) return;
    complain(entry.place,
             "[[upstream]] `dialects` is missing: say what it speaks, for instance [\"openai_chat\"]; only a "
             "server on this machine is asked");
  }

  void key(Draft::UpstreamEntry& entry) {
    UpstreamOptions& options = entry.options;
    if (!entry.key_file.empty() && !options.key_env.empty()) {
      complain(entry.place, "[[upstream]] has `key_env` and `key_file`: keep one");
    } else if (!entry.key_file.empty()) {
      auto secret = read_secret(expand_home(entry.key_file, environment_));
      if (secret)
        options.key = std::move(*secret);
      else
        complain(entry.place, "[[upstream]] key_file: " + secret.error().message);
    } else if (!options.key_env.empty()) {
      key_from_environment(options);
      if (options.key.empty()) {
        warn(fmt::format("upstream \"{}\": the variable {} is not set", options.name, options.key_env));
      }
    }
  }

  void key_from_environment(UpstreamOptions& options) const {
    if (const auto value = environment_.get(options.key_env)) options.key = base::Secret(std::string(*value));
  }

  // A vendor we have a key for is one of the servers, as if it had been written; without a key it is only for clients
  // that bring theirs, which upstream/ sees to.
  void vendors() {
    for (UpstreamOptions& server : upstream::vendor_servers()) {
      if (upstream_names_.contains(server.name)) continue;
      key_from_environment(server);
      if (!server.key.empty()) draft_.config.upstream.upstreams.push_back(std::move(server));
    }
  }

  std::vector<std::string_view> known_upstreams() const {
    std::vector<std::string_view> names(upstream_names_.begin(), upstream_names_.end());
    for (const std::string_view vendor : upstream::vendor_names()) names.push_back(vendor);
    for (const upstream::LocalServer& server : upstream::local_servers()) names.push_back(server.name);
    return names;
  }

  void check_tier(const Draft::TierEntry& entry) {
    const TierOptions& options = entry.options;
    if (!plain_name(options.name))
      complain(entry.place, "[[tier]] name: lower-case letters, digits, - and _, at most 64");
    if (!options.name.empty() && !tier_names_.insert(options.name).second) {
      complain(entry.place, fmt::format("a second [[tier]] is named \"{}\"", options.name));
    }
    const auto known = known_upstreams();
    if (!options.upstream.empty() && !contains(known, options.upstream)) {
      std::string hint = base::did_you_mean(options.upstream, known);
      if (hint.empty()) hint = fmt::format("; there are {}", fmt::join(known, ", "));
      complain(entry.place, fmt::format("[[tier]] upstream: there is no \"{}\"{}", options.upstream, hint));
    }
    draft_.config.upstream.tiers.push_back(options);
  }

  void check_tiers_together() {
    const auto& tiers = draft_.tiers;
    if (tiers.size() == 1)
      complain(tiers.front().place, "one [[tier]] leaves nothing to choose: write two or more, or none");
    std::set<std::tuple<std::string_view, std::string_view, std::string_view, std::uint32_t>> seen;
    for (const auto& [options, place] : tiers) {
      const core::Effort& effort = options.effort;
      if (options.model.empty()) continue;
      if (seen.emplace(options.upstream, options.model, effort.word, effort.tokens).second) continue;
      complain(place,
               fmt::format("[[tier]] \"{}\" is the same model with the same effort as an earlier one", options.name));
    }
    if (draft_.mode_given && draft_.config.routing.mode == core::Mode::on && tiers.empty()) {
      complain({}, "[routing] mode = \"on\" needs tiers to route to");
    }
  }

  void complain(Place place, const std::string& what) { complaints_.add(place, what); }
  void warn(std::string what) { draft_.config.warnings.push_back(std::move(what)); }

  Draft& draft_;
  const Environment& environment_;
  Complaints& complaints_;
  std::set<std::string, std::less<>> upstream_names_, tier_names_;
};

}  // namespace

void complete(Draft& draft, const Environment& environment, Complaints& complaints) {
  Completion(draft, environment, complaints).run();
}

}  // namespace basin::config
