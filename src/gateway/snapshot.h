// Everything that configuration says about serving, in one immutable piece. A reload makes another and swaps it whole;
// a request keeps the one it began with.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.h"
#include "ledger/price_table.h"
#include "net/options.h"
#include "route/options.h"
#include "upstream/catalogue.h"

namespace basin::gateway {

struct Snapshot {
  net::ServeOptions serve;  // address and threads are fixed at start; limits, names and token follow a reload
  upstream::Catalogue catalogue;
  route::Options routing;
  std::shared_ptr<const ledger::PriceTable> prices;
  std::string source;  // the configuration file, or "" when there is none
};

// Reads the configuration again, by the same path as at start. Any thread.
using SnapshotSource = std::function<base::Result<std::shared_ptr<const Snapshot>>()>;

}  // namespace basin::gateway
