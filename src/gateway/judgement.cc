#include "gateway/judgement.h"

#include <fmt/format.h>

#include "base/fingerprint.h"

namespace basin::gateway {

upstream::Place Judgement::health_of(const Placement& where) const {
  const bool ours = !where.server->key.empty() || credential == 0;
  return {where.server->name, where.model, ours ? std::string() : fmt::format("{:016x}", credential)};
}

Maker Judgement::maker() const {
  Maker maker{place()->server->name, place()->model, 0};
  // Encrypted reasoning is bound to the account, too.
  if (place()->dialect == core::Dialect::openai_responses)
    maker.credential = place()->server->key.empty() ? credential : base::fingerprint(place()->server->key.reveal());
  return maker;
}

}  // namespace basin::gateway
