// What one decision costs, parse included: an Anthropic body -> read -> taken apart -> measured, beside memchr,
// simdjson's validation of UTF-8 and a fastText classifier over the same bytes, in one run. Prints a table for
// docs/performance.md.
//
//   decision TRAINING_FOLDER        holds data/*.jsonl (fastText learns from it) and heldout/*.jsonl (the bodies)
//
// Times are processor time of the one thread that works, so that a busy machine disturbs them little; each is the
// median of some rounds, and every round visits all contestants, since a machine's mood changes. Several bodies take
// turns, so that no branch is learnt by heart.
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include "base/json.h"
#include "bench/allocations.h"
#include "bench/prompt_rows.h"
#include "bench/rivals.h"
#include "geometry/builtin.h"
#include "geometry/measure.h"
#include "prompt/take_apart.h"
#include "wire/client_marks.h"
#include "wire/read_request.h"

namespace basin::bench {
namespace {

constexpr std::size_t kRounds = 9;
constexpr double kRoundSeconds = 0.04;

double thread_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

// Keeps its memory between decisions, as a thread of the server does.
class Decider {
 public:
  explicit Decider(std::shared_ptr<const geometry::Model> model) : model_(std::move(model)) {}

  // The first stage, which is all that a server's loops do.
  double decide(std::string_view body) {
    const double difficulty = geometry::measure(take_apart(body), *model_, scratch_).difficulty;
    document_.clear();
    return difficulty;
  }

  // Both stages, nothing remembered: the second where the first is unsure.
  double decide_in_full(std::string_view body) {
    const core::Difficulty d = geometry::measure_in_full(take_apart(body), *model_, scratch_, encoder_scratch_);
    document_.clear();
    asked_ += d.stage == 2 ? 1 : 0;
    return d.difficulty;
  }
  std::size_t asked() const { return asked_; }  // how often the second stage was

 private:
  core::Prompt take_apart(std::string_view body) {
    const auto request = wire::read_request(core::Endpoint::messages, body, document_);
    if (!request) std::abort();
    return prompt::take_apart(*request, {}, wire::harness_marks());
  }

  std::shared_ptr<const geometry::Model> model_;
  geometry::Scratch scratch_;
  geometry::EncoderScratch encoder_scratch_;
  base::json::Document document_;
  std::size_t asked_ = 0;
};

// Seconds of each round for one of `count` things that take turns.
using Work = std::function<double(std::size_t)>;
double seconds_of(const Work& work, std::size_t count, double& sink) {
  std::size_t done = 0;
  const double begin = thread_seconds();
  double now = begin;
  do {
    for (std::size_t i = 0; i < count; ++i) sink += work(i);
    done += count;
    now = thread_seconds();
  } while (now - begin < kRoundSeconds);
  return (now - begin) / static_cast<double>(done);
}

struct Figures {
  std::vector<std::vector<double>> rounds;  // of each contestant
  double median(std::size_t which) {
    std::sort(rounds[which].begin(), rounds[which].end());
    return rounds[which][rounds[which].size() / 2];
  }
};

Figures race(const std::vector<Work>& contestants, std::size_t count) {
  Figures figures;
  figures.rounds.resize(contestants.size());
  double sink = 0;
  for (const Work& work : contestants) seconds_of(work, count, sink);  // warms caches and branches
  for (std::size_t round = 0; round < kRounds; ++round) {
    for (std::size_t i = 0; i < contestants.size(); ++i)
      figures.rounds[i].push_back(seconds_of(contestants[i], count, sink));
  }
  if (sink == 0.123) std::puts("");  // what nobody looks at is not computed
  return figures;
}

std::string in_us(double seconds) {
  char text[32];
  const double us = seconds * 1e6;
  std::snprintf(text, sizeof text, us < 10 ? "%.2f" : us < 1000 ? "%.1f" : "%.0f", us);
  return text;
}

struct Case {
  const char* size;
  std::size_t bytes;
  BodyShape shape;
  double aim_us;
};
constexpr Case kCases[] = {
    {"1 KB", 1'000, BodyShape::pasted, 30},        {"100 KB", 100'000, BodyShape::pasted, 250},
    {"100 KB", 100'000, BodyShape::history, 250},  {"100 KB", 100'000, BodyShape::line, 250},
    {"5 MB", 5'000'000, BodyShape::pasted, 6'000}, {"5 MB", 5'000'000, BodyShape::history, 6'000},
    {"5 MB", 5'000'000, BodyShape::line, 6'000},
};

struct Bench {
  std::vector<PromptRow> rows;
  FastText fast_text;
  std::shared_ptr<const geometry::Model> model = geometry::builtin_model();

  void print_case(const Case& c);
  void print_mix();
  void print_second_stage();
};

// The first decision of a thread: everything that it keeps is new.
std::pair<std::uint64_t, std::uint64_t> memory_and_allocations(const Bench& bench, const std::string& body) {
  forget_peak();
  Decider decider(bench.model);
  decider.decide(body);
  const std::uint64_t bytes = peak_bytes();
  const std::uint64_t before = allocations();
  decider.decide(body);
  return {bytes, allocations() - before};
}

void Bench::print_case(const Case& c) {
  std::vector<std::string> bodies;
  const std::size_t count = c.bytes < 10'000 ? 64 : c.bytes < 1'000'000 ? 8 : 2;
  for (std::size_t i = 0; i < count; ++i) bodies.push_back(make_body(c.shape, c.bytes, i, rows));
  const auto [memory, allocated] = memory_and_allocations(*this, bodies[0]);
  Decider decider(model);
  Figures figures = race({[&](std::size_t i) { return decider.decide(bodies[i]); },
                          [&](std::size_t i) { return looks_at_each_byte(bodies[i]) ? 1.0 : 0.0; },
                          [&](std::size_t i) { return is_utf8(bodies[i]) ? 1.0 : 0.0; },
                          [&](std::size_t i) { return fast_text.p_large(bodies[i]); }},
                         count);
  const std::string decision = in_us(figures.median(0));
  std::printf("| %s, %s | %.0f | **%s** [%s-%s] | %s | %s | %s | %.2f MB | %llu |\n", c.size,
              std::string(name_of(c.shape)).c_str(), c.aim_us, decision.c_str(),
              in_us(figures.rounds[0].front()).c_str(), in_us(figures.rounds[0].back()).c_str(),
              in_us(figures.median(1)).c_str(), in_us(figures.median(2)).c_str(), in_us(figures.median(3)).c_str(),
              static_cast<double>(memory) / 1e6, static_cast<unsigned long long>(allocated));
  std::fflush(stdout);
}

// Held-out prompts one after the other, as they come.
void Bench::print_mix() {
  Decider decider(model);
  std::size_t bytes = 0;
  for (const PromptRow& row : rows) bytes += row.body.size();
  const std::uint64_t before = allocations();
  for (const PromptRow& row : rows) decider.decide(row.body);
  const auto allocated = static_cast<double>(allocations() - before) / static_cast<double>(rows.size());
  Figures figures = race({[&](std::size_t i) { return decider.decide(rows[i].body); },
                          [&](std::size_t i) { return fast_text.p_large(rows[i].text); }},
                         rows.size());
  std::printf(
      "\n%zu held-out prompts, %.0f bytes of body on average: **%.0f decisions/s** on one core (%s us each, %.1f "
      "allocations), fastText %.0f/s.\n",
      rows.size(), static_cast<double>(bytes) / static_cast<double>(rows.size()), 1 / figures.median(0),
      in_us(figures.median(0)).c_str(), allocated, 1 / figures.median(1));
}

// What an ask costs that fills all the word pieces which the encoder reads, and the same mix with both stages.
void Bench::print_second_stage() {
  if (!model->encoder()) return;
  std::string ask;
  while (ask.size() < 8'000)
    ask += "explain how the invalidation of quarterly ledgers depends on retroactive corrections ";
  geometry::EncoderScratch scratch;
  Decider decider(model);
  for (const PromptRow& row : rows) decider.decide_in_full(row.body);
  const double share = static_cast<double>(decider.asked()) / static_cast<double>(rows.size());
  Figures longest = race({[&](std::size_t) { return double{model->encoder()->read(ask, scratch)[0]}; }}, 4);
  Figures mix = race({[&](std::size_t i) { return decider.decide_in_full(rows[i].body); }}, rows.size());
  std::printf(
      "\nSecond stage: the longest ask **%s us**; asked about %.0f %% of these prompts; with it, nothing remembered, "
      "**%.0f decisions/s** on one core.\n",
      in_us(longest.median(0)).c_str(), 100 * share, 1 / mix.median(0));
}

int run(const std::filesystem::path& training) {
  std::vector<LabelledPrompt> learnt;
  for (PromptRow& row : read_rows(training / "data")) learnt.push_back({std::move(row.text), row.large});
  const auto folder = std::filesystem::temp_directory_path() / ("basin-decision-" + std::to_string(getpid()));
  std::filesystem::create_directory(folder);
  Bench bench{read_rows(training / "heldout"), FastText(learnt, folder)};
  std::filesystem::remove_all(folder);
  std::puts(
      "| body | aim, us | decision, us | memchr | UTF-8 check | fastText | memory beyond the body | allocations |");
  std::puts("|---|---|---|---|---|---|---|---|");
  for (const Case& c : kCases) bench.print_case(c);
  bench.print_mix();
  bench.print_second_stage();
  return 0;
}

}  // namespace
}  // namespace basin::bench

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: decision TRAINING_FOLDER\n");
    return 2;
  }
  return basin::bench::run(argv[1]);
}
