#include "lab/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace basin::lab {

double auc(std::span<const Scored> rows) {
  std::vector<Scored> sorted(rows.begin(), rows.end());
  std::sort(sorted.begin(), sorted.end(), [](const Scored& a, const Scored& b) { return a.score < b.score; });
  double wins = 0, larges = 0, smalls = 0;
  for (std::size_t i = 0; i < sorted.size();) {
    std::size_t j = i;
    double large = 0, small = 0;
    for (; j < sorted.size() && sorted[j].score == sorted[i].score; ++j) (sorted[j].large ? large : small) += 1;
    wins += large * (smalls + small / 2);
    larges += large;
    smalls += small;
    i = j;
  }
  return larges > 0 && smalls > 0 ? wins / (larges * smalls) : 0.5;
}

Interval bootstrap(std::span<const Scored> rows, const std::function<double(std::span<const Scored>)>& figure,
                   std::uint64_t seed, int rounds) {
  Interval interval{figure(rows), 0, 0};
  if (rows.empty()) return interval;
  Random random(seed);
  std::vector<double> values;
  std::vector<Scored> sample(rows.size());
  for (int round = 0; round < rounds; ++round) {
    for (Scored& row : sample) row = rows[random.below(rows.size())];
    values.push_back(figure(sample));
  }
  std::sort(values.begin(), values.end());
  interval.low = values[values.size() / 20];
  interval.high = values[values.size() - 1 - values.size() / 20];
  return interval;
}

double calibration_error(std::span<const Scored> rows) {
  std::array<double, 10> sum{}, large{}, count{};
  for (const Scored& row : rows) {
    const auto band = static_cast<std::size_t>(std::clamp(row.score * 10, 0.0, 9.0));
    sum[band] += row.score;
    large[band] += row.large ? 1 : 0;
    count[band] += 1;
  }
  double error = 0;
  for (std::size_t i = 0; i < 10; ++i) error += std::fabs(sum[i] - large[i]);
  return rows.empty() ? 0 : error / static_cast<double>(rows.size());
}

namespace {

std::vector<double> ranks_of(std::span<const double> values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0u);
  std::stable_sort(order.begin(), order.end(), [&](std::size_t x, std::size_t y) { return values[x] < values[y]; });
  std::vector<double> ranks(values.size());
  for (std::size_t i = 0; i < order.size();) {
    std::size_t j = i;
    while (j < order.size() && values[order[j]] == values[order[i]]) ++j;
    const double shared = static_cast<double>(i + j - 1) / 2;
    for (; i < j; ++i) ranks[order[i]] = shared;
  }
  return ranks;
}

}  // namespace

std::optional<double> spearman(std::span<const double> a, std::span<const double> b) {
  const std::vector<double> x = ranks_of(a), y = ranks_of(b);
  const double middle = (static_cast<double>(x.size()) - 1) / 2;
  double xy = 0, xx = 0, yy = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    xy += (x[i] - middle) * (y[i] - middle);
    xx += (x[i] - middle) * (x[i] - middle);
    yy += (y[i] - middle) * (y[i] - middle);
  }
  if (xx == 0 || yy == 0) return std::nullopt;
  return xy / std::sqrt(xx * yy);
}

Interval wilson(double k, double n) {
  if (n <= 0) return {0.5, 0, 1};
  const double z = 1.6449, p = k / n, z2 = z * z;
  const double middle = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = z * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

std::uint64_t Random::next() {
  std::uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

}  // namespace basin::lab
