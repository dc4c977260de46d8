// Everything that can be configured, as one value: made from a file and the environment, checked as a whole, swapped as
// a whole. A server reads it once at boot and once per reload, by load() and nothing else; `basin validate` calls the
// same function.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/environment.h"
#include "ledger/price_table.h"
#include "net/options.h"
#include "route/options.h"
#include "upstream/options.h"

namespace basin::config {

// Prompts are a person's own: nothing of them is written to disk, unless this says so.
struct Privacy {
  bool keep_text = false;
};

// The whole of it.
struct Config {
  net::ServeOptions server;
  route::Options routing;
  upstream::Options upstream;  // also holds the vendors we have a key for
  Privacy privacy;
  std::shared_ptr<const ledger::PriceTable> prices;

  std::string file;                   // where it came from; empty: no file, defaults and environment only
  std::vector<std::string> warnings;  // what works, but not as somebody may think; one sentence each
};

// Reads `path`; an empty path means BASIN_CONFIG, else the default place, where a missing file is no error.
// Errors: Code::configuration; the message has a line "FILE:LINE:COLUMN: what" for each thing wrong.
base::Result<Config> load(const std::string& path, const Environment& environment);

// An address that other machines reach needs a token. Whoever listens elsewhere than the file says asks again.
// Errors: Code::configuration.
base::Status check_address(const net::ServeOptions& server);

// As load(), of a text that is at hand. `file` is what messages call it.
base::Result<Config> parse(std::string_view text, std::string_view file, const Environment& environment);

}  // namespace basin::config
