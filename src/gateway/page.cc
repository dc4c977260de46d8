#include "gateway/page.h"

#include <fmt/format.h>

namespace basin::gateway {
namespace {

constexpr std::size_t kShown = 25;

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Basin</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>
:root{color-scheme:light dark}
body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8884;vertical-align:top}
td.n{text-align:right;font-variant-numeric:tabular-nums}
code{font-size:.95em}
.ask{max-width:34rem;overflow-wrap:anywhere}
</style></head><body>
)";

std::string tier_rows(const upstream::Catalogue& catalogue) {
  std::string rows;
  for (const upstream::Tier& tier : catalogue.tiers()) {
    rows +=
        fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td class=n>{}</td></tr>\n", escape_html(tier.name),
                    escape_html(tier.model), escape_html(catalogue.server_of(tier).name), catalogue.context_of(tier));
  }
  return rows;
}

std::string decision_rows(Shared& shared) {
  std::string rows;
  for (const core::Decision& d : shared.decisions.recent(kShown)) {
    rows += fmt::format(
        "<tr><td>{}</td><td class=ask>{}</td><td>{}</td><td class=n>{:.2f}</td><td class=n>{:.0f} %</td>"
        "<td class=n>{:.1f}</td><td>{}</td><td><a href=\"/basin/decisions/{}\">{}</a></td></tr>\n",
        core::rfc3339(d.time_ms).substr(11, 8), escape_html(d.ask.substr(0, 160)), escape_html(d.served_tier),
        d.difficulty.p_small_ok, 100 * d.difficulty.delta_info, d.difficulty.depth, core::name_of(d.action),
        escape_html(d.id), escape_html(d.rule));
  }
  return rows;
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string safe;
  safe.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string front_page(Door& door, const Snapshot& snapshot) {
  Shared& shared = door.shared();
  std::string page(kHead);
  page +=
      fmt::format("<h1>Basin</h1>\n<p>Version {}, mode <b>{}</b>, {} decisions so far.</p>\n",
                  escape_html(shared.version), core::name_of(snapshot.routing.mode), shared.decisions.totals().decided);
  const std::string tiers = tier_rows(snapshot.catalogue);
  if (tiers.empty()) {
    page +=
        "<p>There are no tiers yet: Basin looks on, says what it would have done, and changes nothing. "
        "<code>basin init</code> writes a configuration.</p>\n";
  } else {
    page += "<h2>Tiers</h2>\n<table><tr><th>tier</th><th>model</th><th>upstream</th><th>context</th></tr>\n" + tiers +
            "</table>\n";
  }
  const std::string rows = decision_rows(shared);
  if (rows.empty()) {
    page +=
        "<h2>Decisions</h2>\n<p>None yet. Point a client here (<code>basin env</code> prints how), or try "
        "<code>basin explain \"fix the grammar: me and him goes home\"</code>.</p>\n";
  } else {
    page +=
        "<h2>Last decisions</h2>\n<table><tr><th>time</th><th>ask</th><th>served by</th><th>P(ok)</th>"
        "<th>dI</th><th>D</th><th>action</th><th>rule</th></tr>\n" +
        rows + "</table>\n";
  }
  return page + "</body></html>\n";
}

}  // namespace basin::gateway
