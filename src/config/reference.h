// What is written from the table of keys: docs/configuration.md, and the commented file of `basin init`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "upstream/options.h"

namespace basin::config {

// docs/configuration.md, whole.
std::string reference_markdown();

// A configuration with every key in it, commented out where it is the default, each with its meaning. `tiers` and
// `upstreams` are written out; with no tiers an example stands in their place, commented out.
std::string commented_file(const std::vector<upstream::TierOptions>& tiers,
                           const std::vector<upstream::UpstreamOptions>& upstreams);

}  // namespace basin::config
