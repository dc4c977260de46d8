// A threshold with a promise: "at most 2 % of requests worse off than with the large model, with 95 % confidence", from
// rows of one's own traffic. See risk_control.cc for the method and its sources.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace basin::lab {

// One request of the past. p_small is what the engine gives it; loss is how much worse the small model's answer was
// than the large one's, 0..1 (a yes or no is 1 or 0), whoever served it.
struct Outcome {
  double p_small = 0;
  double loss = 0;
};

// The target risks that are tried: 0, .01, ... 1, fixed before any row is seen.
inline constexpr std::size_t kRiskSteps = 101;
constexpr double risk_of_step(std::size_t step) { return static_cast<double>(step) / (kRiskSteps - 1); }

// What a threshold keeps to, by the rows and with the confidence asked for.
struct Promise {
  double target_risk = 0;    // the largest that keeps the promise; what [routing] target_risk is to be set to
  double worse = 0;          // of the rows: mean loss of what would go small, over all requests
  double worse_at_most = 0;  // upper bound of it at the confidence asked for
  double small_share = 0;    // of the rows: share that would go small
};

// The largest target_risk of the grid such that, with probability `confidence` over the draw of the rows, the mean loss
// over all requests is at most `worse`. Nothing when not even the first step that sends a row small can be promised.
// REQUIRES: 0 < worse < 1, 0 < confidence < 1. Rows are taken to be independent draws of the traffic to come.
std::optional<Promise> at_most_worse(std::span<const Outcome> rows, double worse, double confidence);

// The fewest rows with which at_most_worse() can promise anything, were every one of them without loss.
std::size_t least_rows(double worse, double confidence);

// The same for the number of large requests.
struct Quota {
  double target_risk = 0;    // the smallest that keeps within the quota
  double large_per_day = 0;  // of the rows
  double large_at_most = 0;  // upper bound of the mean number a day at the confidence asked for
  double small_share = 0;
};

// The smallest target_risk of the grid such that, with probability `confidence`, the mean number of requests a day that
// go large is at most `per_day`; rows are all requests of `days` days, their losses are not looked at. Nothing when
// the days are too few to promise anything. REQUIRES: per_day > 0, days > 0, 0 < confidence < 1.
std::optional<Quota> at_most_large(std::span<const Outcome> rows, double days, double per_day, double confidence);

// The fewest days with which at_most_large() can promise anything.
double least_days(double per_day, double confidence);

}  // namespace basin::lab
