#include "bench/rivals.h"

#include <fasttext/fasttext.h>
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <istream>
#include <string>

namespace basin::bench {
namespace {

// fastText reads streams: one over a text that stays where it is.
class TextBuffer : public std::streambuf {
 public:
  explicit TextBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only read from
    setg(begin, begin, begin + text.size());
  }
};

}  // namespace

bool looks_at_each_byte(std::string_view bytes) { return std::memchr(bytes.data(), '\0', bytes.size()) == nullptr; }

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes.data(), bytes.size()); }

class FastText::Model : public fasttext::FastText {};

FastText::FastText(const std::vector<LabelledPrompt>& rows, const std::filesystem::path& folder)
    : model_(std::make_unique<Model>()) {
  fasttext::Args args;
  args.input = folder / "prompts.txt";
  args.model = fasttext::model_name::sup;
  args.loss = fasttext::loss_name::softmax;
  args.dim = 16;
  args.epoch = 5;
  args.lr = 0.5;
  args.wordNgrams = 2;
  args.bucket = 200'000;
  args.minCount = 1;
  args.minn = args.maxn = 0;
  args.thread = 1;
  args.verbose = 0;
  std::ofstream input(args.input);
  for (const LabelledPrompt& row : rows) {
    std::string line = row.text;
    std::replace(line.begin(), line.end(), '\n', ' ');
    input << (row.large ? "__label__large " : "__label__small ") << line << '\n';
  }
  input.close();
  model_->train(args);
}

FastText::~FastText() = default;

double FastText::p_large(std::string_view text) const {
  TextBuffer buffer(text);
  std::istream stream(&buffer);
  std::vector<std::pair<fasttext::real, std::string>> predictions;
  model_->predictLine(stream, predictions, 2, 0);
  for (const auto& [p, label] : predictions) {
    if (label == "__label__large") return p;
  }
  return 0;
}

}  // namespace basin::bench
