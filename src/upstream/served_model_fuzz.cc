// Whatever a server says of its models, reading it neither fails nor makes a model that nobody could have: names are of
// bounded length, a list of bounded number, and the ability told from a shape stays within its bounds.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "upstream/ability.h"
#include "upstream/llamacpp.h"
#include "upstream/lmstudio.h"
#include "upstream/model_fields.h"
#include "upstream/model_listing.h"
#include "upstream/ollama.h"

namespace {

using namespace basin;

void require(bool holds) {
  if (!holds) std::abort();
}

void look_at(const upstream::ServedModel& model) {
  require(model.name.size() <= upstream::kLongestName);
  require(model.shape.name.size() <= upstream::kLongestName);
  require(!model.free_slots || *model.free_slots <= model.slots);
  core::Difficulty difficulty;
  difficulty.topology.fill(0);
  const auto odds = upstream::odds_over_reference(model.name, model.shape, difficulty);
  require(!odds || (*odds > 0.2 && *odds < 4.6));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view said(reinterpret_cast<const char*>(data), size);
  upstream::ServedModel model;
  model.name = "m";
  std::vector<upstream::ServedModel> models = {model};
  upstream::add_ollama_running(said, models);
  upstream::add_ollama_show(said, models.front());
  upstream::add_llamacpp_slots(said, model);
  if (upstream::is_llamacpp_props(said)) upstream::add_llamacpp_props(said, models.front());
  for (const auto& list : {upstream::ollama_tags(said), upstream::lmstudio_models(said),
                           upstream::lmstudio_models_v0(said), upstream::models_listed(said)}) {
    if (!list) continue;
    require(list->size() <= upstream::kListedModels);
    models.insert(models.end(), list->begin(), list->end());
  }
  for (const upstream::ServedModel& each : models) look_at(each);
  look_at(model);
  return 0;
}
