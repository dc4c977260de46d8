// What the geometry measures of a prompt: delta-information, dependency depth, topology, and their sum.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace basin::core {

enum class Topology : std::uint8_t {
  reshape,
  refine,
  extract,
  classify,
  qa_given,
  chat,
  simple_qa,
  qa_open,
  code_local,
  code_global,
  create,
  reason,
  synthesize,
  plan,
};
inline constexpr std::size_t kTopologies = 14;
// As docs/interface.md spells them.
std::string_view name_of(Topology topology);

// One readable contribution to a score, in logits of "needs the large model".
struct Contribution {
  std::string_view name;  // static storage
  double value = 0;
};

// The measure of one prompt.
struct Difficulty {
  double delta_info = 0;                       // dI: share of the answer that is not in the prompt, 0..1
  double delta_tokens = 0;                     // expected number of new tokens in the answer
  double depth = 0;                            // D: expected number of dependent steps
  std::array<double, kTopologies> topology{};  // a distribution, sums to 1

  // d = a(dI) + b(D) + rest, in logits; P(small is enough) = 1 / (1 + exp(d)).
  double difficulty = 0;
  double p_small_ok = 0;
  double p_low = 0;  // interval of p_small_ok, 90 %
  double p_high = 0;
  std::uint32_t n = 0;                         // training prompts behind the interval
  std::vector<Contribution> delta_info_parts;  // largest first
  std::vector<Contribution> depth_parts;
  std::uint8_t stage = 1;  // who spoke last: 1, the sums over words; 2, the encoder that reads the ask
  std::string_view tip;    // static: the nearest change that would tip the decision
};

}  // namespace basin::core
