#include "config/config.h"

#include "config/check.h"
#include "config/complaints.h"
#include "config/keys.h"
#include "config/price_file.h"
#include "config/read_keys.h"
#include "config/toml.h"
#include "upstream/catalogue.h"

namespace basin::config {

base::Result<Config> parse(std::string_view text, std::string_view file, const Environment& environment) {
  const auto root = parse_toml(text, file);
  if (!root) return root.error();
  Draft draft;
  Complaints complaints(file);
  read_keys(*root, draft, complaints);
  complete(draft, environment, complaints);
  if (!complaints.none()) return complaints.error();
  // What a server does with it at boot: whatever fails there fails here.
  const auto catalogue = upstream::Catalogue::build(draft.config.upstream);
  if (!catalogue) return base::fail(base::Code::configuration, at(file, {}) + catalogue.error().message);
  auto prices = load_prices(environment);
  if (!prices) return prices.error();
  draft.config.prices = std::make_shared<const ledger::PriceTable>(std::move(*prices));
  return std::move(draft.config);
}

base::Result<Config> load(const std::string& path, const Environment& environment) {
  const bool named = !path.empty() || environment.get("BASIN_CONFIG").has_value();
  const std::string file = path.empty() ? environment.config_file() : path;
  auto text = read_file(file);
  if (!text && (named || text.error().code != base::Code::not_found)) {
    return base::fail(base::Code::configuration, text.error().message);
  }
  auto config = parse(text ? std::string_view(*text) : std::string_view(), file, environment);
  if (config && text) config->file = file;
  return config;
}

}  // namespace basin::config
