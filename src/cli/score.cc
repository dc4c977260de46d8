// `basin score`: a filter, JSONL in, JSONL out, in the same order, on all cores, in flat memory.
//
// One thread reads and writes; lines go to the workers by the batch and come back as the text to be written
// (lab::OrderedPool). What is within is bounded in bytes, so that a reader which outruns the workers waits for them.
#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <filesystem>
#include <optional>
#include <thread>
#include <vector>

#include "api/explainer.h"
#include "base/json_writer.h"
#include "cli/command.h"
#include "cli/input.h"
#include "cli/progress.h"
#include "cli/weights_file.h"
#include "lab/jsonl.h"
#include "lab/ordered_pool.h"

namespace basin::cli {
namespace {

// Large enough that handing it over costs nothing beside the work, small enough that all cores have some at the end.
constexpr std::size_t kBatchRows = 256;
constexpr std::size_t kBatchBytes = std::size_t{256} << 10U;
// Batches within, for each worker: one at work, one waiting, one done behind a slower one. With lines of ordinary size
// that bounds the memory; kBytesWithin bounds it for longer ones.
constexpr std::size_t kBatchesPerWorker = 3;
constexpr std::size_t kBytesWithin = std::size_t{32} << 20U;

// Some lines of the input, one after the other in one text.
struct Batch {
  struct Row {
    std::size_t end = 0;  // in text; it begins where the one before ends
    std::size_t number = 0;
    bool too_long = false;
  };
  std::string text;
  std::vector<Row> rows;

  void add(const lab::Line& line) {
    if (!line.too_long) text += line.text;
    rows.push_back({text.size(), line.number, line.too_long});
  }
  bool full() const { return rows.size() >= kBatchRows || text.size() >= kBatchBytes; }
};

void write_scores(const core::Decision& d, std::string_view ask, std::string_view raw_id, std::string& out) {
  base::json::Writer w(out);
  w.object().field("schema", "basin.score/1").key("id").raw(raw_id);
  w.field("action", core::name_of(d.action)).field("tier", d.tier).field("p_small_ok", d.difficulty.p_small_ok);
  w.field("difficulty", d.difficulty.difficulty).field("delta_info", d.difficulty.delta_info);
  w.field("delta_tokens", d.difficulty.delta_tokens).field("depth", d.difficulty.depth);
  w.field("stage", std::uint64_t{d.difficulty.stage});
  const auto& topology = d.difficulty.topology;
  const auto most = static_cast<std::size_t>(std::max_element(topology.begin(), topology.end()) - topology.begin());
  w.field("topology", core::name_of(static_cast<core::Topology>(most))).field("ask", ask).end();
}

void write_problem(std::string_view problem, std::string_view raw_id, std::size_t line, std::string& out) {
  base::json::Writer w(out);
  w.object().field("schema", "basin.score/1").key("id").raw(raw_id).field("line", line).field("error", problem).end();
}

// The id as the row spells it, so that large numbers and odd spellings come back the same.
std::string_view raw_id_of(base::json::Value row) {
  const base::json::Value id = row.member("id");
  const bool broken = id.is(base::json::Kind::string) && !id.string();  // a bad escape: no JSON to hand on
  return id.present() && !broken ? id.raw() : "null";
}

// Scores one batch after the other; keeps its scratch.
class Scorer {
 public:
  Scorer(const std::shared_ptr<const geometry::Model>& model, bool mended)
      : explainer_(model), spelling_(mended ? model->spelling() : nullptr) {}

  std::string score(const Batch& batch) {
    std::string out;
    std::size_t begin = 0;
    for (const Batch::Row& row : batch.rows) {
      score_row(std::string_view(batch.text).substr(begin, row.end - begin), row, out);
      out += '\n';
      begin = row.end;
    }
    return out;
  }

 private:
  void score_row(std::string_view line, const Batch::Row& place, std::string& out) {
    if (place.too_long)
      return write_problem(fmt::format("longer than {} MiB", lab::kLineLimit >> 20U), "null", place.number, out);
    if (const auto parsed = document_.parse_copy(line); !parsed)
      return write_problem(parsed.error().message, "null", place.number, out);
    const std::string_view raw_id = raw_id_of(document_.root());
    if (const auto decision = explainer_.explain_row(document_.root()))
      write_scores(*decision, spelling_ ? geometry::mend(spelling_.get(), decision->ask, buffer_) : decision->ask,
                   raw_id, out);
    else
      write_problem(decision.error().message, raw_id, place.number, out);
  }

  api::Explainer explainer_;
  std::shared_ptr<const geometry::Spelling> spelling_;  // null: asks are written as they were typed
  std::string buffer_;
  base::json::Document document_;
};

using Pool = lab::OrderedPool<Batch, std::string>;

std::vector<Pool::Worker> make_workers(const std::shared_ptr<const geometry::Model>& model, bool mended) {
  std::vector<Pool::Worker> workers;
  for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) {
    workers.emplace_back(
        [scorer = std::make_shared<Scorer>(model, mended)](const Batch& batch) { return scorer->score(batch); });
  }
  return workers;
}

// Bytes of all files; nothing where one is no file (standard input, a pipe).
std::optional<std::uint64_t> size_of(const std::vector<std::string>& files) {
  std::uint64_t total = 0;
  for (const std::string& file : files) {
    std::error_code problem;
    if (!std::filesystem::is_regular_file(file, problem)) return std::nullopt;
    total += std::filesystem::file_size(file, problem);
  }
  return total;
}

class Score : public Command {
 public:
  void declare(Options& options) override {
    options.text("--weights", "FILE", weights_, "another weight file than the built-in one")
        .text("--encoder", "FILE", encoder_, kEncoderHelp)
        .flag("--mended", mended_, "write each ask as it was measured, its mistyped words mended")
        .arguments("FILE", files_, "JSONL files, plain or gzip; without one, or for -, standard input");
  }

  Exit run(Context& context) override {
    auto model = open_model(weights_, encoder_);
    if (!model) return context.fail(model.error());
    if (files_.empty()) files_.push_back("-");
    const auto workers = make_workers(*model, mended_);
    most_within_ = workers.size() * kBatchesPerWorker;
    Pool pool(workers);
    Progress progress(context);
    Headway headway{.total = size_of(files_)};
    for (const std::string& file : files_) {
      note_if_typed(file, context);
      const std::uint64_t before = headway.bytes;
      const auto status = lab::for_each_line(file, [&](const lab::Line& line) {
        headway.bytes = before + line.file_bytes;
        ++headway.rows;
        batch_.add(line);
        if (batch_.full()) hand_over(pool, context.out);
        progress.show(headway);
        return !context.out.closed();
      });
      hand_over(pool, context.out);
      if (!status) {
        write_rest(pool, context.out);
        return context.fail(status.error());
      }
    }
    write_rest(pool, context.out);
    return Exit::ok;
  }

 private:
  // Gives the batch to the workers and writes what they have done.
  void hand_over(Pool& pool, Terminal& out) {
    if (batch_.rows.empty()) return;
    bytes_within_ += batch_.text.size();
    sizes_.push_back(batch_.text.size());
    pool.give(std::exchange(batch_, {}));
    while (const auto done = pool.take(pool.within() >= most_within_ || bytes_within_ >= kBytesWithin))
      write(*done, out);
  }
  void write_rest(Pool& pool, Terminal& out) {
    while (!out.closed()) {
      const auto done = pool.take();
      if (!done) return;
      write(*done, out);
    }
  }
  void write(const std::string& text, Terminal& out) {
    bytes_within_ -= sizes_.front();
    sizes_.pop_front();
    out.write(text);
  }

  std::string weights_, encoder_;
  bool mended_ = false;
  std::vector<std::string> files_;
  Batch batch_;
  std::size_t most_within_ = 0;
  std::size_t bytes_within_ = 0;   // of the batches given and not written
  std::deque<std::size_t> sizes_;  // each of them, oldest first
};

}  // namespace

extern const CommandInfo kScore;
constinit const CommandInfo kScore = {
    .name = "score",
    .summary = "measure many prompts: JSONL in, JSONL out, in order",
    .details =
        "Each row has an id, and a prompt, messages, or the fields of a request body. A row that cannot be read "
        "gives {\"id\",\"line\",\"error\"} and the rest goes on. Uses every core and the same memory for any length.",
    .examples =
        "basin score prompts.jsonl.gz > scores.jsonl # a file\n"
        "parallel --pipe basin score < log.jsonl # as a filter",
    .make = &make_command<Score>};

}  // namespace basin::cli
