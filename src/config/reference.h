// What is written from the table of keys: docs/configuration.md, and the commented file of `basin init`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision.h"
#include "upstream/options.h"

namespace basin::config {

// docs/configuration.md, whole.
std::string reference_markdown();

// What a file is to say besides explaining itself.
struct FileContents {
  std::vector<upstream::TierOptions> tiers;
  std::vector<upstream::UpstreamOptions> upstreams;
  std::optional<core::Mode> mode;  // empty: left to the default
};

// A configuration with every key in it, each with its meaning, commented out but for the contents.
std::string commented_file(const FileContents& contents);

}  // namespace basin::config
