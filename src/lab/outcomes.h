// Outcome rows: prompts with the score of each of several models, as benchmarks publish them.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace basin::lab {

// How well one model did on one prompt.
struct Score {
  std::uint32_t model = 0;  // index into Outcomes::models
  double value = 0;         // 0..1
};

// A prompt and who managed it.
struct OutcomeRow {
  std::string prompt;
  std::string group;  // the file's name and the row's task: "mmlu_pro/physics"
  std::string task;
  std::vector<Score> scores;
};

// The rows of one or several files; models of all of them are numbered together.
struct Outcomes {
  std::vector<std::string> models;
  std::vector<OutcomeRow> rows;

  // The score of a model on a row, or nothing. Linear in the row's scores.
  static const Score* score_of(const OutcomeRow& row, std::uint32_t model);
};

// Whether a row is an outcome row: it has a "scores" object.
bool is_outcome(base::json::Value row);

// Adds the outcome rows of a file; rows without a prompt or scores, and prompts in `without`, are left out.
// Errors: as for_each_row.
base::Status add_outcomes(const std::string& path, const std::set<std::string>& without, Outcomes& outcomes);

// The prompts of a file of rows, for `without`. Errors: as for_each_row.
base::Result<std::set<std::string>> prompts_of(const std::string& path);

}  // namespace basin::lab
