// `basin calibrate`: from rows of one's own traffic to a threshold that comes with a promise.
#include <fmt/format.h>

#include <cmath>
#include <optional>

#include "api/explainer.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/weights_file.h"
#include "lab/jsonl.h"
#include "lab/outcome_row.h"
#include "lab/risk_control.h"

namespace basin::cli {
namespace {

// "2%", "2 %" or ".02": a share strictly between 0 and 1.
std::optional<double> read_share(std::string_view text) {
  double scale = 1;
  if (text.ends_with('%')) {
    scale = 0.01;
    text.remove_suffix(1);
    while (text.ends_with(' ')) text.remove_suffix(1);
  }
  double value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  value *= scale;
  if (!(value > 0 && value < 1)) return std::nullopt;
  return value;
}

std::string percent(double share) { return fmt::format("{:.1f} %", share * 100); }

class Calibrate : public Command {
 public:
  void declare(Options& options) override {
    options.text("--worse", "SHARE", worse_, "at most this share of requests worse off than with the large model: 2%")
        .number("--large-per-day", "N", per_day_, "at most so many large requests a day, on average", 0.01, 1e9)
        .number("--days", "D", days_, "with --large-per-day: the rows are all requests of so many days", 0.01, 36500)
        .text("--confidence", "SHARE", confidence_, "how sure the promise is to be; 95% unless said otherwise")
        .text("--weights", "FILE", weights_, "another weight file than the built-in one")
        .arguments("FILE", files_, "JSONL rows, plain or gzip; without one, or for -, standard input");
  }

  Exit run(Context& context) override {
    if (worse_.empty() == !per_day_)
      return context.fail(Exit::usage, "say what is to be promised: either --worse 2% or --large-per-day 40");
    const auto confidence = read_share(confidence_);
    if (!confidence)
      return context.fail(Exit::usage, "--confidence wants a share like 95%, not \"" + confidence_ + "\"");
    const auto worse = worse_.empty() ? std::optional<double>() : read_share(worse_);
    if (!worse_.empty() && !worse)
      return context.fail(Exit::usage, "--worse wants a share like 2%, not \"" + worse_ + "\"");
    if (per_day_ && !days_)
      return context.fail(Exit::usage, "--large-per-day needs --days: how many days the rows are of");
    auto model = open_model(weights_);
    if (!model) return context.fail(model.error());
    const auto rows = read(*model, worse.has_value(), context);
    if (!rows) return context.fail(rows.error());
    return worse ? promise(*rows, *worse, *confidence, context) : quota(*rows, *confidence, context);
  }

 private:
  // Rows without an outcome are left out where one is needed; a row that cannot be read is an error with its line.
  base::Result<std::vector<lab::Outcome>> read(const std::shared_ptr<const geometry::Model>& model, bool needs_outcome,
                                               Context& context) {
    if (files_.empty()) files_.push_back("-");
    std::vector<lab::Outcome> rows;
    api::Explainer explainer(model);
    std::optional<base::Error> bad;
    for (const std::string& file : files_) {
      note_if_typed(file, context);
      std::size_t line = 0;
      const auto status = lab::for_each_row(file, [&](base::json::Value row) {
        ++line;
        const auto loss = lab::loss_of(row);
        if (needs_outcome && loss && !*loss) return true;
        const auto decision = explainer.explain_row(row);
        if (!loss || !decision)
          bad = base::fail(base::Code::invalid, fmt::format("{}, row {}: {}", file, line,
                                                            !loss ? loss.error().message : decision.error().message));
        else
          rows.push_back({decision->difficulty.p_small_ok, loss->value_or(0)});
        return !bad;
      });
      if (bad) return *bad;
      if (!status) return status.error();
    }
    return rows;
  }

  Exit promise(const std::vector<lab::Outcome>& rows, double worse, double confidence, Context& context) const {
    const auto found = lab::at_most_worse(rows, worse, confidence);
    const std::size_t least = lab::least_rows(worse, confidence);
    const std::size_t missing = !found && rows.size() < least ? least - rows.size() : 0;
    if (context.flags.json) {
      std::string out;
      base::json::Writer w(out);
      w.object().field("schema", "basin.calibration/1").field("n", rows.size()).field("worse_wanted", worse);
      w.field("confidence", confidence);
      if (found) {
        w.field("target_risk", found->target_risk).field("worse", found->worse);
        w.field("worse_at_most", found->worse_at_most).field("small_share", found->small_share);
      } else {
        w.key("target_risk").null().field("least_rows", least).field("missing_rows", missing);
      }
      w.end();
      context.out.line(out);
    } else if (found) {
      context.out.line(fmt::format("target_risk = {:.2f}   # under [routing]", found->target_risk));
      context.out.line(fmt::format("{} of {} rows would go small; {} of all worse off, at most {} with {} confidence",
                                   percent(found->small_share), rows.size(), percent(found->worse),
                                   percent(found->worse_at_most), percent(confidence)));
    }
    if (found) return Exit::ok;
    if (missing > 0)
      return context.fail(Exit::unsure, fmt::format("{} rows with an outcome; {} more are needed before {} can be "
                                                    "promised at all ({} in all, were none of them worse)",
                                                    rows.size(), missing, percent(worse), least));
    return context.fail(Exit::unsure,
                        fmt::format("with {} rows no threshold keeps to {}: the prompts that look easiest already "
                                    "fail too often, or are too few. More rows, or a larger share, would tell",
                                    rows.size(), percent(worse)));
  }

  Exit quota(const std::vector<lab::Outcome>& rows, double confidence, Context& context) const {
    const auto found = lab::at_most_large(rows, *days_, *per_day_, confidence);
    const double least = lab::least_days(*per_day_, confidence);
    if (context.flags.json) {
      std::string out;
      base::json::Writer w(out);
      w.object().field("schema", "basin.calibration/1").field("n", rows.size()).field("days", *days_);
      w.field("large_per_day_wanted", *per_day_).field("confidence", confidence);
      if (found) {
        w.field("target_risk", found->target_risk).field("large_per_day", found->large_per_day);
        w.field("large_at_most", found->large_at_most).field("small_share", found->small_share);
      } else {
        w.key("target_risk").null().field("least_days", least);
        w.field("missing_days", std::max(0.0, least - *days_));
      }
      w.end();
      context.out.line(out);
    } else if (found) {
      context.out.line(fmt::format("target_risk = {:.2f}   # under [routing]", found->target_risk));
      context.out.line(fmt::format("{:.1f} large a day of {:.1f}; on average at most {:.1f} with {} confidence",
                                   found->large_per_day, static_cast<double>(rows.size()) / *days_,
                                   found->large_at_most, percent(confidence)));
    }
    if (found) return Exit::ok;
    return context.fail(Exit::unsure, fmt::format("{} days are too few: {:.1f} more are needed before {} a day can be "
                                                  "promised",
                                                  *days_, std::max(0.0, least - *days_), *per_day_));
  }

  std::string worse_, confidence_ = "95%", weights_;
  std::optional<double> per_day_, days_;
  std::vector<std::string> files_;
};

}  // namespace

extern const CommandInfo kCalibrate;
constinit const CommandInfo kCalibrate = {
    .name = "calibrate",
    .summary = "find the threshold that keeps a promise, from rows of your own",
    .details =
        "Rows have a prompt, messages, or the fields of a request body, and what became of them: `ok` (true when the "
        "small model's answer was as good as the large one's would have been), or `scores` with `small` and `large` "
        "from 0 to 1, or a `tier` (small or large) that somebody judged. Prints the target_risk for [routing]. The "
        "promise is exact for any number of rows, as long as they are like the traffic to come: Clopper and Pearson's "
        "binomial bound (for scores, Hoeffding's and Bentkus'), along a fixed sequence of thresholds. With "
        "--large-per-day rows need no outcome. Exit 3 says that there is too little data, and how much is missing.",
    .examples =
        "basin calibrate outcomes.jsonl --worse 2% # at most 2 % of requests worse off, 95 % sure\n"
        "basin calibrate week.jsonl --large-per-day 40 --days 7 # stay within a subscription\n"
        "zcat judged/*.gz | basin calibrate --worse 5% --confidence 90% --json # for a script",
    .make = &make_command<Calibrate>};

}  // namespace basin::cli
