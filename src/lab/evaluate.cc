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

void add_groups(const std::vector<Example>& examples, const std::vector<double>& difficulties, Report& report) {
  std::map<std::string, std::vector<Scored>> groups;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const Example& e = examples[i];
    const std::string& name = e.family.empty() ? e.source : e.family;
    if (!name.empty()) groups[name].push_back({difficulties[i], *e.large});
  }
  for (const auto& [name, rows] : groups) {
    report.by[name] = auc(rows);
    report.by_n[name] = rows.size();
  }
}

}  // namespace

Report evaluate(const std::vector<Example>& examples, const std::vector<double>& difficulties, double threshold) {
  Report report;
  report.n = examples.size();
  std::vector<Scored> rows, chances;
  double right = 0, missed = 0, wasted = 0;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const bool large = *examples[i].large;
    const double p_large = geometry::logistic(difficulties[i]);
    const bool sent_small = 1 - p_large >= threshold;
    rows.push_back({difficulties[i], large});
    chances.push_back({p_large, large});
    report.large += large ? 1 : 0;
    right += sent_small != large ? 1 : 0;
    missed += large && sent_small ? 1 : 0;
    wasted += !large && !sent_small ? 1 : 0;
  }
  const auto n = static_cast<double>(std::max<std::size_t>(report.n, 1));
  report.auc = bootstrap(
      rows, [](std::span<const Scored> sample) { return auc(sample); }, 1);
  report.accuracy = right / n;
  report.large_sent_small = report.large > 0 ? missed / static_cast<double>(report.large) : 0;
  report.small_sent_large = report.n > report.large ? wasted / static_cast<double>(report.n - report.large) : 0;
  report.ece = calibration_error(chances);
  count_pairs(examples, difficulties, report);
  add_groups(examples, difficulties, report);
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
    std::size_t flipped = 0;
    for (std::size_t i = 0; i < examples.size(); ++i) {
      core::Prompt prompt = examples[i].prompt;
      prompt.ask = disturb(prompt.ask, disturbance);
      const double p = geometry::measure_in_full(prompt, model, scratch, encoder_scratch).p_small_ok;
      if ((p >= threshold) != (geometry::logistic(-difficulties[i]) >= threshold)) ++flipped;
    }
    report.flips[std::string(name_of(disturbance))] =
        static_cast<double>(flipped) / static_cast<double>(std::max<std::size_t>(examples.size(), 1));
  }
  return report;
}

std::string to_json(const Report& report) {
  std::string out;
  base::json::Writer w(out);
  w.object().field("schema", "basin.eval/1").field("n", report.n).field("large", report.large);
  w.key("auc")
      .object()
      .field("value", report.auc.value)
      .field("low", report.auc.low)
      .field("high", report.auc.high)
      .end();
  if (report.second_stage) w.field("second_stage", *report.second_stage);
  w.field("accuracy", report.accuracy).field("large_sent_small", report.large_sent_small);
  w.field("small_sent_large", report.small_sent_large);
  w.key("pairs").object().field("n", report.pairs).field("right", report.pairs_right).end();
  w.key("by").object();
  for (const auto& [name, value] : report.by)
    w.key(name).object().field("n", report.by_n.at(name)).field("auc", value).end();
  w.end().key("baselines").object();
  for (const auto& [name, value] : report.baselines) w.field(name, value);
  w.end().field("ece", report.ece).key("flips").object();
  for (const auto& [name, value] : report.flips) w.field(name, value);
  w.end().end();
  return out;
}

}  // namespace basin::lab
