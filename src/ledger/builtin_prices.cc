#include "ledger/price_table.h"

extern "C" {
extern const char basin_builtin_prices_begin[];  // builtin_prices.S
extern const char basin_builtin_prices_end[];
}

namespace basin::ledger {

std::string_view builtin_prices_toml() { return {basin_builtin_prices_begin, basin_builtin_prices_end}; }

}  // namespace basin::ledger
