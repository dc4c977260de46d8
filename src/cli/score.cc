// `basin score`: a filter, JSONL in, JSONL out, in the same order, on all cores, in flat memory.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "api/explainer.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/weights_file.h"
#include "lab/jsonl.h"

namespace basin::cli {
namespace {

// Rows are scored a batch at a time: enough to keep every core busy, little enough to stay flat.
constexpr std::size_t kBatchRows = 2048;
constexpr std::size_t kBatchBytes = 32u << 20;

void write_scores(const core::Decision& d, std::string_view raw_id, std::string& out) {
  base::json::Writer w(out);
  w.object().field("schema", "basin.score/1").key("id").raw(raw_id);
  w.field("action", core::name_of(d.action)).field("tier", d.tier).field("p_small_ok", d.difficulty.p_small_ok);
  w.field("difficulty", d.difficulty.difficulty).field("delta_info", d.difficulty.delta_info);
  w.field("delta_tokens", d.difficulty.delta_tokens).field("depth", d.difficulty.depth);
  const auto& topology = d.difficulty.topology;
  const auto most = static_cast<std::size_t>(std::max_element(topology.begin(), topology.end()) - topology.begin());
  w.field("topology", core::name_of(static_cast<core::Topology>(most))).field("ask", d.ask).end();
}

std::string score_line(std::string_view line, api::Explainer& explainer, base::json::Document& document) {
  std::string out, raw_id = "null", problem;
  if (auto parsed = document.parse_copy(line); !parsed) {
    problem = parsed.error().message;
  } else {
    const base::json::Value row = document.root();
    if (const auto id = row.member("id"); id.present()) raw_id = id.raw();
    if (const auto decision = explainer.explain_row(row))
      write_scores(*decision, raw_id, out);
    else
      problem = decision.error().message;
  }
  if (out.empty())
    base::json::Writer(out)
        .object()
        .field("schema", "basin.score/1")
        .key("id")
        .raw(raw_id)
        .field("error", problem)
        .end();
  out += '\n';
  return out;
}

// Scores a batch with one worker per core; results stand where their lines stood.
class Batch {
 public:
  explicit Batch(const std::shared_ptr<const geometry::Model>& model)
      : workers_(std::max(1u, std::thread::hardware_concurrency())) {
    for (unsigned i = 0; i < workers_; ++i) lanes_.push_back({api::Explainer(model), {}});
  }

  void add(std::string_view line) {
    lines_.emplace_back(line);
    bytes_ += line.size();
  }
  bool full() const { return lines_.size() >= kBatchRows || bytes_ >= kBatchBytes; }

  std::string run() {
    std::vector<std::string> results(lines_.size());
    std::atomic<std::size_t> next{0};
    const auto work = [&](Lane& lane) {
      for (std::size_t i; (i = next.fetch_add(1)) < lines_.size();)
        results[i] = score_line(lines_[i], lane.explainer, lane.document);
    };
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 1; i < lanes_.size() && i < lines_.size(); ++i)
        threads.emplace_back([&, i] { work(lanes_[i]); });
      work(lanes_[0]);
    }
    std::string out;
    for (const std::string& result : results) out += result;
    lines_.clear();
    bytes_ = 0;
    return out;
  }

 private:
  struct Lane {
    api::Explainer explainer;
    base::json::Document document;
  };
  unsigned workers_;
  std::vector<Lane> lanes_;
  std::vector<std::string> lines_;
  std::size_t bytes_ = 0;
};

class Score : public Command {
 public:
  void declare(Options& options) override {
    options.text("--weights", "FILE", weights_, "another weight file than the built-in one")
        .arguments("FILE", files_, "JSONL files, plain or gzip; without one, or for -, standard input");
  }

  Exit run(Context& context) override {
    auto model = open_model(weights_);
    if (!model) return context.fail(model.error());
    if (files_.empty()) files_.push_back("-");
    Batch batch(*model);
    for (const std::string& file : files_) {
      note_if_typed(file, context);
      const auto status = lab::for_each_line(file, [&](std::string_view line) {
        batch.add(line);
        if (batch.full()) context.out.write(batch.run());
        return !context.out.closed();
      });
      context.out.write(batch.run());
      if (!status) return context.fail(status.error());
    }
    return Exit::ok;
  }

 private:
  std::string weights_;
  std::vector<std::string> files_;
};

}  // namespace

extern const CommandInfo kScore;
constinit const CommandInfo kScore = {
    .name = "score",
    .summary = "measure many prompts: JSONL in, JSONL out, in order",
    .details =
        "Each row has an id, and a prompt, messages, or the fields of a request body. A row that cannot be read "
        "gives {\"id\",\"error\"} and the rest goes on. Uses every core and the same memory for any length.",
    .examples =
        "basin score prompts.jsonl.gz > scores.jsonl # a file\n"
        "parallel --pipe basin score < log.jsonl # as a filter",
    .make = &make_command<Score>};

}  // namespace basin::cli
