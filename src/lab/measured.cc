// How far can the essay's two quantities be read off a prompt? Both have a measured side: the share of new information
// by the fixed coder (coder.cc), and the steps that some sets count. Each set is predicted by a model that was trained
// without it, and ranks are compared: the scales of two sets differ, the order within one means something.
//
// Pooled ranks mostly tell kinds of task apart (a rewrite from a story); ranks within a set tell prompts of one kind
// apart, which is much harder: their asks are nearly the same.
#include "lab/measured.h"

#include <array>
#include <map>
#include <optional>

#include "base/json_writer.h"
#include "geometry/measure.h"
#include "lab/metrics.h"

namespace basin::lab {
namespace {

// Sets with the same tasks or texts under two names are held out together.
constexpr std::array<std::array<std::string_view, 2>, 3> kRelatives = {
    {{"gsm8k", "svamp"}, {"bbh", "logic_proofs"}, {"qmsum", "squality"}}};

bool related(const std::string& a, const std::string& b) {
  if (a == b) return true;
  for (const auto& [x, y] : kRelatives) {
    if ((a == x && b == y) || (a == y && b == x)) return true;
  }
  return false;
}

struct Columns {
  std::vector<double> predicted, measured;
  void add(double p, double m) {
    predicted.push_back(p);
    measured.push_back(m);
  }
  std::optional<double> rank_agreement() const {
    if (predicted.size() < kLeastRanked) return std::nullopt;
    return spearman(predicted, measured);
  }
};

double mean_of(const std::vector<MeasuredSet>& sets, std::optional<double> MeasuredSet::*figure) {
  double sum = 0, n = 0;
  for (const MeasuredSet& set : sets) {
    if (!(set.*figure)) continue;
    sum += *(set.*figure);
    ++n;
  }
  return n > 0 ? sum / n : 0;
}

// Sets are held out several at a time, and never a set without its relatives: that is stricter than one by one, and a
// fifth of the time.
constexpr std::size_t kSetGroups = 7;

std::size_t group_of(const std::string& name, const std::map<std::string, std::vector<const Prepared*>>& sets) {
  std::string first = name;
  for (const auto& [other, rows] : sets) {
    if (related(other, name)) {
      first = other;
      break;
    }
  }
  return static_cast<std::size_t>(std::distance(sets.begin(), sets.find(first))) % kSetGroups;
}

void rank(const std::vector<const Prepared*>& held_out, const geometry::Model& model, MeasuredSet& set,
          Columns& pooled) {
  geometry::Scratch scratch;
  Columns info, depth;
  for (const Prepared* row : held_out) {
    const core::Difficulty d = geometry::measure(row->example->prompt, model, scratch);
    if (row->example->measured_share) {
      info.add(d.delta_info, *row->example->measured_share);
      pooled.add(d.delta_info, *row->example->measured_share);
    }
    if (row->example->counted_steps) depth.add(d.depth, *row->example->counted_steps);
  }
  set.info_rows = info.predicted.size();
  set.depth_rows = depth.predicted.size();
  set.info = info.rank_agreement();
  set.depth = depth.rank_agreement();
}

MeasuredReport summed_up(std::vector<MeasuredSet> sets, const Columns& pooled) {
  MeasuredReport report;
  report.sets = std::move(sets);
  report.info_rows = pooled.predicted.size();
  report.info_pooled = pooled.rank_agreement().value_or(0);
  report.info_within = mean_of(report.sets, &MeasuredSet::info);
  report.depth_within = mean_of(report.sets, &MeasuredSet::depth);
  return report;
}

using Sets = std::map<std::string, std::vector<const Prepared*>>;

Sets measured_sets(const std::vector<Prepared>& rows) {
  Sets sets;
  for (const Prepared& row : rows) {
    const Example& e = *row.example;
    if (!e.realistic && (e.measured_share || e.counted_steps)) sets[e.source].push_back(&row);
  }
  std::erase_if(sets, [](const auto& set) { return set.second.size() < kLeastRanked; });
  return sets;
}

}  // namespace

MeasuredReport hold_out_sets(const std::vector<Prepared>& rows, const TrainOptions& options,
                             const std::function<void(const MeasuredSet&)>& done) {
  const Sets sets = measured_sets(rows);
  std::vector<MeasuredSet> results;
  Columns pooled;
  for (std::size_t group = 0; group < kSetGroups; ++group) {
    const auto held_out = [&](const std::string& name) { return sets.contains(name) && group_of(name, sets) == group; };
    std::vector<const Prepared*> seen;
    for (const Prepared& row : rows) {
      if (row.example->realistic || !held_out(row.example->source)) seen.push_back(&row);
    }
    const auto model = build(fit(seen, options));
    for (const auto& [name, members] : sets) {
      if (!held_out(name)) continue;
      MeasuredSet& set = results.emplace_back();
      set.name = name;
      rank(members, *model, set, pooled);
      done(set);
    }
  }
  return summed_up(std::move(results), pooled);
}

MeasuredReport hold_out_rows(const std::vector<Prepared>& rows, const TrainOptions& options) {
  std::vector<const Prepared*> seen;
  Sets held_out;
  std::size_t i = 0;
  for (const Prepared& row : rows) {
    const Example& e = *row.example;
    const bool measured = !e.realistic && (e.measured_share || e.counted_steps);
    if (measured && i++ % kRowFolds == 0)
      held_out[e.source].push_back(&row);
    else
      seen.push_back(&row);
  }
  const auto model = build(fit(seen, options));
  std::vector<MeasuredSet> results;
  Columns pooled;
  for (const auto& [name, members] : held_out) {
    MeasuredSet& set = results.emplace_back();
    set.name = name;
    rank(members, *model, set, pooled);
  }
  return summed_up(std::move(results), pooled);
}

std::string to_json(const MeasuredReport& report) {
  std::string out;
  base::json::Writer w(out);
  w.object().field("schema", "basin.measured/1");
  w.key("delta_info").object().field("n", report.info_rows).field("pooled", report.info_pooled);
  w.field("within", report.info_within).end();
  w.key("depth").object().field("within", report.depth_within).end();
  w.key("sets").object();
  for (const MeasuredSet& set : report.sets) {
    w.key(set.name).object();
    if (set.info) w.key("delta_info").object().field("n", set.info_rows).field("spearman", *set.info).end();
    if (set.depth) w.key("depth").object().field("n", set.depth_rows).field("spearman", *set.depth).end();
    w.end();
  }
  w.end().end();
  return out;
}

}  // namespace basin::lab
