// The project's own prompts, as a benchmark needs them: texts to classify, and request bodies of a given size.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace basin::bench {

struct PromptRow {
  std::string text;  // what the person typed last
  std::string body;  // the row as a request in the Anthropic dialect
  bool large = false;
};

// All rows of the .jsonl files of a folder, files in the order of their names. Ends the program with a word on standard
// error where there are none.
std::vector<PromptRow> read_rows(const std::filesystem::path& folder);

enum class BodyShape {
  pasted,   // one message: a question over texts of many kinds and languages
  history,  // an agent's: system prompt, turns, tool results, a short ask
  line,     // one message that is a single line
};
std::string_view name_of(BodyShape shape);

// A request body of the Anthropic dialect, about `bytes` long and made of the rows' texts; another `number`, other
// texts.
std::string make_body(BodyShape shape, std::size_t bytes, std::size_t number, const std::vector<PromptRow>& rows);

}  // namespace basin::bench
