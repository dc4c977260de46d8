#include "gateway/placement.h"

#include <algorithm>

#include "upstream/model_name.h"
#include "wire/effort_edit.h"
#include "wire/read_request.h"
#include "wire/splice.h"
#include "wire/thinking_edits.h"
#include "wire/translate_request.h"
#include "wire/usage_chunk.h"

namespace basin::gateway {
namespace {

using core::Dialect;
using core::Endpoint;

wire::Target target_of(const Placement& placement) {
  wire::Target target;
  target.dialect = placement.dialect;
  target.model = placement.model;
  target.reasons = placement.dialect == Dialect::openai_chat && upstream::reasons_by_name(placement.model);
  target.at_vendor = placement.server->vendor == upstream::vendor_of(placement.dialect);
  return target;
}

// The tier's effort, where the client named none: said in the translated body, as it would be in a client's own.
base::Status add_effort(const Placement& placement, base::json::Document& scratch, std::string& body) {
  if (placement.setting == nullptr || !placement.setting->effort.given()) return base::ok_status();
  const Endpoint endpoint = placement.dialect == Dialect::anthropic ? Endpoint::messages : Endpoint::chat_completions;
  const auto request = wire::read_request(endpoint, body, scratch);
  if (!request.ok()) return request.error();
  const auto edit = wire::effort_edit(*request, scratch.root(), placement.setting->effort);
  if (edit) body.replace(edit->range.begin, edit->range.end - edit->range.begin, edit->replacement);
  return base::ok_status();
}

base::Result<Composed> translation(const core::Request& request, const Placement& placement,
                                   const Circumstances& circumstances, base::json::Document& scratch) {
  wire::Target target = target_of(placement);
  target.oldest_fields = circumstances.oldest_fields;
  auto translated = wire::translate_request(request.endpoint, request.body, scratch, target);
  if (!translated.ok()) return translated.error();
  Composed composed;
  composed.translated = true;
  composed.oldest_fields = circumstances.oldest_fields;
  composed.body = std::move(translated->body);
  composed.dropped = std::move(translated->dropped);
  composed.stream_usage = translated->stream_usage;
  composed.free_text_tools = std::move(translated->free_text_tools);
  if (circumstances.oldest_fields) return composed;
  if (auto added = add_effort(placement, scratch, composed.body); !added.ok()) return added.error();
  return composed;
}

// A server on this machine may cut a prompt without a word; its counts tell, and in a chat stream it counts only when
// it is asked to. A vendor's clients ask where they want to know.
bool asks_for_usage(const core::Request& request, const Placement& placement) {
  return request.dialect == Dialect::openai_chat && request.stream && placement.setting != nullptr &&
         placement.server->vendor.empty() && placement.server->url.loopback();
}

}  // namespace

std::optional<Dialect> spoken_at(const upstream::Server& server, Dialect dialect, Endpoint endpoint) {
  if (server.speaks(dialect)) return dialect;
  if (endpoint == Endpoint::embeddings) return std::nullopt;
  for (const Dialect other : {Dialect::openai_chat, Dialect::anthropic}) {
    if (server.speaks(other)) return other;
  }
  return std::nullopt;
}

base::Result<Composed> compose(const core::Request& request, const Placement& placement,
                               const Circumstances& circumstances, base::json::Document& scratch) {
  // Nobody is asked to count in another dialect: the count is reckoned here.
  if (placement.dialect != request.dialect && request.endpoint == Endpoint::count_tokens) return Composed();
  if (placement.dialect != request.dialect) return translation(request, placement, circumstances, scratch);
  Composed composed;
  const bool names_model = !request.model_value.empty();
  if (names_model && !placement.model.empty() && placement.model != request.model)
    composed.edits.push_back(wire::model_edit(request, placement.model));
  const bool effort = placement.setting != nullptr && placement.setting->effort.given();
  const bool usage = asks_for_usage(request, placement);
  // Who did not think before its call left a turn behind that another model would want to begin with thinking.
  const bool thinking = !circumstances.foreign.empty() || circumstances.moved;
  if (!thinking && !effort && !usage) return composed;

  if (auto parsed = scratch.parse(request.body); !parsed.ok()) return parsed.error();
  if (thinking) {
    for (core::Edit& edit : wire::thinking_edits(request, scratch.root(), circumstances.foreign))
      composed.edits.push_back(std::move(edit));
  }
  const auto add = [&composed](std::optional<core::Edit> edit) {
    if (edit) composed.edits.push_back(std::move(*edit));
    return edit.has_value();
  };
  if (effort) add(wire::effort_edit(request, scratch.root(), placement.setting->effort));
  if (usage) composed.usage_added = add(wire::include_usage_edit(request, scratch.root()));
  std::stable_sort(composed.edits.begin(), composed.edits.end(),
                   [](const core::Edit& a, const core::Edit& b) { return a.range.begin < b.range.begin; });
  return composed;
}

}  // namespace basin::gateway
