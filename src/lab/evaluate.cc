#include "lab/evaluate.h"

#include <algorithm>

#include "base/json_writer.h"
#include "geometry/arithmetic.h"
#include "geometry/measure.h"
#include "lab/disturb.h"

namespace basin::lab {
namespace {

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space && !inside) ++words;
    inside = !space;
  }
  return words;
}

void count_pairs(const std::vector<Example>& examples, const std::vector<double>& difficulties, Report& report) {
  struct Pair {
    double small = 0, large = 0;
    int members = 0;
  };
  std::map<std::string, Pair> pairs;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    if (examples[i].pair.empty()) continue;
    Pair& pair = pairs[examples[i].pair];
    (*examples[i].large ? pair.large : pair.small) = difficulties[i];
    pair.members |= *examples[i].large ? 2 : 1;
  }
  for (const auto& [name, pair] : pairs) {
    if (pair.members != 3) continue;
    ++report.pairs;
    if (pair.large > pair.small) ++report.pairs_right;
  }
}

double auc_of(const std::vector<Example>& examples, const std::vector<double>& scores) {
  std::vector<Scored> rows;
  for (std::size_t i = 0; i < examples.size(); ++i) rows.push_back({scores[i], *examples[i].large});
  return auc(rows);
}

void add_baselines(const std::vector<Example>& examples, Report& report) {
  std::vector<double> length, words, random;
  Random dice(1);
  for (const Example& e : examples) {
    length.push_back(static_cast<double>(e.length));
    words.push_back(static_cast<double>(count_words(e.prompt.ask)));
    random.push_back(static_cast<double>(dice.next() >> 11));
  }
  report.baselines["length"] = auc_of(examples, length);
  report.baselines["ask_words"] = auc_of(examples, words);
  report.baselines["random"] = auc_of(examples, random);
}

Interval auc_interval(std::span<const Scored> rows) {
  return bootstrap(
      rows, [](std::span<const Scored> sample) { return auc(sample); }, 1);
}

using NameOf = const std::string& (*)(const Example&);
const std::string& family_of(const Example& e) { return e.family.empty() ? e.source : e.family; }
const std::string& language_of(const Example& e) { return e.language; }

std::map<std::string, Group> groups_of(const std::vector<Example>& examples, const std::vector<double>& difficulties,
                                       NameOf name_of) {
  std::map<std::string, std::vector<Scored>> rows;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const std::string& name = name_of(examples[i]);
    if (!name.empty()) rows[name].push_back({difficulties[i], *examples[i].large});
  }
  std::map<std::string, Group> groups;
  for (const auto& [name, of_it] : rows) groups[name] = {of_it.size(), auc_interval(of_it)};
  return groups;
}

// chances: P(large) beside what is so.
std::vector<ReliabilityBand> reliability_of(std::span<const Scored> chances) {
  std::vector<ReliabilityBand> bands(10);
  for (const Scored& row : chances) {
    ReliabilityBand& band = bands[static_cast<std::size_t>(std::clamp((1 - row.score) * 10, 0.0, 9.0))];
    ++band.n;
    band.promised += 1 - row.score;
    band.small += row.large ? 0 : 1;
  }
  std::erase_if(bands, [](const ReliabilityBand& band) { return band.n == 0; });
  for (ReliabilityBand& band : bands) {
    band.promised /= static_cast<double>(band.n);
    band.small /= static_cast<double>(band.n);
  }
  return bands;
}

ErrorPoint errors_at(double threshold, std::span<const Scored> chances) {
  double larges = 0, smalls = 0, missed = 0, wasted = 0;
  for (const Scored& row : chances) {
    const bool sent_small = 1 - row.score >= threshold;
    (row.large ? larges : smalls) += 1;
    missed += row.large && sent_small ? 1 : 0;
    wasted += !row.large && !sent_small ? 1 : 0;
  }
  return {threshold, larges > 0 ? missed / larges : 0, smalls > 0 ? wasted / smalls : 0};
}

}  // namespace

Report evaluate(const std::vector<Example>& examples, const std::vector<double>& difficulties, double threshold) {
  Report report;
  report.n = examples.size();
  std::vector<Scored> rows, chances;
  double right = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const bool large = *examples[i].large;
    const double p_large = geometry::logistic(difficulties[i]);
    const bool sent_small = 1 - p_large >= threshold;
    rows.push_back({difficulties[i], large});
    chances.push_back({p_large, large});
    report.large += large ? 1 : 0;
    right += sent_small != large ? 1 : 0;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(report.n, 1));
  report.auc = auc_interval(rows);
  report.accuracy = right / n;
  const ErrorPoint here = errors_at(threshold, chances);
  report.large_sent_small = here.large_sent_small;
  report.small_sent_large = here.small_sent_large;
  report.ece = calibration_error(chances);
  report.reliability = reliability_of(chances);
  for (int i = 0; i <= 50; ++i) report.errors.push_back(errors_at(i / 50.0, chances));
  count_pairs(examples, difficulties, report);
  report.by = groups_of(examples, difficulties, family_of);
  report.by_language = groups_of(examples, difficulties, language_of);
  add_baselines(examples, report);
  return report;
}

Report evaluate(const std::vector<Example>& examples, const geometry::Model& model, double threshold) {
  geometry::Scratch scratch;
  geometry::EncoderScratch encoder_scratch;
  std::vector<double> difficulties;
  std::size_t second = 0;
  for (const Example& e : examples) {
    const core::Difficulty d = geometry::measure_in_full(e.prompt, model, scratch, encoder_scratch);
    difficulties.push_back(d.difficulty);
    second += d.stage == 2 ? 1 : 0;
  }
  Report report = evaluate(examples, difficulties, threshold);
  if (model.encoder())
    report.second_stage = static_cast<double>(second) / static_cast<double>(std::max<std::size_t>(examples.size(), 1));
  for (const Disturbance disturbance : kDisturbances) {
    Flips& flips = report.flips[std::string(name_of(disturbance))];
    for (std::size_t i = 0; i < examples.size(); ++i) {
      const bool before = geometry::logistic(-difficulties[i]) >= threshold;
      for (const core::Prompt& prompt : disturbed(examples[i], disturbance)) {
        const double p = geometry::measure_in_full(prompt, model, scratch, encoder_scratch).p_small_ok;
        ++flips.n;
        flips.flipped += (p >= threshold) != before ? 1 : 0;
      }
    }
  }
  return report;
}

namespace {

void write_interval(base::json::Writer& w, const Interval& interval) {
  w.object().field("value", interval.value).field("low", interval.low).field("high", interval.high).end();
}

void write_groups(base::json::Writer& w, const std::map<std::string, Group>& groups) {
  w.object();
  for (const auto& [name, group] : groups)
    w.key(name)
        .object()
        .field("n", group.n)
        .field("auc", group.auc.value)
        .field("low", group.auc.low)
        .field("high", group.auc.high)
        .end();
  w.end();
}

}  // namespace

std::string to_json(const Report& report) {
  std::string out;
  base::json::Writer w(out);
  w.object().field("schema", "basin.eval/1").field("n", report.n).field("large", report.large);
  write_interval(w.key("auc"), report.auc);
  if (report.second_stage) w.field("second_stage", *report.second_stage);
  w.field("accuracy", report.accuracy).field("large_sent_small", report.large_sent_small);
  w.field("small_sent_large", report.small_sent_large);
  w.key("pairs").object().field("n", report.pairs).field("right", report.pairs_right).end();
  write_groups(w.key("by"), report.by);
  write_groups(w.key("by_language"), report.by_language);
  w.key("baselines").object();
  for (const auto& [name, value] : report.baselines) w.field(name, value);
  w.end().field("ece", report.ece).key("flips").object();
  for (const auto& [name, flips] : report.flips) w.field(name, flips.share());
  w.end().key("flips_n").object();
  for (const auto& [name, flips] : report.flips) w.field(name, flips.n);
  w.end().end();
  return out;
}

}  // namespace basin::lab
