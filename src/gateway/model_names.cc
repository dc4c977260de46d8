#include "gateway/model_names.h"

#include <fmt/format.h>

#include <algorithm>

namespace basin::gateway {
namespace {

void add(std::vector<wire::ListedModel>& models, wire::ListedModel model) {
  const bool known =
      std::any_of(models.begin(), models.end(), [&](const wire::ListedModel& m) { return m.id == model.id; });
  if (!known) models.push_back(std::move(model));
}

}  // namespace

std::vector<wire::ListedModel> model_names(const upstream::Catalogue& catalogue) {
  std::vector<wire::ListedModel> models;
  if (!catalogue.tiers().empty()) add(models, {"basin-auto", "Basin decides", "basin"});
  for (const upstream::Tier& tier : catalogue.tiers()) {
    add(models,
        {fmt::format("basin-{}", tier.name), fmt::format("Basin's tier {} ({})", tier.name, tier.model), "basin"});
  }
  for (const upstream::Tier& tier : catalogue.tiers()) add(models, {tier.model, "", catalogue.server_of(tier).name});
  for (const upstream::Server& server : catalogue.servers()) {
    for (const upstream::ServedModel& model : server.models) add(models, {model.name, "", server.name});
  }
  return models;
}

}  // namespace basin::gateway
