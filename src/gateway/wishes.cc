#include "gateway/wishes.h"

#include <fmt/format.h>

#include "base/nearest.h"

namespace basin::gateway {
namespace {

using base::Code;
using base::fail;
using route::Wish;

constexpr std::string_view kAliasPrefix = "basin-";

std::vector<std::string_view> tier_names(const upstream::Catalogue& catalogue) {
  std::vector<std::string_view> names{"auto"};
  for (const upstream::Tier& tier : catalogue.tiers()) names.push_back(tier.name);
  return names;
}

base::Error no_such_tier(std::string_view where, std::string_view name, const upstream::Catalogue& catalogue) {
  if (catalogue.tiers().empty()) {
    return fail(
        Code::invalid,
        fmt::format("{} names the tier \"{}\", and there are no tiers yet: write them with `basin init`", where, name));
  }
  const auto names = tier_names(catalogue);
  return fail(Code::invalid, fmt::format("{} names no tier: \"{}\"; there are: {}{}", where, name,
                                         fmt::join(names, ", "), base::did_you_mean(name, names)));
}

base::Status wish_for(std::string_view where, std::string_view name, const upstream::Catalogue& catalogue,
                      Wishes& wishes) {
  if (name == "auto") {
    wishes.wish = Wish::automatic;
    return base::ok_status();
  }
  const auto tier = catalogue.tier_named(name);
  if (!tier) return no_such_tier(where, name, catalogue);
  wishes.wish = Wish::tier;
  wishes.tier = *tier;
  return base::ok_status();
}

base::Result<std::optional<core::Mode>> mode_in(const net::RequestHead& head) {
  const auto field = head.find("x-basin-mode");
  if (!field) return std::optional<core::Mode>();
  for (const core::Mode mode : {core::Mode::off, core::Mode::shadow, core::Mode::advise, core::Mode::on}) {
    if (*field == core::name_of(mode)) return std::optional(mode);
  }
  return fail(Code::invalid, fmt::format("x-basin-mode is \"{}\"; it may be off, shadow, advise or on", *field));
}

}  // namespace

base::Result<bool> wants_local_only(const net::RequestHead& head) {
  const auto local = head.find("x-basin-local-only");
  if (!local || *local == "0") return false;
  if (*local == "1") return true;
  return fail(Code::invalid, fmt::format("x-basin-local-only is \"{}\"; it may be 1 or 0", *local));
}

base::Result<Wishes> read_wishes(const net::RequestHead& head, std::string_view model, bool agent,
                                 const upstream::Catalogue& catalogue) {
  Wishes wishes;
  auto mode = mode_in(head);
  if (!mode.ok()) return mode.error();
  wishes.mode = *mode;
  const auto local_only = wants_local_only(head);
  if (!local_only.ok()) return local_only.error();
  wishes.local_only = *local_only;
  const bool alias = model.substr(0, kAliasPrefix.size()) == kAliasPrefix;
  wishes.alias = alias;
  if (const auto field = head.find("x-basin-tier")) {
    if (auto wished = wish_for("x-basin-tier", *field, catalogue, wishes); !wished.ok()) return wished.error();
  } else if (alias) {
    if (auto wished = wish_for("model", model.substr(kAliasPrefix.size()), catalogue, wishes); !wished.ok())
      return wished.error();
  } else if (const auto tier = catalogue.tier_of_model(model)) {
    if (agent) {
      wishes.ceiling_tier = tier;
    } else {
      wishes.wish = Wish::named;
      wishes.tier = *tier;
    }
  }
  return wishes;
}

}  // namespace basin::gateway
