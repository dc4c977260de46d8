#include "lab/outcome_report.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

#include "base/json_writer.h"
#include "base/nearest.h"

namespace basin::lab {
namespace {

constexpr int kRounds = 1000;  // of the bootstrap

// The rows that count, as columns.
struct Cases {
  std::vector<const OutcomeRow*> rows;
  std::vector<double> weak, strong;
};

base::Result<std::vector<std::uint32_t>> find_models(const Outcomes& outcomes, const std::vector<std::string>& names) {
  std::vector<std::uint32_t> found;
  for (const std::string& name : names) {
    const auto at = std::find(outcomes.models.begin(), outcomes.models.end(), name);
    if (at == outcomes.models.end()) {
      const std::vector<std::string_view> known(outcomes.models.begin(), outcomes.models.end());
      return base::fail(base::Code::invalid,
                        "no row has a score of the model \"" + name + "\"" + base::did_you_mean(name, known));
    }
    found.push_back(static_cast<std::uint32_t>(at - outcomes.models.begin()));
  }
  return found;
}

// The mean over the models that have a score; nothing where none has.
std::optional<double> mean_of(const OutcomeRow& row, const std::vector<std::uint32_t>& models) {
  double sum = 0, n = 0;
  for (const std::uint32_t model : models) {
    const Score* score = Outcomes::score_of(row, model);
    if (!score) continue;
    sum += score->value;
    n += 1;
  }
  return n > 0 ? std::optional(sum / n) : std::nullopt;
}

double words_of(std::string_view text) {
  double words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    words += !space && !inside ? 1 : 0;
    inside = !space;
  }
  return words;
}

std::vector<Ranker> with_baselines(const Cases& cases, std::vector<Ranker> rankers) {
  rankers.push_back({"length", [](const OutcomeRow& row) { return static_cast<double>(row.prompt.size()); }});
  rankers.push_back({"words", [](const OutcomeRow& row) { return words_of(row.prompt); }});
  rankers.push_back({"random", [dice = std::make_shared<Random>(1)](const OutcomeRow&) {
                       return static_cast<double>(dice->next() >> 11);
                     }});
  std::map<std::string, std::pair<double, double>> domains;
  auto gains = std::make_shared<std::map<const OutcomeRow*, double>>();
  for (std::size_t i = 0; i < cases.rows.size(); ++i) {
    const double gain = cases.strong[i] - cases.weak[i];
    auto& [sum, n] = domains[cases.rows[i]->group];
    sum += gain;
    n += 1;
    (*gains)[cases.rows[i]] = gain;
  }
  if (domains.size() > 1) {
    rankers.push_back({"domain", [domains](const OutcomeRow& row) {
                         const auto& [sum, n] = domains.at(row.group);
                         return sum / n;
                       }});
  }
  rankers.push_back({"oracle", [gains](const OutcomeRow& row) { return gains->at(&row); }});
  return rankers;
}

// The rows in one policy's order, with the places they have in Cases.
struct Order {
  std::vector<std::size_t> places;
  std::vector<Routed> rows;
};

Order order_by(const Cases& cases, const Ranker& ranker) {
  std::vector<Routed> rows;
  for (std::size_t i = 0; i < cases.rows.size(); ++i)
    rows.push_back({ranker.rank(*cases.rows[i]), cases.weak[i], cases.strong[i]});
  Order order;
  order.places.resize(rows.size());
  std::iota(order.places.begin(), order.places.end(), std::size_t{0});
  std::stable_sort(order.places.begin(), order.places.end(),
                   [&](std::size_t a, std::size_t b) { return rows[a].rank > rows[b].rank; });
  for (const std::size_t place : order.places) order.rows.push_back(rows[place]);
  return order;
}

Interval interval_of(double value, std::vector<double> drawn) {
  std::erase_if(drawn, [](double v) { return !std::isfinite(v); });
  if (drawn.empty()) return {value, value, value};
  std::sort(drawn.begin(), drawn.end());
  return {value, drawn[drawn.size() / 20], drawn[drawn.size() - 1 - drawn.size() / 20]};
}

// APGRs of every policy, on the same prompts drawn with replacement, round by round.
std::vector<std::vector<double>> draw(std::vector<Order>& orders, std::size_t n) {
  std::vector<std::vector<double>> drawn(orders.size());
  Random random(1);
  std::vector<double> times(n);
  for (int round = 0; round < kRounds; ++round) {
    std::fill(times.begin(), times.end(), 0);
    for (std::size_t i = 0; i < n; ++i) times[random.below(n)] += 1;
    for (std::size_t p = 0; p < orders.size(); ++p) {
      for (std::size_t i = 0; i < n; ++i) orders[p].rows[i].weight = times[orders[p].places[i]];
      drawn[p].push_back(apgr(orders[p].rows));
    }
  }
  return drawn;
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> difference(a.size());
  std::transform(a.begin(), a.end(), b.begin(), difference.begin(), std::minus<>());
  return difference;
}

std::vector<Policy> weigh(const Cases& cases, const std::vector<Ranker>& rankers) {
  std::vector<Policy> policies;
  std::vector<Order> orders;
  std::size_t length = 0, words = 0;
  for (const Ranker& ranker : rankers) {
    if (ranker.name == "length") length = orders.size();
    if (ranker.name == "words") words = orders.size();
    orders.push_back(order_by(cases, ranker));
    const std::vector<Routed>& rows = orders.back().rows;
    Policy policy{.name = ranker.name, .auc = gain_auc(rows), .cpt50 = cpt(rows, 0.5), .cpt80 = cpt(rows, 0.8)};
    policy.apgr.value = apgr(rows);
    policy.aiq = aiq(rows);
    policy.curve = curve_of(rows);
    policies.push_back(std::move(policy));
  }
  const auto drawn = draw(orders, cases.rows.size());
  for (std::size_t p = 0; p < policies.size(); ++p) {
    const double value = policies[p].apgr.value;
    policies[p].apgr = interval_of(value, drawn[p]);
    policies[p].over_length = interval_of(value - policies[length].apgr.value, difference(drawn[p], drawn[length]));
    policies[p].over_words = interval_of(value - policies[words].apgr.value, difference(drawn[p], drawn[words]));
  }
  return policies;
}

void write(base::json::Writer& w, std::string_view name, const Interval& interval) {
  w.key(name).object().field("value", interval.value).field("low", interval.low).field("high", interval.high).end();
}

}  // namespace

base::Result<OutcomeReport> evaluate_outcomes(const Outcomes& outcomes, const std::vector<std::string>& weak,
                                              const std::vector<std::string>& strong,
                                              const std::vector<Ranker>& rankers) {
  const auto weak_models = find_models(outcomes, weak), strong_models = find_models(outcomes, strong);
  if (!weak_models) return weak_models.error();
  if (!strong_models) return strong_models.error();
  Cases cases;
  for (const OutcomeRow& row : outcomes.rows) {
    const auto w = mean_of(row, *weak_models), s = mean_of(row, *strong_models);
    if (!w || !s) continue;
    cases.rows.push_back(&row);
    cases.weak.push_back(*w);
    cases.strong.push_back(*s);
  }
  if (cases.rows.empty()) return base::fail(base::Code::invalid, "no row has scores of both, weak and strong");
  OutcomeReport report{.weak = weak, .strong = strong, .n = cases.rows.size(), .policies = {}};
  const auto n = static_cast<double>(report.n);
  for (std::size_t i = 0; i < report.n; ++i) {
    report.weak_mean += cases.weak[i] / n;
    report.strong_mean += cases.strong[i] / n;
    report.weak_is_enough += cases.weak[i] >= cases.strong[i] ? 1 / n : 0;
  }
  report.best_single = std::max(report.weak_mean, report.strong_mean);
  report.policies = weigh(cases, with_baselines(cases, rankers));
  return report;
}

std::string to_json(const OutcomeReport& report) {
  std::string out;
  base::json::Writer w(out);
  w.object().field("schema", "basin.eval.outcomes/1").field("n", report.n);
  w.key("weak").array();
  for (const std::string& name : report.weak) w.value(name);
  w.end().key("strong").array();
  for (const std::string& name : report.strong) w.value(name);
  w.end().field("weak_mean", report.weak_mean).field("strong_mean", report.strong_mean);
  w.field("best_single", report.best_single).field("weak_is_enough", report.weak_is_enough);
  w.key("policies").object();
  for (const Policy& policy : report.policies) {
    w.key(policy.name).object();
    write(w, "apgr", policy.apgr);
    write(w, "over_length", policy.over_length);
    write(w, "over_words", policy.over_words);
    w.field("auc", policy.auc).field("cpt50", policy.cpt50).field("cpt80", policy.cpt80).field("aiq", policy.aiq);
    w.end();
  }
  w.end().end();
  return out;
}

}  // namespace basin::lab
