// Sums of rows, and what they mean. Every step from the table to the difficulty is a sum or a fixed monotone function,
// so the parts shown to people add up to the whole: nothing is explained after the fact.
#include "geometry/measure.h"

#include <algorithm>
#include <cmath>

#include "geometry/arithmetic.h"

namespace basin::geometry {
namespace {

// The named parts of a score: one per group, the two kinds of measures, and the forests.
constexpr std::size_t kParts = kGroups + 3;
constexpr double kTrifle = 0.005;  // a part that nobody needs to be shown
constexpr std::array<std::string_view, kParts> kPartNames = {"words of the ask",
                                                             "word pairs of the ask",
                                                             "word pieces of the ask",
                                                             "how the ask opens and ends",
                                                             "first and last line of the ask",
                                                             "marks in the ask",
                                                             "words of the material",
                                                             "words of a short material",
                                                             "words of the earlier ask",
                                                             "length and shape of the ask",
                                                             "size and shape of the material",
                                                             "the prompt as a whole"};

struct PartSums {
  std::array<Sums, kParts> part{};
};

// A group's rows count with 1/sqrt(n + 2): a long ask says more than a short one, but not in proportion.
void add_group(const std::vector<std::uint32_t>& rows, const Model& model, Sums& sums) {
  if (rows.empty()) return;
  // kGroupLimit rows of at most 127 could pass what 16 bits hold, so blocks of 256 rows are summed in 16 and added up
  // in
  // 32. Rows lie all over the table: the one eight ahead is fetched meanwhile.
  std::array<std::int32_t, kColumns> total{};
  for (std::size_t begin = 0; begin < rows.size(); begin += 256) {
    const std::size_t end = std::min<std::size_t>(begin + 256, rows.size());
    std::array<std::int16_t, kColumns> block{};
    for (std::size_t i = begin; i < end; ++i) {
      __builtin_prefetch(model.row(rows[std::min(i + 8, rows.size() - 1)]).data());
      const std::int8_t* row = model.row(rows[i]).data();
      for (std::size_t c = 0; c < 16; ++c) block[c] = static_cast<std::int16_t>(block[c] + row[c]);
      for (std::size_t c = 16; c < kColumns; ++c) block[c] = static_cast<std::int16_t>(block[c] + row[c]);
    }
    for (std::size_t c = 0; c < kColumns; ++c) total[c] += block[c];
  }
  const float norm = 1 / std::sqrt(static_cast<float>(rows.size() + 2));
  for (std::size_t c = 0; c < kColumns; ++c) sums[c] = static_cast<float>(total[c]) * norm * model.scale()[c];
}

PartSums sum_parts(const Scratch& scratch, const Model& model) {
  PartSums sums;
  for (std::size_t g = 0; g < kGroups; ++g) add_group(scratch.groups[g], model, sums.part[g]);
  // Sixteen columns by themselves are four registers of four; the rest is cheap either way.
  const Sums scale = model.scale();
  std::array<Sums, 2> shapes{};
  for (const WeightedRow& measure : scratch.measures) {
    const std::int8_t* row = model.row(measure.row).data();
    Sums& part = shapes[measure.of_material ? 1 : 0];
    for (std::size_t c = 0; c < 16; ++c) part[c] += measure.weight * static_cast<float>(row[c]) * scale[c];
    for (std::size_t c = 16; c < kColumns; ++c) part[c] += measure.weight * static_cast<float>(row[c]) * scale[c];
  }
  sums.part[kGroups] = shapes[0];
  sums.part[kGroups + 1] = shapes[1];
  sums.part[kGroups + 2][kInfoColumn] = model.forests().info.score(scratch.whole);
  sums.part[kGroups + 2][kDepthColumn] = model.forests().depth.score(scratch.whole);
  return sums;
}

void fill_topology(const Sums& total, core::Difficulty& difficulty) {
  double top = total[0], sum = 0;
  for (std::size_t i = 1; i < core::kTopologies; ++i) top = std::max<double>(top, total[i]);
  for (std::size_t i = 0; i < core::kTopologies; ++i) sum += difficulty.topology[i] = exp_of(total[i] - top);
  for (double& share : difficulty.topology) share /= sum;
}

// The parts of one column in logits of the difficulty, largest first, trifles left out.
void name_parts(const PartSums& sums, std::size_t column, double slope, double bias,
                std::vector<core::Contribution>& parts) {
  parts.reserve(kParts + 1);
  parts.push_back({"what any prompt needs", bias * slope});
  for (std::size_t i = 0; i < kParts; ++i) parts.push_back({kPartNames[i], sums.part[i][column] * slope});
  std::erase_if(parts, [](const core::Contribution& part) { return std::fabs(part.value) < kTrifle; });
  std::sort(parts.begin(), parts.end(), [](const core::Contribution& a, const core::Contribution& b) {
    return std::fabs(a.value) > std::fabs(b.value);
  });
}

// The band of the difficulty among held-out prompts, widened so that it holds the estimate itself.
void fill_interval(const std::vector<Band>& bands, core::Difficulty& difficulty) {
  const auto band =
      std::find_if(bands.begin(), bands.end() - 1, [&](const Band& b) { return difficulty.difficulty < b.up_to; });
  difficulty.p_low = std::min<double>(band->low, difficulty.p_small_ok);
  difficulty.p_high = std::max<double>(band->high, difficulty.p_small_ok);
  difficulty.n = band->n;
}

std::string_view tip_of(const core::Difficulty& d, double info_part, double depth_part) {
  if (std::fabs(d.difficulty) < 0.4) return "close to the line: a little more or less to work out would tip it";
  if (d.difficulty < 0) {
    return info_part > depth_part ? "asking for much that is not in the prompt would tip it to large"
                                  : "asking for several steps that depend on each other would tip it to large";
  }
  return info_part > depth_part
             ? "asking only for what the prompt already holds would tip it to small"
             : "asking for one step instead of several that depend on each other would tip it to small";
}

double natural_log(double x) { return log2_of(x) * 0.6931471805599453; }
// REQUIRES: 0 < p < 1.
double logit_of(double p) { return natural_log(1 / (1 - p)) - natural_log(1 / p); }

// ln(1 + D) of the encoder's depth: the levels 0 to 3 that readers gave stand for 1, 2.5, 6 and 12 steps, what lies
// between them for what lies between.
double steps_of(double depth_output) {
  constexpr std::array<double, 4> kSteps = {0.6931471805599453, 1.252762968495368, 1.945910149055313,
                                            2.564949357461537};
  const double level = 3 * logistic(std::clamp<double>(depth_output, -20, 20));
  const std::size_t below = std::min<std::size_t>(static_cast<std::size_t>(level), 2);
  return kSteps[below] + (level - static_cast<double>(below)) * (kSteps[below + 1] - kSteps[below]);
}

void blend_topology(const EncoderOutputs& outputs, double share, core::Difficulty& d) {
  const float* logits = outputs.data() + kTopologyOutput;
  const double top = *std::max_element(logits, logits + core::kTopologies);
  std::array<double, core::kTopologies> second;
  double sum = 0;
  for (std::size_t i = 0; i < second.size(); ++i) sum += second[i] = exp_of(logits[i] - top);
  for (std::size_t i = 0; i < second.size(); ++i) d.topology[i] += share * (second[i] / sum - d.topology[i]);
}

void add_part(double value, std::vector<core::Contribution>& parts) {
  if (std::fabs(value) < kTrifle) return;
  const auto smaller = std::find_if(parts.begin(), parts.end(), [&](const core::Contribution& part) {
    return std::fabs(part.value) < std::fabs(value);
  });
  parts.insert(smaller, {"a second reading of the ask", value});
}

}  // namespace

core::Difficulty measure(const core::Prompt& prompt, const Model& model, Scratch& scratch) {
  extract(prompt, scratch, model.spelling().get());
  const PartSums sums = sum_parts(scratch, model);
  Sums total = model.bias();
  for (const Sums& part : sums.part) {
    for (std::size_t c = 0; c < kColumns; ++c) total[c] += part[c];
  }
  core::Difficulty difficulty;
  fill_topology(total, difficulty);
  const Head& head = model.head();
  const double info = std::clamp<double>(total[kInfoColumn], -8, 8);
  const double steps = std::clamp<double>(total[kDepthColumn], 0, 6);
  difficulty.delta_info = logistic(info);
  difficulty.delta_tokens = exp_of(std::clamp<double>(total[kTokensColumn], 0, 14) * 0.6931471805599453) - 1;
  difficulty.depth = exp_of(steps) - 1;
  difficulty.difficulty = head.info_slope * info + head.depth_slope * steps + total[kRestColumn] + head.bias;
  difficulty.p_small_ok = logistic(-difficulty.difficulty);
  name_parts(sums, kInfoColumn, head.info_slope, model.bias()[kInfoColumn], difficulty.delta_info_parts);
  name_parts(sums, kDepthColumn, head.depth_slope, model.bias()[kDepthColumn], difficulty.depth_parts);
  fill_interval(model.bands(), difficulty);
  difficulty.tip = tip_of(difficulty, head.info_slope * info, head.depth_slope * (steps - 1));
  return difficulty;
}

bool is_unsure(const core::Prompt& prompt, const core::Difficulty& first, const Model& model) {
  if (!model.encoder() || prompt.ask.empty()) return false;
  return first.p_small_ok >= model.blend()->low && first.p_small_ok <= model.blend()->high;
}

core::Difficulty refine(core::Difficulty d, const EncoderOutputs& outputs, const Head& head, const Blend& blend) {
  const double info = logit_of(d.delta_info), steps = natural_log(1 + d.depth);
  const double more_info = blend.info * (std::clamp<double>(outputs[kInfoOutput], -8, 8) - info);
  const double more_steps = blend.depth * (steps_of(outputs[kDepthOutput]) - steps);
  d.delta_info = logistic(info + more_info);
  d.depth = exp_of(steps + more_steps) - 1;
  blend_topology(outputs, blend.topology, d);
  add_part(head.info_slope * more_info, d.delta_info_parts);
  add_part(head.depth_slope * more_steps, d.depth_parts);

  d.difficulty = blend.first * d.difficulty + blend.encoder * outputs[kLargeOutput] + blend.offset;
  d.p_small_ok = logistic(-d.difficulty);
  fill_interval(blend.bands, d);
  d.tip = tip_of(d, head.info_slope * (info + more_info), head.depth_slope * (steps + more_steps - 1));
  d.stage = 2;
  return d;
}

core::Difficulty measure_in_full(const core::Prompt& prompt, const Model& model, Scratch& scratch,
                                 EncoderScratch& encoder_scratch) {
  core::Difficulty first = measure(prompt, model, scratch);
  if (!is_unsure(prompt, first, model)) return first;
  const std::string_view ask = mend(model.spelling().get(), prompt.ask, scratch.mended);
  const EncoderOutputs outputs = model.encoder()->read(ask, encoder_scratch);
  return refine(std::move(first), outputs, model.head(), *model.blend());
}

}  // namespace basin::geometry
