// What a decision is held against, over the same bytes: the least that anything could do with them, the least that JSON
// demands, and the classifier that people reach for.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

namespace basin::bench {

// One row that a classifier learns from.
struct LabelledPrompt {
  std::string text;
  bool large = false;
};

// Looks at each byte once, as fast as the machine can: memchr for a byte that is not there.
bool looks_at_each_byte(std::string_view bytes);

// simdjson's validation of UTF-8.
bool is_utf8(std::string_view bytes);

// A fastText classifier of words and pairs of words (supervised, 16 dimensions, 5 epochs), trained here.
class FastText {
 public:
  // Trains on one thread, so that it comes out the same each time; writes its input into `folder`.
  FastText(const std::vector<LabelledPrompt>& rows, const std::filesystem::path& folder);
  ~FastText();

  // P(large) of a text, in which line breaks count as spaces: without this, fastText stops at the first.
  double p_large(std::string_view text) const;

 private:
  class Model;
  std::unique_ptr<Model> model_;
};

}  // namespace basin::bench
