#include "gateway/weigh.h"

#include <algorithm>

#include "gateway/placement.h"
#include "upstream/ability.h"

namespace basin::gateway {
namespace {

using core::RequestClass;
using upstream::Service;

// A picture is cut into tiles whose number does not depend on its file's size: vendors name 85 to 1,600 tokens.
constexpr std::uint64_t kImageTokens = 1'600;
// An answer is reckoned with at least this many tokens, and with no more than this many unless the client asks for
// less: agents ask for 128,000 and take 500.
constexpr std::uint64_t kLeastAnswer = 64;
constexpr std::uint64_t kMostAnswer = 4'096;

// The estimate is a mean, and Python has up to a fourth more than the four bytes a token with which it begins
// (upstream/token_rates.cc). What does not fit after all may be cut without a word.
constexpr double kMargin = 1.25;

bool is_picture(const core::Part& part) { return part.kind == core::PartKind::image; }

// Dearer than the model the client named? Only where both prices are known, or both stand in the list of tiers.
bool under_ceiling(const Weighing& w, std::size_t tier, const std::optional<core::MicroUsd>& cost) {
  if (!w.snapshot.routing.client_model_is_ceiling || w.wishes.wish != route::Wish::none) return true;
  if (w.wishes.ceiling_tier) return tier <= *w.wishes.ceiling_tier;
  const auto named = w.snapshot.prices->cost(w.request.model, w.usage_at(w.request.model), w.unix_ms);
  return !named || !cost || *cost <= *named;
}

// Whether the model takes what the request holds. A model of which nobody says that it sees is not shown pictures; one
// of which nobody says that it has no tools gets them.
bool takes(const Weighing& w, const upstream::Takes& model) {
  const bool shows = std::any_of(w.request.parts.begin(), w.request.parts.end(), is_picture);
  if (shows && !model.vision.value_or(false)) return false;
  return w.service() != Service::agent || model.tools.value_or(true);
}

// What fits there: what the server told when a prompt was too long counts more than what it says of itself.
std::uint64_t context_at(const Weighing& w, const upstream::Tier& tier) {
  const upstream::Catalogue& catalogue = w.snapshot.catalogue;
  const auto told = w.shared.breaker.context_of({catalogue.server_of(tier).name, tier.model}, w.now_ms);
  return std::min<std::uint64_t>(catalogue.context_of(tier), told.value_or(UINT64_MAX));
}

route::Candidate candidate_of(const Weighing& w, const upstream::Tier& tier, const core::Usage& usage) {
  const upstream::Catalogue& catalogue = w.snapshot.catalogue;
  const upstream::Server& server = catalogue.server_of(tier);
  route::Candidate candidate{.name = tier.name};
  candidate.speaks = spoken_at(server, w.request.dialect, w.request.endpoint).has_value() &&
                     (!w.wishes.local_only || server.url.loopback());
  candidate.has_tools = !w.offers_vendor_tool() || server.vendor == upstream::vendor_of(w.request.dialect);
  candidate.takes = takes(w, catalogue.takes_of(tier));
  candidate.serves = tier.serves(w.service());
  const auto input = static_cast<std::uint64_t>(static_cast<double>(usage.input) * kMargin);
  candidate.fits = input + usage.output <= context_at(w, tier);
  candidate.odds = upstream::odds_over_reference(tier.model, catalogue.shape_of(tier), w.difficulty);
  return candidate;
}

}  // namespace

Service Weighing::service() const {
  if (prompt.cls == RequestClass::side || prompt.cls == RequestClass::probe) return Service::side;
  return prompt.tool_count > 0 ? Service::agent : Service::chat;
}

std::uint64_t text_bytes(const core::Request& request) {
  std::uint64_t body_bytes = request.body.size();
  for (const core::Part& part : request.parts) {
    if (is_picture(part)) body_bytes -= std::min<std::uint64_t>(body_bytes, part.bytes);
  }
  return body_bytes;
}

core::Usage Weighing::usage_at(std::string_view model) const {
  const auto pictures =
      static_cast<std::uint64_t>(std::count_if(request.parts.begin(), request.parts.end(), is_picture));
  core::Usage usage;
  const double tokens = shared.token_rates.estimate(model, text_bytes);
  usage.input = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(tokens) + pictures * kImageTokens);
  const double share = std::max(0.05, difficulty.delta_info);
  const auto answer = static_cast<std::uint64_t>(std::clamp(difficulty.delta_tokens / share, 0.0, 1e6));
  usage.output = std::clamp(answer, kLeastAnswer, kMostAnswer);
  if (request.max_output_tokens)
    usage.output = std::min(usage.output, std::max<std::uint64_t>(1, *request.max_output_tokens));
  return usage;
}

Weighed weigh(const Weighing& w) {
  Weighed weighed;
  const auto& tiers = w.snapshot.catalogue.tiers();
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const core::Usage usage = w.usage_at(tiers[i].model);
    const auto cost = w.snapshot.prices->cost(tiers[i].model, usage, w.unix_ms);
    weighed.candidates.push_back(candidate_of(w, tiers[i], usage));
    weighed.candidates.back().under_ceiling = under_ceiling(w, i, cost);
    weighed.costs.push_back(cost);
  }
  return weighed;
}

}  // namespace basin::gateway
