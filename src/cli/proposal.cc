// A small tier wants a model that is good at rewriting what it is given, and quick: among local ones the nearest to 8B
// parameters. A large tier wants the most capable one: a vendor's, else the largest local one past what a laptop's
// everyday model has.
#include "cli/proposal.h"

#include <algorithm>
#include <cmath>

#include "upstream/known_servers.h"
#include "upstream/model_name.h"

namespace basin::cli {
namespace {

constexpr double kBestSmall = 8;     // billions of parameters; the reference pair's small model has 3 to 8
constexpr double kLeastSmall = 1.5;  // below this, answers are too often wrong to be cheap
constexpr double kMostSmall = 15;
constexpr double kLeastLarge = 24;

void add_near(const upstream::UpstreamOptions& server, Proposal& proposal) {
  for (const upstream::ServedModel& model : server.models) {
    if (model.embeds || model.name.find("embed") != std::string::npos) continue;  // they answer with vectors
    if (model.elsewhere) continue;  // it is not on this machine, and whose it is and what it costs is not known
    const double told = static_cast<double>(model.shape.parameters) / 1e9;
    const double billions = told > 0 ? told : upstream::billions_in_name(model.name).value_or(0);
    const Candidate candidate{server.name, model.name, server.dialects, true, true, billions};
    if (billions >= kLeastSmall && billions <= kMostSmall) proposal.small.push_back(candidate);
    if (billions >= kLeastLarge) proposal.large.push_back(candidate);
  }
}

void add_vendor(const upstream::UpstreamOptions& server, bool ready, Proposal& proposal) {
  const upstream::StarterModels* models = upstream::starter_models(server.vendor);
  if (models == nullptr) return;
  proposal.small.push_back({server.name, std::string(models->small), server.dialects, false, ready, 0});
  proposal.large.push_back({server.name, std::string(models->large), server.dialects, false, ready, 0});
}

}  // namespace

Proposal propose(const upstream::Options& options, const upstream::Discovery& discovery) {
  Proposal proposal;
  for (const auto& server : discovery.found) add_near(server, proposal);
  for (const auto& server : upstream::vendor_servers()) {
    const auto configured = std::find_if(options.upstreams.begin(), options.upstreams.end(),
                                         [&](const auto& each) { return each.name == server.name; });
    const bool ready = configured != options.upstreams.end() && !configured->key.empty();
    add_vendor(server, ready, proposal);
  }
  std::stable_sort(proposal.small.begin(), proposal.small.end(), [](const Candidate& a, const Candidate& b) {
    if (a.ready != b.ready || a.near != b.near) return std::pair(a.ready, a.near) > std::pair(b.ready, b.near);
    return a.near && std::abs(a.billions - kBestSmall) < std::abs(b.billions - kBestSmall);
  });
  std::stable_sort(proposal.large.begin(), proposal.large.end(), [](const Candidate& a, const Candidate& b) {
    if (a.ready != b.ready || a.near != b.near) return std::pair(a.ready, !a.near) > std::pair(b.ready, !b.near);
    return a.near && a.billions > b.billions;
  });
  return proposal;
}

bool go_together(const Candidate& small, const Candidate& large) {
  if (small.upstream == large.upstream && small.model == large.model) return false;
  return std::any_of(small.dialects.begin(), small.dialects.end(), [&](core::Dialect dialect) {
    return std::find(large.dialects.begin(), large.dialects.end(), dialect) != large.dialects.end();
  });
}

std::optional<std::pair<Candidate, Candidate>> best_pair(const Proposal& proposal) {
  for (const Candidate& large : proposal.large) {
    for (const Candidate& small : proposal.small) {
      if (small.ready && large.ready && go_together(small, large)) return std::pair(small, large);
    }
  }
  return std::nullopt;
}

config::FileContents contents_for(const Candidate& small, const Candidate& large) {
  const auto tier = [](const char* name, const Candidate& from) {
    upstream::TierOptions options;
    options.name = name;
    options.upstream = from.upstream;
    options.model = from.model;
    return options;
  };
  return {.tiers = {tier("small", small), tier("large", large)}, .upstreams = {}, .mode = std::nullopt};
}

}  // namespace basin::cli
