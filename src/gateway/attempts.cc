#include "gateway/attempts.h"

#include <fmt/format.h>

#include <algorithm>

namespace basin::gateway {
namespace {

using wire::Cause;
using Next = Step::Next;

Step elsewhere(const Tried& tried) { return {tried.others ? Next::elsewhere : Next::give_up}; }

// Once more at the same place, if that was not told otherwise and does not take long.
Step once_more(const wire::Failure& failure, const Tried& tried) {
  const std::int64_t pause = std::max(kPauseMs, failure.wait_ms.value_or(0));
  if (tried.times > 1 || !failure.again || pause > kLongestPauseMs) return elsewhere(tried);
  return {Next::again, pause};
}

core::Attempt attempt_at(const Placement& place, std::string_view cause, std::string why) {
  core::Attempt attempt;
  attempt.tier = place.tier;
  attempt.model = place.model;
  attempt.upstream = place.server->name;
  attempt.cause = cause;
  attempt.why = std::move(why);
  return attempt;
}

std::optional<upstream::Breaker::Closed> closed_at(const Judgement& judgement, const Placement& place, Door& door) {
  return door.shared().breaker.closed(judgement.health_of(place), door.now_ms());
}

// The thinking that would be refused there: another's; and what nobody signed, at a vendor that signs everything.
std::vector<wire::ThinkingBlock> foreign_at(const Judgement& judgement, Door& door) {
  std::vector<wire::ThinkingBlock> foreign;
  Provenance& provenance = door.shared().provenance;
  const upstream::Server& server = *judgement.server();
  const bool signs = server.vendor == upstream::vendor_of(judgement.decision.dialect);
  for (const wire::ThinkingBlock& block : judgement.thinking) {
    if (block.seal.kind == wire::ThinkingSeal::Kind::compaction) continue;
    const std::uint64_t names[] = {block.seal.fingerprint, block.seal.id_fingerprint};
    const auto origins = provenance.origins(names, judgement.maker(), door.now_ms());
    const auto is = [&](Origin origin) { return std::find(origins.begin(), origins.end(), origin) != origins.end(); };
    const bool unsigned_stranger = signs && !block.seal.sealed;
    if (!is(Origin::native) && (is(Origin::foreign) || unsigned_stranger)) foreign.push_back(block);
  }
  return foreign;
}

void write_down(Judgement& judgement) {
  core::Decision& decision = judgement.decision;
  const Placement& place = *judgement.place();
  decision.served_tier = place.tier;
  decision.served_model = place.model;
  decision.edits = judgement.composed.edits;
  decision.dropped = judgement.composed.dropped;
  if (judgement.at == 0) return;
  decision.rule = "fallback";
  decision.tip =
      fmt::format("tier {} would have served: {}", judgement.placements.front().tier, decision.attempts.front().why);
  // What the conversation goes on with is what answered.
  if (judgement.pin) judgement.pin->tier = place.tier;
  if (place.tier == "client") judgement.pin.reset();
}

}  // namespace

Step step_after(const wire::Failure& failure, const Tried& tried) {
  switch (failure.cause) {
    case Cause::none:
    case Cause::bad_request: return {};
    case Cause::bad_key:
    case Cause::no_credit: return tried.clients_key ? Step{} : elsewhere(tried);
    case Cause::limited:
    case Cause::overloaded:
    case Cause::server_error: return once_more(failure, tried);
    case Cause::loading:
      if (tried.waited_ms + kLoadingPauseMs <= tried.patience_ms) return {Next::again, kLoadingPauseMs};
      return elsewhere(tried);
    case Cause::too_long:
    case Cause::bad_model:
    case Cause::wall:
    case Cause::unreachable:
    // What may have been worked on is not sent there twice.
    case Cause::timeout:
    case Cause::cut: return elsewhere(tried);
  }
  return {};
}

base::Status take_place(Judgement& judgement, Door& door) {
  std::optional<base::Error> refused;
  for (; judgement.at < judgement.placements.size(); ++judgement.at) {
    const Placement& place = *judgement.place();
    if (judgement.may_move) {
      const auto closed = closed_at(judgement, place, door);
      if (closed && another_is_open(judgement, door)) {
        judgement.decision.attempts.push_back(attempt_at(place, wire::name_of(closed->cause), closed->why));
        continue;
      }
    }
    const bool moved = !judgement.last_tier.empty() && judgement.last_tier != place.tier;
    const auto foreign = foreign_at(judgement, door);
    auto composed = compose(judgement.request, place, {foreign, moved, door.shared().fussy.knows(place.server->name)},
                            door.workspace().document);
    if (composed.ok()) {
      judgement.composed = std::move(*composed);
      write_down(judgement);
      return base::ok_status();
    }
    judgement.decision.attempts.push_back(attempt_at(place, "unsupported", composed.error().message));
    if (!refused) refused = composed.error();
  }
  if (refused) return *refused;
  return base::ok_status();
}

bool another_is_open(const Judgement& judgement, Door& door) {
  for (std::size_t i = judgement.at + 1; i < judgement.placements.size(); ++i) {
    if (!closed_at(judgement, judgement.placements[i], door)) return true;
  }
  return false;
}

void note(Judgement& judgement, core::Attempt failed) {
  const Placement& place = *judgement.place();
  failed.tier = place.tier;
  failed.model = place.model;
  failed.upstream = place.server->name;
  judgement.decision.attempts.push_back(std::move(failed));
}

bool move_on(Judgement& judgement, Door& door, core::Attempt failed) {
  const std::size_t before = judgement.at;
  // A prompt that was too long here needs a longer context, not another model.
  const bool longer = failed.cause == wire::name_of(Cause::too_long);
  const std::uint32_t context = judgement.place()->context;
  note(judgement, std::move(failed));
  do {
    ++judgement.at;
  } while (longer && judgement.place() && judgement.place()->context != 0 && judgement.place()->context <= context);
  if (take_place(judgement, door).ok() && judgement.place()) return true;
  judgement.at = before;
  return false;
}

}  // namespace basin::gateway
