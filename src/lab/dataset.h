// The training set, gathered: labelled realistic prompts, and template rows for what is new and what is deep.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "lab/example.h"

namespace basin::lab {

// So many rows of one set, and of one task of it (more where a set has few tasks): task collections repeat a few
// templates thousands of times, and what is learned of a template is learned from a few of its rows.
inline constexpr std::size_t kRowsPerTask = 24;
inline constexpr std::size_t kRowsPerSet = 420;

struct DataPaths {
  std::string data;  // a folder like shared/data: real_labelled.jsonl.gz, real_unlabelled.jsonl.gz, topology/*.jsonl.gz
  std::string own;   // the project's training/ folder: data/*.jsonl, labels/*.jsonl; may be empty
  bool templates = true;
  std::set<std::string> without;  // sets of topology/ that are not read, by name: relatives of what is held out
};

// The files of a folder whose names contain `ending`, in order; none where there is no folder.
std::vector<std::string> files_in(const std::string& folder, std::string_view ending);

// Errors: a file that is missing or damaged, by name. log gets one line per file.
base::Result<std::vector<Example>> load_training(const DataPaths& paths,
                                                 const std::function<void(const std::string&)>& log);

// One labelled file (.jsonl or .jsonl.gz); rows without a tier are left out.
base::Result<std::vector<Example>> load_labelled(const std::string& path);

}  // namespace basin::lab
