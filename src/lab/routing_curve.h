// What a router is worth on prompts whose outcomes are known: the curve of quality against share or cost, and its
// figures as RouteLLM (arXiv 2406.18665) and RouterBench (arXiv 2403.12031) define them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "lab/metrics.h"

namespace basin::lab {

// One prompt: how much it wants the strong model, by some router, and what the two would have scored.
struct Routed {
  double rank = 0;
  double weak = 0, strong = 0;  // 0..1
  double weight = 1;            // how often it counts: a bootstrap draws some prompts twice
};

// A point of the curve: with this share of prompts sent to the strong model, the mean score.
struct CurvePoint {
  double share = 0, quality = 0;
};

// The curve from nothing to everything sent to the strong model, highest rank first; prompts of one rank share their
// gain. One point per rank. Rows that come sorted are not sorted again.
std::vector<CurvePoint> curve_of(std::span<const Routed> rows);

// Average performance gap recovered: the area under (quality - weak) / (strong - weak) over the share; .5 is random.
// NaN where the two models score the same.
double apgr(std::span<const Routed> rows);

// Call-performance threshold: the least share at which `part` (.5, .8) of the gap is recovered; NaN as apgr.
double cpt(std::span<const Routed> rows, double part);

// Average improvement in quality: the mean height of the curve's upper hull over cost. Cost rises linearly with the
// share, so that this is the mean over the share; the hull counts since two routers' answers may be mixed at random.
double aiq(std::span<const Routed> rows);

// P(rank of a prompt where strong > weak  >  rank of another).
double gain_auc(std::span<const Routed> rows);

}  // namespace basin::lab
