#include "lab/outcomes.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "lab/jsonl.h"

namespace basin::lab {
namespace {

using base::json::Kind;
using base::json::Members;
using base::json::Value;

std::string text_of(Value value) { return value.string().value_or(""); }

// "data/mmlu_pro.jsonl.gz" -> "mmlu_pro"
std::string stem_of(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.substr(0, name.find('.'));
}

}  // namespace

const Score* Outcomes::score_of(const OutcomeRow& row, std::uint32_t model) {
  const auto at = std::find_if(row.scores.begin(), row.scores.end(), [&](const Score& s) { return s.model == model; });
  return at == row.scores.end() ? nullptr : &*at;
}

bool is_outcome(Value row) { return row.member("scores").is(Kind::object); }

base::Status add_outcomes(const std::string& path, const std::set<std::string>& without, Outcomes& outcomes) {
  std::map<std::string, std::uint32_t> index;
  for (std::uint32_t i = 0; i < outcomes.models.size(); ++i) index[outcomes.models[i]] = i;
  const std::string set = stem_of(path);
  return for_each_row(path, [&](Value row) {
    OutcomeRow outcome;
    outcome.prompt = text_of(row.member("prompt"));
    outcome.task = text_of(row.member("task"));
    outcome.group = outcome.task.empty() ? set : set + "/" + outcome.task;
    for (Members members(row.member("scores")); members.next();) {
      const auto value = members.value().number();
      if (!value || !(*value >= 0 && *value <= 1)) continue;
      const auto [at, is_new] =
          index.emplace(std::string(members.name()), static_cast<std::uint32_t>(outcomes.models.size()));
      if (is_new) outcomes.models.push_back(at->first);
      outcome.scores.push_back({at->second, *value});
    }
    if (!outcome.prompt.empty() && !outcome.scores.empty() && !without.contains(outcome.prompt))
      outcomes.rows.push_back(std::move(outcome));
    return true;
  });
}

base::Result<std::set<std::string>> prompts_of(const std::string& path) {
  std::set<std::string> prompts;
  auto read = for_each_row(path, [&](Value row) {
    prompts.insert(text_of(row.member("prompt")));
    return true;
  });
  if (!read) return read.error();
  return prompts;
}

}  // namespace basin::lab
