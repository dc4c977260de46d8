// `basin eval`: the engine beside labels, and beside what one line of code would have scored.
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "cli/command.h"
#include "cli/eval_outcomes.h"
#include "cli/weights_file.h"
#include "cli/write_file.h"
#include "lab/dataset.h"
#include "lab/evaluate.h"
#include "lab/report_svg.h"
#include "route/options.h"

namespace basin::cli {
namespace {

// "auc=.9": a figure and the least it may be.
struct Requirement {
  std::string figure;
  double least = 0;
};

std::optional<Requirement> read_requirement(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return std::nullopt;
  Requirement requirement{std::string(text.substr(0, equals)), 0};
  if (requirement.figure != "auc" && requirement.figure != "accuracy") return std::nullopt;
  const std::string_view number = text.substr(equals + 1);
  const auto read = std::from_chars(number.data(), number.data() + number.size(), requirement.least);
  if (read.ec != std::errc() || read.ptr != number.data() + number.size()) return std::nullopt;
  if (!std::isfinite(requirement.least)) return std::nullopt;
  return requirement;
}

void print_groups(std::string_view title, const std::map<std::string, lab::Group>& groups, Terminal& out) {
  if (groups.empty()) return;
  out.line(std::string(title));
  for (const auto& [name, group] : groups)
    out.line(fmt::format("{:<18} {:.3f}  {:.3f} to {:.3f}  n {}", "  " + name, group.auc.value, group.auc.low,
                         group.auc.high, group.n));
}

void print_for_people(const lab::Report& r, Terminal& out) {
  out.line(fmt::format("{:<18} {} prompts, {} of them large", "n", r.n, r.large));
  out.line(fmt::format("{:<18} {}  90 % interval {:.3f} to {:.3f}", "AUC",
                       out.paint(Style::bold, fmt::format("{:.3f}", r.auc.value)), r.auc.low, r.auc.high));
  for (const auto& [name, value] : r.baselines) out.line(fmt::format("{:<18} {:.3f}", "  baseline " + name, value));
  if (r.second_stage) out.line(fmt::format("{:<18} {:.3f}", "second stage", *r.second_stage));
  out.line(fmt::format("{:<18} {:.3f}  large sent small {:.3f}, small sent large {:.3f}", "accuracy", r.accuracy,
                       r.large_sent_small, r.small_sent_large));
  if (r.pairs > 0) out.line(fmt::format("{:<18} {} of {} in the right order", "minimal pairs", r.pairs_right, r.pairs));
  out.line(fmt::format("{:<18} {:.3f}", "calibration error", r.ece));
  for (const auto& [name, flips] : r.flips)
    out.line(fmt::format("{:<26} {:.3f}  n {}", "flips by " + name, flips.share(), flips.n));
  print_groups("AUC of families", r.by, out);
  print_groups("AUC of languages", r.by_language, out);
}

class Eval : public Command {
 public:
  void declare(Options& options) override {
    options.text("--weights", "FILE", weights_, "another weight file than the built-in one")
        .text("--encoder", "FILE", encoder_, kEncoderHelp)
        .flag("--as-typed", as_typed_, "measure asks as they were typed, without mending mistyped words")
        .text("--require", "FIGURE=LEAST", require_, "exit 1 when auc or accuracy is less than this")
        .number("--threshold", "P", threshold_,
                "send small from this P(small ok) on; unless given, what the default target_risk asks for", 0, 1)
        .texts("--weak", "MODEL", outcomes_.weak,
               "outcome rows: the model to route away from; several count by their mean")
        .texts("--strong", "MODEL", outcomes_.strong, "outcome rows: the model to route to")
        .text("--without", "FILE", outcomes_.without, "outcome rows: leave out the prompts of this file")
        .text("--svg", "FILE", outcomes_.svg,
              "draw it: reliability and the two errors, or, of outcome rows, quality against share")
        .arguments("FILE", files_, "labelled rows or outcome rows, .jsonl or .jsonl.gz");
  }

  Exit run(Context& context) override {
    if (files_.empty()) return context.fail(Exit::usage, "name a file of labelled rows; see `basin eval --help`");
    std::optional<Requirement> requirement;
    if (!require_.empty() && !(requirement = read_requirement(require_)))
      return context.fail(Exit::usage, "--require wants auc=NUMBER or accuracy=NUMBER, not \"" + require_ + "\"");
    auto model = open_model(weights_, encoder_);
    if (!model) return context.fail(model.error());
    if (as_typed_) model = (*model)->with(std::shared_ptr<const geometry::Spelling>());
    const auto outcomes = has_outcomes(files_);
    if (!outcomes) return context.fail(outcomes.error());
    if (*outcomes) {
      outcomes_.files = files_;
      return eval_outcomes(outcomes_, **model, context);
    }
    std::vector<lab::Example> examples;
    for (const std::string& file : files_) {
      auto rows = lab::load_labelled(file);
      if (!rows) return context.fail(rows.error());
      std::move(rows->begin(), rows->end(), std::back_inserter(examples));
    }
    if (examples.empty())
      return context.fail(Exit::unsure,
                          "no row has a \"tier\" that is \"small\" or \"large\": nothing to compare with");
    const lab::Report report = lab::evaluate(examples, **model, threshold_);
    if (report.large == 0 || report.large == report.n)
      return context.fail(Exit::unsure, "every row has the same tier: rows of both, small and large, are needed");
    if (context.flags.json)
      context.out.line(lab::to_json(report));
    else
      print_for_people(report, context.out);
    if (!outcomes_.svg.empty()) {
      if (const auto written = write_file(outcomes_.svg, lab::to_svg(report), 0644, Existing::replace); !written)
        return context.fail(Exit::usage, written.error().message);
    }
    if (!requirement) return Exit::ok;
    const double reached = requirement->figure == "auc" ? report.auc.value : report.accuracy;
    return reached >= requirement->least ? Exit::ok : Exit::negative;
  }

 private:
  std::string weights_, encoder_, require_;
  bool as_typed_ = false;
  OutcomeQuestion outcomes_;
  double threshold_ = 1 - route::Options{}.target_risk;
  std::vector<std::string> files_;
};

}  // namespace

extern const CommandInfo kEval;
constinit const CommandInfo kEval = {
    .name = "eval",
    .summary = "measure the engine on labelled prompts, beside simple baselines",
    .details =
        "Rows have a prompt or messages, a tier (small or large), and may have a family, a source, a lang and a pair. "
        "Prints the area under the ROC curve with its bootstrap interval, of families and languages too, both kinds of "
        "error, minimal pairs, calibration, the share of decisions that change when prompts are written differently "
        "(case, spaces, typing errors, politeness, fields in another order, requests amid the material), and the AUC "
        "of prompt length, words of the ask, and chance.\n\n"
        "Rows that have `scores` (models' names and 0 to 1) instead of a tier are routed between --weak and --strong: "
        "APGR, CPT and AIQ by what the models can do, by difficulty, and by length, words, chance, the best order of "
        "domains and an oracle.",
    .examples =
        "basin eval gold.jsonl.gz # readable\n"
        "basin eval mine.jsonl --json --require auc=.9 # for a script: exit 1 when it is less\n"
        "basin eval scores.jsonl --weak small-model --strong large-model --svg curve.svg # what routing would be worth",
    .make = &make_command<Eval>};

}  // namespace basin::cli
