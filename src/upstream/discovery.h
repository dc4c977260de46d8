// Local model servers found at their usual loopback ports. Discovery sends no key and no prompt: it asks for the list
// of models, and posts an empty object to learn which dialects have a door at all.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "upstream/options.h"

namespace basin::upstream {

// One small request to a loopback URL. Empty where nobody answers.
struct Probe {
  int status = 0;
  std::string body;
};
using Prober =
    std::function<std::optional<Probe>(const std::string& method, const std::string& url, const std::string& body)>;

// What was found, and what was not taken.
struct Discovery {
  std::vector<UpstreamOptions> found;
  std::vector<std::string> passed_over;  // one sentence each: a server that is there, and why it is not used
};

// Adds to the options what is there: servers that listen, belong to somebody we trust and speak a dialect; and those
// that a tier names although they are not running now, so that they can be started later. A server that the options
// configure themselves is left alone. Blocks for as long as the prober takes.
Discovery discover(const Options& options, const Prober& prober);

// The prober that really asks, with half a second's patience for each answer.
Prober loopback_prober();

}  // namespace basin::upstream
