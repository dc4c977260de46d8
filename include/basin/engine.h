// Basin's engine for other programs: how hard is a prompt, and is a small model enough for it?
//
//   const auto engine = basin::Engine::builtin();
//   const basin::Explanation e = engine.explain("fix the grammar: me and him goes home");
//   if (e.p_small_ok > 0.9) { ... }
//
// Link libbasin: no network, no files, no threads, no globals. Other languages use basin.h; the answers are the same,
// and those of `basin explain`.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What libbasin.so shows to who links it; everything else in it is hidden.
#define BASIN_API __attribute__((visibility("default")))

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
  std::string action;     // "small", "verify" (small, then verify) or "large", under the default target risk
  std::string tier;       // where it would be sent: "small" or "large"
  double p_small_ok = 0;  // P(a good 3 to 8B instruct model is enough), with its 90 % interval
  double p_low = 0, p_high = 0;
  double difficulty = 0;                                   // logits of needing a large model
  double delta_info = 0;                                   // share of the answer that is not in the prompt, 0..1
  double delta_tokens = 0;                                 // expected number of new tokens
  double depth = 0;                                        // expected number of dependent steps
  int stage = 1;                                           // 2 where the first was unsure and the encoder read the ask
  std::string topology;                                    // the likeliest kind of task: "refine", "reason", ...
  std::vector<std::pair<std::string, double>> topologies;  // all kinds, likeliest first; sums to 1
  std::vector<AskSpan> ask;                                // the spans taken as the instruction, in text order
  std::string tip;                                         // what would tip the decision
};

// Immutable and cheap to copy. Every function may be called from several threads at once.
class BASIN_API Engine {
 public:
  // The weights Basin ships with.
  static Engine builtin();
  // The bytes of a weight file; nothing when they are not one, or of another version, and then *problem, where given,
  // says why.
  static std::optional<Engine> from_weights(std::string bytes, std::string* problem = nullptr);

  // Never fails: any bytes are a prompt. Time grows with the prompt up to a bound, about 0.3 ms for 100 KB or more; a
  // few milliseconds are added where the second stage is asked.
  Explanation explain(std::string_view prompt) const;

  // The decision record as `basin explain --json` prints it, of a prompt or of a request body of any dialect; its
  // "time" is null, since the engine has no clock. Nothing when a body cannot be read, and then *problem, where given,
  // says what to change.
  std::optional<std::string> record(std::string_view prompt_or_body, std::string* problem = nullptr) const;

  // Basin's version, "major.minor.patch".
  static std::string_view version();

  // Names the weights: SHA-256 of the file, in hex.
  const std::string& weights_sha256() const;

 private:
  explicit Engine(std::shared_ptr<const geometry::Model> model);
  std::shared_ptr<const geometry::Model> model_;
};

}  // namespace basin
