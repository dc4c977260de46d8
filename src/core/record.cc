#include "core/record.h"

#include <cstdio>

#include "base/json_writer.h"

namespace basin::core {
namespace {

using base::json::Writer;

void add_contributions(Writer& w, std::string_view name, const std::vector<Contribution>& parts) {
  w.key(name).array();
  for (const Contribution& part : parts) w.object().field("name", part.name).field("value", part.value).end();
  w.end();
}

void add_difficulty(Writer& w, const Difficulty& d) {
  w.field("p_small_ok", d.p_small_ok).field("difficulty", d.difficulty).field("delta_info", d.delta_info);
  w.field("delta_tokens", d.delta_tokens).field("depth", d.depth).field("stage", std::uint64_t{d.stage});
  w.key("topology").object();
  for (std::size_t i = 0; i < kTopologies; ++i) w.field(name_of(static_cast<Topology>(i)), d.topology[i]);
  w.end();
}

void add_ask(Writer& w, const Decision& decision) {
  w.key("ask").object().field("text", decision.ask).key("spans").array();
  for (const TextSpan& span : decision.ask_spans) {
    w.object().field("message", span.message).field("block", span.block);
    w.field("start", span.start).field("end", span.end).end();
  }
  w.end().end();
}

void add_chances(Writer& w, const std::vector<TierChance>& chances) {
  w.key("p_ok").object();
  for (const TierChance& chance : chances) {
    w.key(chance.tier).object().field("p", chance.p).field("low", chance.low).field("high", chance.high);
    w.field("n", chance.n).end();
  }
  w.end();
}

void add_prices(Writer& w, const std::vector<TierPrice>& prices) {
  w.key("prices").object();
  for (const TierPrice& price : prices) {
    w.key(price.tier).object().key("expected_micro_usd");
    if (price.expected)
      w.value(price.expected->value);
    else
      w.null();
    w.end();
  }
  w.end();
}

void add_edits(Writer& w, const std::vector<Edit>& edits) {
  w.key("edits").array();
  for (const Edit& edit : edits) {
    w.object().field("what", edit.what).field("start", edit.range.begin).field("end", edit.range.end).end();
  }
  w.end();
}

void add_attempts(Writer& w, const Decision& decision) {
  w.key("dropped").array();
  for (const std::string& field : decision.dropped) w.value(field);
  w.end().key("attempts").array();
  for (const Attempt& attempt : decision.attempts) {
    w.object().field("tier", attempt.tier).field("model", attempt.model).field("upstream", attempt.upstream);
    if (attempt.status != 0) w.field("status", attempt.status);
    w.field("cause", attempt.cause).field("why", attempt.why).field("wait_ms", attempt.wait_ms).end();
  }
  w.end();
}

}  // namespace

std::string rfc3339(std::int64_t unix_ms) {
  // Days since 1970 to a civil date (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
  std::int64_t days = unix_ms / 86'400'000;
  std::int64_t rest = unix_ms % 86'400'000;
  if (rest < 0) {
    rest += 86'400'000;
    --days;
  }
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t mp = (5 * day_of_year + 2) / 153;
  const std::int64_t day = day_of_year - (153 * mp + 2) / 5 + 1;
  const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  const auto clock = static_cast<long>(rest);
  char text[40];
  const int n = std::snprintf(text, sizeof text, "%04ld-%02ld-%02ldT%02ld:%02ld:%02ld.%03ldZ", static_cast<long>(year),
                              static_cast<long>(month), static_cast<long>(day), clock / 3'600'000, clock / 60'000 % 60,
                              clock / 1000 % 60, clock % 1000);
  return std::string(text, static_cast<std::size_t>(n));
}

void append_record(std::string& out, const Decision& decision, const EngineStamp& engine) {
  Writer w(out);
  w.object().field("schema", "basin.decision/1").field("id", decision.id).key("time");
  if (decision.time_ms != 0)
    w.value(rfc3339(decision.time_ms));
  else
    w.null();  // decided where there is no clock
  w.field("mode", name_of(decision.mode)).field("class", name_of(decision.cls)).field("session", decision.session);
  w.field("branch", decision.branch).field("turn", decision.turn).field("action", name_of(decision.action));
  w.field("tier", decision.tier).field("model", decision.model);
  w.key("served").object().field("tier", decision.served_tier).field("model", decision.served_model).end();
  add_difficulty(w, decision.difficulty);
  add_chances(w, decision.p_ok);
  add_ask(w, decision);
  w.key("parts").object();
  add_contributions(w, "delta_info", decision.difficulty.delta_info_parts);
  add_contributions(w, "depth", decision.difficulty.depth_parts);
  w.end();
  w.field("rule", decision.rule).field("tip", decision.tip);
  add_prices(w, decision.prices);
  w.key("walls").array().end();
  add_edits(w, decision.edits);
  add_attempts(w, decision);
  // Nobody estimates waits yet, and what was not estimated is not called nothing.
  w.key("wait_ms");
  if (decision.wait_ms > 0)
    w.value(decision.wait_ms);
  else
    w.null();
  w.key("engine").object().field("version", engine.version).field("weights_sha256", engine.weights_sha256).end();
  w.end();
}

}  // namespace basin::core
