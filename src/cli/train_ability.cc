// `basin train --outcomes`: ability from the outcomes of many models.
#include "cli/train_ability.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/write_file.h"
#include "geometry/load.h"
#include "geometry/measure.h"
#include "lab/ability_report.h"
#include "lab/trainer.h"
#include "prompt/ask.h"

namespace basin::cli {
namespace {

// Answers there are graded by counts of errors or by hundred samples: no chance of being right.
const std::set<std::string> kNotChances = {"quintd_data2text", "evalperf_passrate"};

base::Result<lab::Outcomes> read_outcomes(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    const std::string name = entry.path().filename().string();
    if (name.find(".jsonl") != std::string::npos && !kNotChances.contains(name.substr(0, name.find('.'))))
      files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  lab::Outcomes outcomes;
  for (const std::string& file : files) {
    if (auto read = lab::add_outcomes(file, {}, outcomes); !read) return read.error();
  }
  if (outcomes.rows.empty())
    return base::fail(base::Code::not_found, "--outcomes: no file of outcome rows (*.jsonl.gz) is in " + folder);
  return outcomes;
}

// Measures every prompt once.
class Measured {
 public:
  explicit Measured(const geometry::Model& model) : model_(model) {}
  const core::Difficulty& of(const std::string& text) {
    const auto at = known_.find(text);
    if (at != known_.end()) return at->second;
    return known_.emplace(text, geometry::measure(prompt::prompt_of(text), model_, scratch_)).first->second;
  }
  lab::AbilityData sight(const lab::Outcomes& outcomes) {
    return lab::sight_all(
        outcomes, [this](const std::string& text) { return upstream::sight_of(of(text), geometry::load_of(text)); });
  }

 private:
  const geometry::Model& model_;
  geometry::Scratch scratch_;
  std::map<std::string, core::Difficulty> known_;
};

void print(const std::string& name, const lab::OutcomeReport& report, Terminal& out) {
  out.line(fmt::format("{:<10} {} -> {}{}, n {}, weak {:.3f}, strong {:.3f}", name, report.weak.front(),
                       report.strong.front(),
                       report.weak.size() > 1 ? fmt::format(" and {} more pairs", report.weak.size() - 1) : "",
                       report.n, report.weak_mean, report.strong_mean));
  for (const lab::Policy& p : report.policies) {
    out.line(fmt::format(
        "  {:<12} APGR {:.3f} ({:.3f} to {:.3f})  over length {:+.3f} to {:+.3f}, over words {:+.3f} to {:+.3f}",
        p.name, p.apgr.value, p.apgr.low, p.apgr.high, p.over_length.low, p.over_length.high, p.over_words.low,
        p.over_words.high));
  }
}

void print(std::string_view name, std::string_view shape, const lab::Calibration& c, bool unseen, Terminal& out) {
  out.line(fmt::format(
      "{:<14} {:<9} error {:.3f}, {:.3f} bits{}", name, shape, c.raw, c.bits,
      unseen ? fmt::format("; after {} rows {:.3f}, {:.3f} bits", lab::kCalibrationRows, c.after, c.bits_after)
             : std::string()));
}

constexpr std::array<std::pair<lab::DepthShape, std::string_view>, 2> kShapes = {
    {{lab::DepthShape::logit, "logit"}, {lab::DepthShape::survival, "survival"}}};

}  // namespace

Exit fit_ability(const std::string& folder, const geometry::Model& model, const std::string& out, Context& context) {
  auto outcomes = read_outcomes(folder);
  if (!outcomes) return context.fail(outcomes.error());
  Measured measured(model);
  const lab::AbilityData data = measured.sight(*outcomes);
  const lab::AbilityFit fit(data, lab::DepthShape::logit, [](const lab::Sighted&) { return true; });
  if (const auto written = write_file(out, fit.to_source(), 0644, Existing::replace); !written)
    return context.fail(Exit::usage, written.error().message);
  context.note(fmt::format("{}: ability from {} prompts", out, data.prompts.size()));
  return Exit::ok;
}

Exit report_ability(const std::string& folder, const lab::DataPaths& paths, const lab::TrainOptions& train,
                    const geometry::Model& model, Context& context) {
  const auto sources = lab::read_held_out(paths.own + "/held_out.jsonl");
  if (!sources) return context.fail(sources.error());
  auto outcomes = read_outcomes(folder);
  if (!outcomes) return context.fail(outcomes.error());
  Measured measured(model);
  const lab::AbilityData data = measured.sight(*outcomes);
  for (const auto& [shape, name] : kShapes)
    print("within", name, lab::calibration_within(data, shape), false, context.out);
  for (const lab::HeldOut& held_out : *sources) {
    // The measure, too, is made without what resembles the source.
    std::shared_ptr<const geometry::Model> without;
    if (!held_out.task_sets.empty()) {
      lab::DataPaths less = paths;
      less.without = held_out.task_sets;
      auto examples = lab::load_training(less, [](const std::string&) {});
      if (!examples) return context.fail(examples.error());
      without = lab::build(lab::train(lab::prepare(*examples), train, [](const std::string&) {}).parts);
    }
    Measured unseen(without ? *without : model);
    const lab::AbilityData sighted = unseen.sight(*outcomes);
    for (const auto& [shape, name] : kShapes)
      print(held_out.name, name, lab::calibration_of(sighted, shape, held_out), true, context.out);
    if (held_out.pairs.empty()) continue;
    const auto difficulty = [&](const std::string& text) { return unseen.of(text).difficulty; };
    auto reports = lab::route_unseen(*outcomes, sighted, held_out, difficulty);
    if (!reports) return context.fail(reports.error());
    for (const lab::OutcomeReport& report : *reports) print(held_out.name, report, context.out);
  }
  return Exit::ok;
}

}  // namespace basin::cli
