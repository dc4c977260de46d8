// A router beside what one line of code would have done, on prompts whose outcomes are known.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "lab/outcomes.h"
#include "lab/routing_curve.h"

namespace basin::lab {

// A way of ranking prompts, and what it is worth. Intervals hold 90 %.
struct Policy {
  std::string name;
  Interval apgr;
  Interval over_length, over_words;  // of the APGR, paired over the same drawn prompts
  double auc = 0;                    // of strong > weak
  double cpt50 = 0, cpt80 = 0;
  double aiq = 0;
  std::vector<CurvePoint> curve;
};

// Routing between two sides, each a model or the mean of several.
struct OutcomeReport {
  std::vector<std::string> weak, strong;
  std::size_t n = 0;
  double weak_mean = 0, strong_mean = 0;
  double best_single = 0;        // the better of the two means: what no routing at all reaches
  double weak_is_enough = 0;     // share of prompts where weak >= strong
  std::vector<Policy> policies;  // ours first, then length, words, random, and the ceilings: domain, oracle
};

// A rank for a row: the higher, the sooner it goes to the strong model.
struct Ranker {
  std::string name;
  std::function<double(const OutcomeRow&)> rank;
};

// Ranks the rows that have scores of both sides; several models of a side count by their mean. Deterministic.
// Errors: Code::invalid when a model is in no row (its message names near ones), or when no row has both sides.
base::Result<OutcomeReport> evaluate_outcomes(const Outcomes& outcomes, const std::vector<std::string>& weak,
                                              const std::vector<std::string>& strong,
                                              const std::vector<Ranker>& rankers);

// {"schema":"basin.eval.outcomes/1",...}
std::string to_json(const OutcomeReport& report);

}  // namespace basin::lab
