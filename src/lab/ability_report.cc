#include "lab/ability_report.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "geometry/arithmetic.h"
#include "lab/jsonl.h"
#include "lab/metrics.h"

namespace basin::lab {
namespace {

using geometry::logistic;

constexpr int kDraws = 20;  // of calibration rows

// One answer: what was said of it, and how good it was.
struct Said {
  double p = 0, score = 0;
};

double log_odds(double p) {
  const double clamped = std::clamp(p, 1e-6, 1 - 1e-6);
  return 0.6931471805599453 * (geometry::log2_of(1 / (1 - clamped)) - geometry::log2_of(1 / clamped));
}

double calibration_error_of(const std::vector<Said>& answers) {
  std::array<double, 10> said{}, was{};
  for (const Said& answer : answers) {
    const auto band = static_cast<std::size_t>(std::clamp(answer.p * 10, 0.0, 9.0));
    said[band] += answer.p;
    was[band] += answer.score;
  }
  double error = 0;
  for (std::size_t i = 0; i < said.size(); ++i) error += std::fabs(said[i] - was[i]);
  return answers.empty() ? 0 : error / static_cast<double>(answers.size());
}

double bits_of(const std::vector<Said>& answers) {
  double bits = 0;
  for (const Said& answer : answers) {
    const double p = std::clamp(answer.p, 1e-6, 1 - 1e-6);
    bits += answer.score * geometry::log2_of(1 / p) + (1 - answer.score) * geometry::log2_of(1 / (1 - p));
  }
  return answers.empty() ? 0 : bits / static_cast<double>(answers.size());
}

bool is_in(const std::string& group, const std::set<std::string>& names) {
  return names.contains(group) || names.contains(group.substr(0, group.find('/')));
}

// Two numbers that make what was said true: logit p becomes shift + slope * logit p. Priors: a source is off by a
// logit, more or less, and its slope by a quarter; fifty rows say the rest.
struct Recalibration {
  double shift = 0, slope = 1;

  Recalibration(const std::vector<Said>& answers, double weight) {
    for (int round = 0; round < 20; ++round) {
      double a = 1, b = 0, c = 16;  // curvature, with the priors'
      double by_shift = -shift, by_slope = -16 * (slope - 1);
      for (const Said& answer : answers) {
        const double x = log_odds(answer.p), p = logistic(shift + slope * x), w = weight * p * (1 - p);
        by_shift += weight * (answer.score - p);
        by_slope += weight * (answer.score - p) * x;
        a += w;
        b += w * x;
        c += w * x * x;
      }
      const double det = a * c - b * b;
      // Short steps: far from the answer, where nothing curves, Newton's own would not come back.
      shift += std::clamp((c * by_shift - b * by_slope) / det, -1.0, 1.0);
      slope += std::clamp((a * by_slope - b * by_shift) / det, -0.25, 0.25);
    }
  }
  double operator()(double p) const { return logistic(shift + slope * log_odds(p)); }
};

// Models fail on the same prompts: of the news in a second model's score this part was in the first's.
constexpr double kShared = 0.4;
double weight_of_scores(double per_prompt) { return 1 / (1 + kShared * (per_prompt - 1)); }

void say(const AbilityData& data, const AbilityFit& fit, const Sighted& prompt, bool known, std::vector<Said>& said) {
  for (const Score& score : prompt.row->scores) {
    if (data.places[score.model]) said.push_back({fit.chance(prompt, score.model, known), score.value});
  }
}

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h ^ (h >> 31);
}

}  // namespace

base::Result<std::vector<HeldOut>> read_held_out(const std::string& path) {
  using base::json::Elements;
  using base::json::Value;
  const auto texts = [](Value list) {
    std::vector<std::string> out;
    for (Elements e(list); e.next();) out.push_back(e.value().string().value_or(""));
    return out;
  };
  const auto names = [&](Value list) {
    const std::vector<std::string> all = texts(list);
    return std::set<std::string>(all.begin(), all.end());
  };
  std::vector<HeldOut> sources;
  auto read = for_each_row(path, [&](Value row) {
    HeldOut source{row.member("name").string().value_or(""),
                   names(row.member("groups")),
                   names(row.member("relatives")),
                   names(row.member("task_sets")),
                   {}};
    for (Elements pairs(row.member("pairs")); pairs.next();) {
      const std::vector<std::string> pair = texts(pairs.value());
      if (pair.size() == 2) source.pairs.emplace_back(pair[0], pair[1]);
    }
    sources.push_back(std::move(source));
    return true;
  });
  if (!read) return read.error();
  return sources;
}

Calibration calibration_within(const AbilityData& data, DepthShape shape) {
  constexpr std::uint64_t kFolds = 5;
  std::vector<Said> said;
  for (std::uint64_t fold = 0; fold < kFolds; ++fold) {
    const auto mine = [&](const Sighted& prompt) { return hash_of(prompt.row->prompt) % kFolds == fold; };
    const AbilityFit fit(data, shape, [&](const Sighted& prompt) { return !mine(prompt); });
    for (const Sighted& prompt : data.prompts) {
      if (mine(prompt)) say(data, fit, prompt, true, said);
    }
  }
  Calibration calibration;
  calibration.raw = calibration_error_of(said);
  calibration.bits = bits_of(said);
  return calibration;
}

Calibration calibration_of(const AbilityData& data, DepthShape shape, const HeldOut& held_out) {
  const auto mine = [&](const Sighted& prompt) { return is_in(data.groups[prompt.group], held_out.groups); };
  const AbilityFit fit(data, shape, [&](const Sighted& prompt) {
    return !mine(prompt) && !is_in(data.groups[prompt.group], held_out.relatives);
  });
  std::vector<const Sighted*> rows;
  for (const Sighted& prompt : data.prompts) {
    if (mine(prompt)) rows.push_back(&prompt);
  }
  std::vector<Said> all;
  for (const Sighted* row : rows) say(data, fit, *row, false, all);
  Calibration calibration;
  calibration.raw = calibration_error_of(all);
  calibration.bits = bits_of(all);
  // Which rows are drawn decides much: the mean of several draws.
  Random random(1);
  for (int draw = 0; draw < kDraws; ++draw) {
    random.shuffle(rows);
    std::vector<Said> few, others;
    for (std::size_t i = 0; i < rows.size(); ++i) say(data, fit, *rows[i], false, i < kCalibrationRows ? few : others);
    const auto drawn = static_cast<double>(std::max<std::size_t>(std::min(rows.size(), kCalibrationRows), 1));
    const Recalibration recalibrated(few, weight_of_scores(static_cast<double>(few.size()) / drawn));
    for (Said& answer : others) answer.p = recalibrated(answer.p);
    calibration.after += calibration_error_of(others) / kDraws;
    calibration.bits_after += bits_of(others) / kDraws;
  }
  return calibration;
}

base::Result<std::vector<OutcomeReport>> route_unseen(const Outcomes& outcomes, const AbilityData& data,
                                                      const HeldOut& held_out,
                                                      const std::function<double(const std::string&)>& difficulty) {
  const auto mine = [&](const std::string& group) { return is_in(group, held_out.groups); };
  const AbilityFit fit(data, DepthShape::logit, [&](const Sighted& prompt) {
    const std::string& group = data.groups[prompt.group];
    return !mine(group) && !is_in(group, held_out.relatives);
  });
  Outcomes unseen{.models = outcomes.models, .rows = {}};
  std::map<std::string, const Sighted*> sighted;
  for (const Sighted& prompt : data.prompts) {
    if (!mine(data.groups[prompt.group])) continue;
    unseen.rows.push_back(*prompt.row);
    sighted[prompt.row->prompt] = &prompt;
  }
  const auto index_of = [&](const std::string& name) {
    return static_cast<std::uint32_t>(std::find(outcomes.models.begin(), outcomes.models.end(), name) -
                                      outcomes.models.begin());
  };
  std::vector<OutcomeReport> reports;
  std::vector<std::pair<std::vector<std::string>, std::vector<std::string>>> contests(1);
  for (const auto& [weak, strong] : held_out.pairs) {
    contests[0].first.push_back(weak);
    contests[0].second.push_back(strong);
    contests.push_back({{weak}, {strong}});
  }
  for (const auto& [weak, strong] : contests) {
    // A strong model that nobody knows is taken for one that is always right, a weak one for a coin.
    const auto chance = [&](const std::string& name, const OutcomeRow& row, double otherwise) {
      const std::uint32_t model = index_of(name);
      return data.places[model] ? fit.chance(*sighted.at(row.prompt), model, false) : otherwise;
    };
    const auto gain = [&, &weak = weak, &strong = strong](const OutcomeRow& row) {
      double sum = 0;
      for (const std::string& name : strong) sum += chance(name, row, 1);
      for (const std::string& name : weak) sum -= chance(name, row, 0.5);
      return sum;
    };
    const std::vector<Ranker> rankers = {
        {"ability", gain},
        {"difficulty", [&](const OutcomeRow& row) { return difficulty(row.prompt); }},
        {"load", [&](const OutcomeRow& row) { return sighted.at(row.prompt)->sight.load; }}};
    auto report = evaluate_outcomes(unseen, weak, strong, rankers);
    if (!report) return report.error();
    reports.push_back(std::move(*report));
  }
  return reports;
}

}  // namespace basin::lab
