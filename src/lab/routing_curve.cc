#include "lab/routing_curve.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace basin::lab {
namespace {

constexpr double kUndefined = std::numeric_limits<double>::quiet_NaN();

double gap_of(const std::vector<CurvePoint>& curve) { return curve.back().quality - curve.front().quality; }

// The upper hull of the curve's running maximum, from share 0 to 1.
std::vector<CurvePoint> hull_of(const std::vector<CurvePoint>& curve) {
  std::vector<CurvePoint> hull;
  double best = 0;
  for (const CurvePoint& point : curve) {
    best = std::max(best, point.quality);
    const CurvePoint next{point.share, best};
    const auto below = [&] {
      const CurvePoint &a = hull[hull.size() - 2], &b = hull.back();
      return (b.quality - a.quality) * (next.share - a.share) <= (next.quality - a.quality) * (b.share - a.share);
    };
    while (hull.size() > 1 && below()) hull.pop_back();
    hull.push_back(next);
  }
  return hull;
}

double area_under(const std::vector<CurvePoint>& curve) {
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i)
    area += (curve[i].share - curve[i - 1].share) * (curve[i].quality + curve[i - 1].quality) / 2;
  return area;
}

}  // namespace

std::vector<CurvePoint> curve_of(std::span<const Routed> rows) {
  const auto higher = [](const Routed& a, const Routed& b) { return a.rank > b.rank; };
  std::vector<Routed> sorted;
  if (!std::is_sorted(rows.begin(), rows.end(), higher)) {
    sorted.assign(rows.begin(), rows.end());
    std::sort(sorted.begin(), sorted.end(), higher);
    rows = sorted;
  }
  double n = 0, quality = 0;
  for (const Routed& row : rows) {
    n += row.weight;
    quality += row.weight * row.weak;
  }
  if (n <= 0) return {{0, 0}, {1, 0}};
  std::vector<CurvePoint> curve = {{0, quality / n}};
  double sent = 0;
  for (std::size_t i = 0; i < rows.size();) {
    const double rank = rows[i].rank;
    for (; i < rows.size() && rows[i].rank == rank; ++i) {
      sent += rows[i].weight;
      quality += rows[i].weight * (rows[i].strong - rows[i].weak);
    }
    curve.push_back({sent / n, quality / n});
  }
  return curve;
}

double apgr(std::span<const Routed> rows) {
  const std::vector<CurvePoint> curve = curve_of(rows);
  const double gap = gap_of(curve);
  return gap == 0 ? kUndefined : (area_under(curve) - curve.front().quality) / gap;
}

double cpt(std::span<const Routed> rows, double part) {
  const std::vector<CurvePoint> curve = curve_of(rows);
  const double gap = gap_of(curve);
  if (gap == 0) return kUndefined;
  const double wanted = part * gap;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    const double before = curve[i - 1].quality - curve.front().quality, here = curve[i].quality - curve.front().quality;
    if ((gap > 0) != (here >= wanted) || here == before) continue;
    return curve[i - 1].share + (curve[i].share - curve[i - 1].share) * (wanted - before) / (here - before);
  }
  return 1;
}

double aiq(std::span<const Routed> rows) { return area_under(hull_of(curve_of(rows))); }

double gain_auc(std::span<const Routed> rows) {
  std::vector<Scored> scored;
  for (const Routed& row : rows) scored.push_back({row.rank, row.strong > row.weak});
  return auc(scored);
}

}  // namespace basin::lab
