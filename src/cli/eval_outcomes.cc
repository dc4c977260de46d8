#include "cli/eval_outcomes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <set>

#include "cli/write_file.h"
#include "geometry/load.h"
#include "geometry/measure.h"
#include "lab/curve_svg.h"
#include "lab/jsonl.h"
#include "lab/outcome_report.h"
#include "prompt/ask.h"
#include "upstream/ability.h"
#include "upstream/model_name.h"

namespace basin::cli {
namespace {

// The engine's two ways of ranking: by the difficulty alone, and by what the strong models' ability gains.
class Engine {
 public:
  Engine(const geometry::Model& model, const OutcomeQuestion& question) : model_(model), question_(question) {}

  double difficulty(const std::string& prompt) { return measure(prompt).difficulty; }

  double gain(const std::string& prompt) {
    const core::Difficulty difficulty = measure(prompt);
    const upstream::Sight sight = upstream::sight_of(difficulty, geometry::load_of(prompt));
    return mean_chance(question_.strong, sight) - mean_chance(question_.weak, sight);
  }

 private:
  core::Difficulty measure(const std::string& prompt) {
    return geometry::measure(prompt::prompt_of(prompt), model_, scratch_);
  }
  static double mean_chance(const std::vector<std::string>& names, const upstream::Sight& sight) {
    double sum = 0;
    for (const std::string& name : names) sum += upstream::chance_of(name, upstream::billions_in_name(name), sight);
    return sum / static_cast<double>(names.size());
  }

  const geometry::Model& model_;
  const OutcomeQuestion& question_;
  geometry::Scratch scratch_;
};

std::string side(const std::vector<std::string>& names, double mean) {
  return fmt::format("{} ({:.3f})", fmt::join(names, ", "), mean);
}

void print_for_people(const lab::OutcomeReport& r, Terminal& out) {
  out.line(fmt::format("{:<12} {} prompts; the weak side is enough for {:.3f} of them", "n", r.n, r.weak_is_enough));
  out.line(fmt::format("{:<12} {}", "weak", side(r.weak, r.weak_mean)));
  out.line(fmt::format("{:<12} {}", "strong", side(r.strong, r.strong_mean)));
  out.line(
      out.paint(Style::bold, fmt::format("{:<12} {:<24} {:<17} {:<17} {:>5} {:>6} {:>6} {:>6}", "ranked by",
                                         "APGR (90 %)", "over length", "over words", "AUC", "CPT50", "CPT80", "AIQ")));
  for (const lab::Policy& p : r.policies) {
    const auto between = [](const lab::Interval& i) { return fmt::format("{:+.3f} to {:+.3f}", i.low, i.high); };
    out.line(fmt::format("{:<12} {:<24} {:<17} {:<17} {:>5.3f} {:>6.3f} {:>6.3f} {:>6.3f}", p.name,
                         fmt::format("{:.3f} ({:.3f} to {:.3f})", p.apgr.value, p.apgr.low, p.apgr.high),
                         between(p.over_length), between(p.over_words), p.auc, p.cpt50, p.cpt80, p.aiq));
  }
  out.line(fmt::format("{:<12} {:.3f} without any routing", "best single", r.best_single));
}

}  // namespace

base::Result<bool> has_outcomes(const std::vector<std::string>& files) {
  bool outcomes = false;
  auto read = lab::for_each_row(files.front(), [&](base::json::Value row) {
    outcomes = lab::is_outcome(row);
    return false;
  });
  if (!read) return read.error();
  return outcomes;
}

Exit eval_outcomes(const OutcomeQuestion& question, const geometry::Model& model, Context& context) {
  if (question.weak.empty() || question.strong.empty())
    return context.fail(Exit::usage, "these rows hold models' scores: say which to route between, --weak M --strong M");
  std::set<std::string> without;
  if (!question.without.empty()) {
    auto prompts = lab::prompts_of(question.without);
    if (!prompts) return context.fail(prompts.error());
    without = std::move(*prompts);
  }
  lab::Outcomes outcomes;
  for (const std::string& file : question.files) {
    if (auto read = lab::add_outcomes(file, without, outcomes); !read) return context.fail(read.error());
  }
  Engine engine(model, question);
  auto report = lab::evaluate_outcomes(
      outcomes, question.weak, question.strong,
      {{"ability", [&](const lab::OutcomeRow& row) { return engine.gain(row.prompt); }},
       {"difficulty", [&](const lab::OutcomeRow& row) { return engine.difficulty(row.prompt); }}});
  if (!report) return context.fail(report.error());
  if (context.flags.json)
    context.out.line(lab::to_json(*report));
  else
    print_for_people(*report, context.out);
  if (question.svg.empty()) return Exit::ok;
  if (const auto written = write_file(question.svg, lab::to_svg(*report), 0644, Existing::replace); !written)
    return context.fail(Exit::usage, written.error().message);
  return Exit::ok;
}

}  // namespace basin::cli
