// Basin's engine for other programs: how hard is a prompt, and is a small model enough for it?
//
//   const auto engine = basin::Engine::builtin();
//   const basin::Explanation e = engine.explain("fix the grammar: me and him goes home");
//   if (e.p_small_ok > 0.9) { ... }
//
// Link libbasin; nothing else is needed: no network, no files, no threads, no globals.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace basin {

namespace geometry {
class Model;
}

// Half-open byte range of the prompt.
struct AskSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// What the engine measures of one prompt.
struct Explanation {
  double p_small_ok = 0;  // P(a good 3 to 8B instruct model is enough), with its 90 % interval
  double p_low = 0, p_high = 0;
  double difficulty = 0;                                   // logits of needing a large model
  double delta_info = 0;                                   // share of the answer that is not in the prompt, 0..1
  double delta_tokens = 0;                                 // expected number of new tokens
  double depth = 0;                                        // expected number of dependent steps
  std::string topology;                                    // the likeliest kind of task: "refine", "reason", ...
  std::vector<std::pair<std::string, double>> topologies;  // all kinds, likeliest first; sums to 1
  std::vector<AskSpan> ask;                                // the spans taken as the instruction, in text order
  std::string tip;                                         // what would tip it
};

// Immutable and cheap to copy. explain() may be called from several threads at once.
class Engine {
 public:
  // The weights Basin ships with.
  static Engine builtin();
  // The bytes of a weight file; nothing when they are not one, or of another version.
  static std::optional<Engine> from_weights(std::string bytes);

  // Never fails: any bytes are a prompt. Time grows with the prompt up to a bound of about a hundred microseconds.
  Explanation explain(std::string_view prompt) const;

  // Names the weights: SHA-256 of the file, in hex.
  const std::string& weights_sha256() const;

 private:
  explicit Engine(std::shared_ptr<const geometry::Model> model);
  std::shared_ptr<const geometry::Model> model_;
};

}  // namespace basin
