// `basin train`: from data to a weight file.
#include <fmt/format.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/train_ability.h"
#include "cli/weights_file.h"
#include "cli/write_file.h"
#include "lab/dataset.h"
#include "lab/hold_out.h"
#include "lab/measured.h"
#include "lab/second_stage.h"
#include "lab/trainer.h"
#include "lab/vocabulary.h"

namespace basin::cli {
namespace {

class Train : public Command {
 public:
  void declare(Options& options) override {
    options.text("--data", "DIR", paths_.data, "the folder with real_labelled.jsonl.gz and topology/")
        .text("--own", "DIR", paths_.own, "the project's training/ folder: data/ and labels/")
        .text("--out", "FILE", out_, "where the weights go")
        .text("--encoder", "FILE", encoder_, "fit a second stage to this encoder (with --encoder-rows)")
        .text("--encoder-rows", "FILE", encoder_rows_,
              "JSONL of held-out rows: \"id\", and \"outputs\" of an encoder that had not seen the row")
        .text("--spelling", "FILE", spelling_, "write the words that asks are mended by, instead of weights")
        .flag("--by-source", by_source_, "write nothing: score each source by a model that has not seen it")
        .text("--outcomes", "DIR", outcomes_, "fit what models can do, from files of outcome rows, instead of weights")
        .text("--weights", "FILE", weights_, "with --outcomes: another weight file than the built-in one")
        .flag("--by-set", by_set_,
              "write nothing: predict each set's measured dI and D by a model that has not seen it")
        .number("--seed", "N", train_.seed, "another seed gives other weights of the same quality", 0, 1e9);
  }

  Exit run(Context& context) override {
    const bool needs_no_data = !outcomes_.empty() && !by_source_;
    if ((paths_.data.empty() && !needs_no_data) || (out_.empty() && spelling_.empty() && !by_source_ && !by_set_))
      return context.fail(Exit::usage, "--data is wanted, and --out, --spelling, --by-source or --by-set");
    if (encoder_.empty() != encoder_rows_.empty())
      return context.fail(Exit::usage, "--encoder and --encoder-rows belong together");
    // Before the training, not after it.
    std::error_code unknown;
    const std::filesystem::path folder = std::filesystem::path(spelling_.empty() ? out_ : spelling_).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder, unknown))
      return context.fail(Exit::usage, (spelling_.empty() ? "--out" : "--spelling") +
                                           std::string(": there is no folder ") + folder.string());
    if (!outcomes_.empty()) return ability(context);
    const auto say = [&](const std::string& text) { context.note(text); };
    if (!spelling_.empty()) return count_words(context, say);
    auto examples = lab::load_training(paths_, say);
    if (!examples) return context.fail(examples.error());
    say(fmt::format("{} rows", examples->size()));
    const auto rows = lab::prepare(*examples);
    if (by_set_) return hold_out_sets(rows, context);
    if (by_source_) return hold_out(rows, context);
    lab::Trained trained = lab::train(rows, train_, say);
    if (auto added = add_second_stage(trained, say); !added) return context.fail(added.error());
    const std::string weights = geometry::encode(trained.parts);
    return write(out_, weights, context);
  }

 private:
  static Exit write(const std::string& file, const std::string& bytes, Context& context) {
    if (const auto written = write_file(file, bytes, 0644, Existing::replace); !written)
      return context.fail(Exit::usage, written.error().message);
    context.note(fmt::format("{}: {} bytes", file, bytes.size()));
    return Exit::ok;
  }

  Exit count_words(Context& context, const std::function<void(const std::string&)>& say) const {
    const auto vocabulary = lab::count_words(paths_, say);
    if (!vocabulary) return context.fail(vocabulary.error());
    return write(spelling_, vocabulary->file(), context);
  }

  base::Status add_second_stage(lab::Trained& trained, const std::function<void(const std::string&)>& say) const {
    if (encoder_.empty()) return base::ok_status();
    const auto encoder = open_encoder(encoder_);
    if (!encoder) return encoder.error();
    const auto outputs = lab::read_encoder_rows(encoder_rows_);
    if (!outputs) return outputs.error();
    auto blend = lab::fit_blend(trained.held_out, trained.parts.head, *outputs, (*encoder)->mark(), say);
    if (!blend) return blend.error();
    trained.parts.blend = std::move(*blend);
    return base::ok_status();
  }

  Exit hold_out(const std::vector<lab::Prepared>& rows, Context& context) const {
    lab::leave_one_source_out(rows, train_, [&](const std::string& source, const lab::Report& r) {
      context.out.line(fmt::format("{:<34} n {:>4}  AUC {:.3f} ({:.3f} to {:.3f})  length {:.3f}", source, r.n,
                                   r.auc.value, r.auc.low, r.auc.high, r.baselines.at("length")));
    });
    return Exit::ok;
  }

  Exit ability(Context& context) const {
    auto model = open_model(weights_);
    if (!model) return context.fail(model.error());
    if (by_source_) return report_ability(outcomes_, paths_, train_, **model, context);
    return fit_ability(outcomes_, **model, out_, context);
  }

  static void print_measured(std::string_view of, const lab::MeasuredReport& report, Context& context) {
    context.out.line(fmt::format("{}: dI pooled {:.3f}, mean within a set {:.3f}; D mean within a set {:.3f}", of,
                                 report.info_pooled, report.info_within, report.depth_within));
  }

  Exit hold_out_sets(const std::vector<lab::Prepared>& rows, Context& context) const {
    const auto figure = [](const std::optional<double>& value) {
      return value ? fmt::format("{:>6.3f}", *value) : std::string("     -");
    };
    const auto report = lab::hold_out_sets(rows, train_, [&](const lab::MeasuredSet& set) {
      if (!context.flags.json)
        context.out.line(fmt::format("{:<24} dI {} n {:>4}   D {} n {:>4}", set.name, figure(set.info), set.info_rows,
                                     figure(set.depth), set.depth_rows));
    });
    if (context.flags.json)
      context.out.line(lab::to_json(report));
    else
      print_measured("sets not seen", report, context);
    if (!context.flags.json) print_measured("rows not seen", lab::hold_out_rows(rows, train_), context);
    return Exit::ok;
  }

  bool by_source_ = false, by_set_ = false;
  std::string outcomes_, weights_;
  lab::DataPaths paths_{.data = "", .own = "training", .templates = true};
  std::string out_, spelling_, encoder_, encoder_rows_;
  lab::TrainOptions train_;
};

}  // namespace

extern const CommandInfo kTrain;
constinit const CommandInfo kTrain = {
    .name = "train",
    .summary = "make a weight file from data",
    .details =
        "Reads labelled prompts and task sets (training/README.md says which), trains on one core in under a minute, "
        "calibrates on held-out folds, and writes the weights. The same data and seed give the same bytes.",
    .examples =
        "basin train --data data --out weights/basin.weights # the shipped weights again\n"
        "basin train --data data --spelling weights/spelling.basin # the words that asks are mended by\n"
        "basin train --data data --by-set # dI and D beside what is measured, on sets and rows not seen\n"
        "basin train --data data --by-source # how far it carries to prompts from elsewhere\n"
        "basin train --outcomes data/outcomes --out src/upstream/ability_fit.inc # what models can do\n"
        "basin train --outcomes data/outcomes --data data --by-source # how far that carries",
    .make = &make_command<Train>};

}  // namespace basin::cli
