// Known words, counted in what people ask and in open text: what geometry/spelling.h mends asks by.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "lab/dataset.h"

namespace basin::lab {

// Counts the prose words of texts.
class Vocabulary {
 public:
  // What people write to a model or have it read, in their languages; most of the open text is in one.
  void add_prompt(const core::Prompt& prompt);
  void add_text(std::string_view text) { add(text, 1); }

  // The file of geometry::Spelling: words that stand in two texts at least, by count.
  std::string file() const;

  // So many are known at most, and in so many of those lost and wrong letters are repaired.
  static constexpr std::size_t kKnown = 120'000, kRepaired = 24'000;
  // What stands in a prompt counts so much more than what stands in open text.
  static constexpr std::uint64_t kPromptWeight = 16;

 private:
  struct Count {
    std::uint64_t weight = 0;
    std::uint32_t texts = 0;
    std::uint64_t last_text = 0;
  };
  void add(std::string_view text, std::uint64_t weight);

  std::unordered_map<std::string, Count> counts_;
  std::uint64_t texts_ = 0;
};

// The prompts of all rows that are trained on, and every line of text/*.gz in the data folder, if it is there.
// Errors: those of load_training(). log gets one line per file.
base::Result<Vocabulary> count_words(const DataPaths& paths, const std::function<void(const std::string&)>& log);

}  // namespace basin::lab
