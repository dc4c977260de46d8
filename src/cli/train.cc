// `basin train`: from data to a weight file.
#include <fmt/format.h>

#include <fstream>

#include "cli/command.h"
#include "lab/dataset.h"
#include "lab/trainer.h"

namespace basin::cli {
namespace {

class Train : public Command {
 public:
  void declare(Options& options) override {
    options.text("--data", "DIR", paths_.data, "the folder with real_labelled.jsonl.gz and topology/")
        .text("--own", "DIR", paths_.own, "the project's training/ folder: data/ and labels/")
        .text("--out", "FILE", out_, "where the weights go")
        .number("--seed", "N", train_.seed, "another seed gives other weights of the same quality", 0, 1e9);
  }

  Exit run(Context& context) override {
    if (paths_.data.empty() || out_.empty()) return context.fail(Exit::usage, "--data and --out are wanted");
    const auto say = [&](const std::string& text) { context.note(text); };
    auto examples = lab::load_training(paths_, say);
    if (!examples) return context.fail(examples.error());
    say(fmt::format("{} rows", examples->size()));
    const auto rows = lab::prepare(*examples);
    const std::string weights = geometry::encode(lab::train(rows, train_, say));
    std::ofstream file(out_, std::ios::binary | std::ios::trunc);
    file.write(weights.data(), static_cast<std::streamsize>(weights.size()));
    if (!file.flush()) return context.fail(Exit::usage, out_ + ": cannot be written");
    say(fmt::format("{}: {} bytes", out_, weights.size()));
    return Exit::ok;
  }

 private:
  lab::DataPaths paths_{.data = "", .own = "training", .templates = true};
  std::string out_;
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
    .examples = "basin train --data data --out weights/basin.weights # the shipped weights again",
    .make = &make_command<Train>};

}  // namespace basin::cli
