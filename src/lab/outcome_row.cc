#include "lab/outcome_row.h"

#include <algorithm>

namespace basin::lab {

using base::json::Kind;
using base::json::Value;

base::Result<std::optional<double>> loss_of(Value row) {
  const auto wrong = [](const char* what) { return base::fail(base::Code::invalid, what); };
  if (const Value ok = row.member("ok"); ok.present()) {
    const auto yes = ok.boolean();
    if (!yes) return wrong("\"ok\" must be true or false");
    return std::optional<double>(*yes ? 0 : 1);
  }
  if (const Value scores = row.member("scores"); scores.present()) {
    const auto small = scores.member("small").number(), large = scores.member("large").number();
    const auto fits = [](const std::optional<double>& score) { return score && *score >= 0 && *score <= 1; };
    if (!fits(small) || !fits(large)) return wrong("\"scores\" needs \"small\" and \"large\", each from 0 to 1");
    return std::optional<double>(std::max(0.0, *large - *small));
  }
  if (const Value tier = row.member("tier"); tier.present()) {
    const auto name = tier.string();
    if (!name || (*name != "small" && *name != "large")) return wrong("\"tier\" must be \"small\" or \"large\"");
    return std::optional<double>(*name == "large" ? 1 : 0);
  }
  return std::optional<double>();
}

}  // namespace basin::lab
