// The names under which models can be asked for here: the aliases, the tiers' models, and what was discovered.
#pragma once

#include <vector>

#include "upstream/catalogue.h"
#include "wire/model_list.h"

namespace basin::gateway {

// Without tiers there are no aliases. Every name once, in that order.
std::vector<wire::ListedModel> model_names(const upstream::Catalogue& catalogue);

}  // namespace basin::gateway
