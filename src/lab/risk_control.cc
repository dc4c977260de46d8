// How a threshold comes with a promise.
//
// Every target risk of a grid that was fixed beforehand is a hypothesis, "the mean loss at this threshold is more than
// promised", and is to be rejected by a test that is exact for any number of rows:
//   - losses of 0 and 1: the binomial tail, P(Bin(n, worse) <= losses), whose inversion is the interval of Clopper and
//     Pearson (Biometrika 26, 1934);
//   - losses between: the smaller of Hoeffding's and Bentkus' bounds (Bates, Angelopoulos, Lei, Malik and Jordan,
//     "Distribution-free, risk-controlling prediction sets", JACM 68, 2021).
// Many thresholds are tried, which by itself would spoil the confidence. They are tried in order, from the one that
// sends nothing small upwards, and the first that is not rejected ends it: such a fixed sequence holds the chance that
// any wrong promise is made at 1 - confidence, with no correction (Angelopoulos, Bates, Candes, Jordan and Lei, "Learn
// then test", Annals of Applied Statistics 19, 2025, section on fixed sequence testing). Choosing the last one rejected
// is allowed by the same theorem.
//
// The number of large requests a day is a rate: its test is Poisson's tail (Garwood, Biometrika 28, 1936), and the
// order goes the other way, from the threshold that sends everything small.
#include "lab/risk_control.h"

#include <algorithm>
#include <cmath>

namespace basin::lab {
namespace {

// P(Bin(n, p) <= k), 0 < p < 1. Terms by recurrence in logarithms: nothing overflows, n may be millions.
double binomial_tail(double k, double n, double p) {
  if (k >= n) return 1;
  double sum = 0;
  double term = n * std::log1p(-p);
  const double odds = std::log(p) - std::log1p(-p);
  for (double i = 0; i <= k; ++i) {
    sum += std::exp(term);
    term += std::log(n - i) - std::log(i + 1) + odds;
  }
  return std::min(sum, 1.0);
}

// P(Poisson(mean) <= k).
double poisson_tail(double k, double mean) {
  double sum = 0, term = -mean;
  for (double i = 0; i <= k + 0.5; ++i) {
    sum += std::exp(term);
    term += std::log(mean) - std::log(i + 1);
  }
  return std::min(sum, 1.0);
}

// A p-value of "the mean loss is more than `worse`", for a sum of n independent losses in 0..1.
double chance_of(double sum, double n, double worse, bool whole) {
  if (sum > n * worse) return 1;
  if (whole) return binomial_tail(std::round(sum), n, worse);
  const double mean = sum / n;
  const double entropy =
      (mean > 0 ? mean * std::log(mean / worse) : 0) + (1 - mean) * std::log((1 - mean) / (1 - worse));
  const double hoeffding = std::exp(-n * entropy);
  const double bentkus = std::exp(1.0) * binomial_tail(std::ceil(sum), n, worse);
  return std::min({hoeffding, bentkus, 1.0});
}

// The mean at which `chance` falls to 1 - confidence: where the promise would just hold.
template <class Chance>
double upper_bound(double from, double to, double confidence, Chance&& chance) {
  for (int i = 0; i < 60; ++i) {
    const double middle = (from + to) / 2;
    (chance(middle) > 1 - confidence ? from : to) = middle;
  }
  return to;
}

// As route::decide compares: small from P(ok) >= 1 - target_risk on.
bool goes_small(const Outcome& row, std::size_t step) { return row.p_small >= 1 - risk_of_step(step); }

double share(std::size_t part, std::size_t whole) { return static_cast<double>(part) / static_cast<double>(whole); }

}  // namespace

std::optional<Promise> at_most_worse(std::span<const Outcome> rows, double worse, double confidence) {
  const auto n = static_cast<double>(rows.size());
  const bool whole = std::all_of(rows.begin(), rows.end(), [](const Outcome& r) { return r.loss == 0 || r.loss == 1; });
  std::optional<Promise> best;
  for (std::size_t step = 0; step < kRiskSteps; ++step) {
    double sum = 0;
    std::size_t small = 0;
    for (const Outcome& row : rows) {
      if (!goes_small(row, step)) continue;
      sum += row.loss;
      ++small;
    }
    if (rows.empty() || chance_of(sum, n, worse, whole) > 1 - confidence) break;
    if (small > 0) best = Promise{risk_of_step(step), sum / n, 0, share(small, rows.size())};
  }
  if (best)
    best->worse_at_most = upper_bound(best->worse, worse, confidence,
                                      [&](double mean) { return chance_of(best->worse * n, n, mean, whole); });
  return best;
}

std::size_t least_rows(double worse, double confidence) {
  return static_cast<std::size_t>(std::ceil(std::log(1 - confidence) / std::log1p(-worse)));
}

std::optional<Quota> at_most_large(std::span<const Outcome> rows, double days, double per_day, double confidence) {
  std::optional<Quota> best;
  for (std::size_t step = kRiskSteps; step-- > 0;) {
    std::size_t large = 0;
    for (const Outcome& row : rows) large += goes_small(row, step) ? 0 : 1;
    const auto k = static_cast<double>(large);
    if (poisson_tail(k, per_day * days) > 1 - confidence) break;
    best = Quota{risk_of_step(step), k / days, 0, rows.empty() ? 0 : share(rows.size() - large, rows.size())};
  }
  if (best) {
    const double k = best->large_per_day * days;
    best->large_at_most =
        upper_bound(k, per_day * days, confidence, [&](double mean) { return poisson_tail(k, mean); }) / days;
  }
  return best;
}

double least_days(double per_day, double confidence) { return -std::log(1 - confidence) / per_day; }

}  // namespace basin::lab
