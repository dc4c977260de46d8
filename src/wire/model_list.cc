#include "wire/model_list.h"

#include <utility>

#include "base/json_writer.h"
#include "core/record.h"

namespace basin::wire {
namespace {

using base::json::Writer;

std::string anthropic_list(std::span<const ListedModel> models, std::int64_t created_s) {
  const std::string created = core::rfc3339(created_s * 1000);
  std::string out;
  Writer writer(out);
  writer.object().key("data").array();
  for (const ListedModel& model : models) {
    writer.object().field("type", "model").field("id", model.id);
    writer.field("display_name", model.display_name.empty() ? model.id : model.display_name);
    writer.field("created_at", created).end();
  }
  writer.end().field("has_more", false);
  for (const auto& [key, at_end] : {std::pair{"first_id", false}, std::pair{"last_id", true}}) {
    writer.key(key);
    if (models.empty()) {
      writer.null();
    } else {
      writer.value(at_end ? models.back().id : models.front().id);
    }
  }
  writer.end();
  return out;
}

std::string openai_list(std::span<const ListedModel> models, std::int64_t created_s) {
  std::string out;
  Writer writer(out);
  writer.object().field("object", "list").key("data").array();
  for (const ListedModel& model : models) {
    writer.object().field("id", model.id).field("object", "model").field("created", created_s);
    writer.field("owned_by", model.owner).end();
  }
  writer.end().end();
  return out;
}

}  // namespace

std::string model_list(core::Dialect dialect, std::span<const ListedModel> models, std::int64_t created_s) {
  return dialect == core::Dialect::anthropic ? anthropic_list(models, created_s) : openai_list(models, created_s);
}

}  // namespace basin::wire
