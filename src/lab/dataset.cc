#include "lab/dataset.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <unordered_map>

#include "lab/coder.h"
#include "lab/jsonl.h"
#include "prompt/ask.h"

namespace basin::lab {
namespace {

using base::json::Value;
using Log = std::function<void(const std::string&)>;

std::string text_of(Value value) { return value.string().value_or(""); }

// Sets that are no prompts of people (system prompts, bare templates), carry no reference, or are only half labelled.
const std::set<std::string_view> kLeftOut = {"agent_prompts",   "prompt_templates", "ifeval",           "followbench",
                                             "awesome_prompts", "mt_vicuna_bench",  "selfinstruct_user"};
// Where `depth` counts steps that each need the ones before.
const std::set<std::string_view> kCountsSteps = {
    "gsm8k",           "svamp",      "logic_proofs",  "planbench", "strategyqa", "musique_hotpot_small",
    "entailment_bank", "break_qdmr", "synth_reshape", "fanoutqa",  "bbh"};

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t h = 0xcbf29ce484222325ULL;
  for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return h ^ (h >> 31);
}

// Template rows of one set: at most so many of each task, chosen by the hash of their id.
struct Candidate {
  std::uint64_t order;
  std::string id, prompt, output, task;
  std::optional<core::Topology> topology;
  std::optional<double> depth;
};

std::vector<Candidate> pick(std::vector<Candidate> all) {
  std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.order < b.order; });
  std::map<std::string, std::size_t> taken;
  for (const Candidate& candidate : all) taken.try_emplace(candidate.task, 0);
  const std::size_t per_task = std::max(kRowsPerTask, taken.size() > 0 ? kRowsPerSet / taken.size() : 0);
  std::vector<Candidate> chosen;
  for (Candidate& candidate : all) {
    if (chosen.size() >= kRowsPerSet) break;
    if (taken[candidate.task]++ < per_task) chosen.push_back(std::move(candidate));
  }
  return chosen;
}

// The coder's share, stretched so that a copy is 0 and unrelated text is 1: a copy still costs it a fifth (it has to
// find the place), unrelated text nine tenths (the prompt teaches it letters). An answer of a word or two has no share
// worth the name, unless it stands in the prompt.
std::optional<double> new_share(const Candidate& candidate, Coder& coder) {
  if (candidate.output.size() < 24) {
    if (candidate.prompt.find(candidate.output) != std::string::npos) return 0.05;
    return std::nullopt;
  }
  return std::clamp((coder.measure(candidate.prompt, candidate.output).new_share() - 0.2) / 0.7, 0.02, 0.98);
}

Example from_template(const Candidate& candidate, const std::string& source, Coder& coder) {
  Example e;
  e.id = candidate.id;
  e.source = source;
  e.length = candidate.prompt.size();
  e.prompt = prompt::prompt_of(candidate.prompt);
  e.topology = candidate.topology;
  if (!candidate.output.empty()) {
    e.new_share = new_share(candidate, coder);
    if (candidate.output.size() >= 24) e.measured_share = e.new_share;
    // About four bytes make a token, and the part that is new costs tokens in proportion to its share.
    if (e.new_share) e.new_tokens = *e.new_share * static_cast<double>(candidate.output.size()) / 4;
  }
  const bool local = e.topology == core::Topology::refine || e.topology == core::Topology::classify ||
                     e.topology == core::Topology::extract;
  if (candidate.depth && kCountsSteps.contains(source)) e.counted_steps = candidate.depth;
  if (candidate.depth && kCountsSteps.contains(source))
    e.steps = std::clamp(*candidate.depth, 1.0, 24.0);
  else if (local)
    e.steps = 1;
  return e;
}

// arena_hard's rows are realistic prompts that other rows may be evaluated on: only those of `allowed` are used.
base::Status load_templates(const std::string& path, const std::set<std::string>& allowed, std::vector<Example>& out) {
  const std::string source = std::filesystem::path(path).filename().string().substr(
      0, std::filesystem::path(path).filename().string().find('.'));
  if (kLeftOut.contains(source)) return base::ok_status();
  std::vector<Candidate> all;
  auto status = for_each_row(path, [&](Value row) {
    Candidate candidate{0,
                        text_of(row.member("id")),
                        text_of(row.member("prompt")),
                        text_of(row.member("output")),
                        text_of(row.member("category")),
                        topology_of(text_of(row.member("topology"))),
                        row.member("depth").number()};
    if (candidate.prompt.empty() || (!candidate.topology && !candidate.depth)) return true;
    if (source == "arena_hard" && !allowed.contains(candidate.prompt)) return true;
    candidate.order = hash_of(candidate.id);
    all.push_back(std::move(candidate));
    return true;
  });
  if (!status) return status;
  Coder coder;
  for (const Candidate& candidate : pick(std::move(all))) out.push_back(from_template(candidate, source, coder));
  return base::ok_status();
}

using Texts = std::unordered_map<std::string, std::string>;

// The texts of those rows of public sets that our labels speak of and that are not known yet: their ids begin with the
// set's name and a slash.
base::Status read_labelled_texts(const std::string& topology, const std::vector<std::string>& labels, Texts& texts) {
  std::map<std::string, std::set<std::string>> wanted;
  for (const std::string& file : labels) {
    const auto status = for_each_row(file, [&](Value row) {
      const std::string id = text_of(row.member("id"));
      if (const auto slash = id.find('/'); slash != std::string::npos && !texts.contains(id))
        wanted[id.substr(0, slash)].insert(id);
      return true;
    });
    if (!status) return status;
  }
  for (const auto& [set, ids] : wanted) {
    const auto status = for_each_row(topology + "/" + set + ".jsonl.gz", [&](Value row) {
      std::string id = text_of(row.member("id"));
      if (ids.contains(id)) texts.emplace(std::move(id), text_of(row.member("prompt")));
      return true;
    });
    if (!status) return status;
  }
  return base::ok_status();
}

// Labels of our own for prompts that we may not copy: joined by id.
base::Status join_labels(const std::string& labels, const Texts& texts, std::vector<Example>& out) {
  return for_each_row(labels, [&](Value row) {
    const auto text = texts.find(text_of(row.member("id")));
    if (text == texts.end()) return true;
    if (auto example = read_example(row, text->second)) out.push_back(std::move(*example));
    return true;
  });
}

}  // namespace

std::vector<std::string> files_in(const std::string& folder, std::string_view ending) {
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
    if (entry.path().string().find(ending) != std::string::npos) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

base::Result<std::vector<Example>> load_labelled(const std::string& path) {
  std::vector<Example> examples;
  base::Status bad = base::ok_status();
  const auto status = for_each_row(path, [&](Value row) {
    auto example = read_example(row);
    if (!example) {
      bad = base::fail(example.error().code, path + ": " + example.error().message);
      return false;
    }
    example->realistic = true;
    if (example->large) examples.push_back(std::move(*example));
    return true;
  });
  if (!status) return status.error();
  if (!bad) return bad.error();
  return examples;
}

base::Result<std::vector<Example>> load_training(const DataPaths& paths, const Log& log) {
  std::vector<Example> examples;
  const auto add = [&](const std::string& name, std::size_t before) {
    log(name + ": " + std::to_string(examples.size() - before) + " rows");
  };
  auto labelled = load_labelled(paths.data + "/real_labelled.jsonl.gz");
  if (!labelled) return labelled.error();
  examples = std::move(*labelled);
  add("real_labelled", 0);

  Texts texts;
  std::set<std::string> allowed;
  const auto unlabelled = for_each_row(paths.data + "/real_unlabelled.jsonl.gz", [&](Value row) {
    std::string text = text_of(row.member("prompt"));
    allowed.insert(text);
    texts.emplace(text_of(row.member("id")), std::move(text));
    return true;
  });
  if (!unlabelled) return unlabelled.error();
  if (!paths.own.empty()) {
    for (const std::string& file : files_in(paths.own + "/data", ".jsonl")) {
      const std::size_t before = examples.size();
      auto rows = load_labelled(file);
      if (!rows) return rows.error();
      std::move(rows->begin(), rows->end(), std::back_inserter(examples));
      add(std::filesystem::path(file).filename().string(), before);
    }
    const std::vector<std::string> labels = files_in(paths.own + "/labels", ".jsonl");
    if (auto status = read_labelled_texts(paths.data + "/topology", labels, texts); !status) return status.error();
    for (const std::string& file : labels) {
      const std::size_t before = examples.size();
      if (auto status = join_labels(file, texts, examples); !status) return status.error();
      add(std::filesystem::path(file).filename().string(), before);
    }
  }
  for (Example& example : examples) example.realistic = true;
  if (!paths.templates) return examples;
  for (const std::string& file : files_in(paths.data + "/topology", ".jsonl")) {
    const std::size_t before = examples.size();
    const std::string name = std::filesystem::path(file).filename().string();
    if (paths.without.contains(name.substr(0, name.find('.')))) continue;
    if (auto status = load_templates(file, allowed, examples); !status) return status.error();
    add(std::filesystem::path(file).filename().string(), before);
  }
  return examples;
}

}  // namespace basin::lab
