// Figures of merit, plain and with bootstrap intervals. Scores rise with "needs the large model".
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace basin::lab {

// One prompt: what the model says, and what is so.
struct Scored {
  double score = 0;
  bool large = false;
};

// A figure and its 90 % interval.
struct Interval {
  double value = 0, low = 0, high = 0;
};

// P(score of a large one > score of a small one), ties count half; 0.5 when one side is empty.
double auc(std::span<const Scored> rows);

// 90 % bootstrap interval of a figure; deterministic by seed.
Interval bootstrap(std::span<const Scored> rows, const std::function<double(std::span<const Scored>)>& figure,
                   std::uint64_t seed, int rounds = 1000);

// Expected calibration error over ten equal bands; scores are P(large).
double calibration_error(std::span<const Scored> rows);

// Rank correlation, ties sharing their mean rank; nothing when one side is all of one value.
// REQUIRES: equal sizes. C. Spearman, "The proof and measurement of association between two things", 1904.
std::optional<double> spearman(std::span<const double> a, std::span<const double> b);

// Wilson score interval of k of n at 90 %.
Interval wilson(double k, double n);

// splitmix64: small, and the same everywhere (the standard distributions are not).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next();
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(next() % n); }  // n small beside 2^64
  template <class T>
  void shuffle(std::vector<T>& items) {
    for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
  }

 private:
  std::uint64_t state_;
};

}  // namespace basin::lab
