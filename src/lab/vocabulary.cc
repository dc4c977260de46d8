// Which words are known decides which ones are taken for mistyped, so rare but right words matter more here than common
// ones. What stands in a single text may be a slip itself.
#include "lab/vocabulary.h"

#include <algorithm>
#include <vector>

#include "base/utf8.h"
#include "geometry/prose_words.h"
#include "geometry/spelling.h"
#include "lab/jsonl.h"

namespace basin::lab {

void Vocabulary::add(std::string_view text, std::uint64_t weight) {
  ++texts_;
  geometry::ProseWord word;
  std::string folded;
  for (geometry::ProseWords words(text); words.next(word);) {
    folded.clear();
    for (std::uint32_t i = 0; i < word.length; ++i) base::append_utf8(folded, word.characters[i]);
    Count& count = counts_[folded];
    count.weight += weight;
    count.texts += count.last_text != texts_ ? 1 : 0;
    count.last_text = texts_;
  }
}

void Vocabulary::add_prompt(const core::Prompt& prompt) {
  add(prompt.ask, kPromptWeight);
  add(prompt.material, kPromptWeight);
}

std::string Vocabulary::file() const {
  std::vector<std::pair<std::uint64_t, std::string>> all;
  for (const auto& [word, count] : counts_) {
    if (count.texts > 1) all.emplace_back(count.weight, word);
  }
  std::sort(all.begin(), all.end(),
            [](const auto& a, const auto& b) { return a.first != b.first ? a.first > b.first : a.second < b.second; });
  if (all.size() > kKnown) all.resize(kKnown);
  std::vector<std::string> words;
  for (auto& [weight, word] : all) words.push_back(std::move(word));
  return geometry::encode_spelling(words, std::min(words.size(), kRepaired));
}

base::Result<Vocabulary> count_words(const DataPaths& paths, const std::function<void(const std::string&)>& log) {
  const auto examples = load_training(paths, log);
  if (!examples) return examples.error();
  Vocabulary vocabulary;
  for (const Example& example : *examples) vocabulary.add_prompt(example.prompt);
  for (const std::string& file : files_in(paths.data + "/text", ".gz")) {
    std::size_t lines = 0;
    const auto status = for_each_line(file, [&](const Line& line) {
      vocabulary.add_text(line.text);
      ++lines;
      return true;
    });
    if (!status) return status.error();
    log(file + ": " + std::to_string(lines) + " lines");
  }
  return vocabulary;
}

}  // namespace basin::lab
