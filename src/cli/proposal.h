// Which tiers `basin init` proposes, from the servers that were found and the keys that are there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/reference.h"
#include "upstream/discovery.h"
#include "upstream/options.h"

namespace basin::cli {

// A model that could be a tier.
struct Candidate {
  std::string upstream;
  std::string model;
  std::vector<core::Dialect> dialects;
  bool near = false;    // on this machine
  bool ready = false;   // it runs, or we have its key; otherwise clients must bring their own
  double billions = 0;  // parameters, where its server or its name tells; 0: unknown
};

// Candidates for the two tiers.
struct Proposal {
  std::vector<Candidate> small, large;  // best first
};

// `options` as configuration gives them: upstreams with a key of ours are ready.
Proposal propose(const upstream::Options& options, const upstream::Discovery& discovery);

// Whether one client can be served by both: they share a dialect, and are not the same model.
bool go_together(const Candidate& small, const Candidate& large);

// The best two that are ready and go together; nothing when there are none.
std::optional<std::pair<Candidate, Candidate>> best_pair(const Proposal& proposal);

// Tiers "small" and "large" as they are written.
config::FileContents contents_for(const Candidate& small, const Candidate& large);

}  // namespace basin::cli
