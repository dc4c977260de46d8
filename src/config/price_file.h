// prices.toml -> ledger::PriceTable.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "config/environment.h"
#include "ledger/price_table.h"

namespace basin::config {

// The rows of a price list. Errors: Code::configuration with a line "FILE:LINE:COLUMN: what" for each thing wrong.
base::Result<std::vector<ledger::PriceRow>> parse_prices(std::string_view text, std::string_view file);

// The built-in prices, overridden by config_dir()/prices.toml where it exists.
base::Result<ledger::PriceTable> load_prices(const Environment& environment);

}  // namespace basin::config
