// The method.
//
// Each row has the calibrated difficulty d of a first stage that had not seen it and the logit e of an encoder that had
// not seen it. P(large) = logistic(a d + b e + c) is fitted by Newton's method, a and b held at nought where they would
// be negative.
//
// Where to ask: sorted by P(small) of the first stage, a window of at most kSecondStageShare of the rows, the one in
// which asking lowers the log loss most. (It lies about the middle when the encoder is good everywhere, and away from
// where it is not.) When it lowers it nowhere, the window is empty and the second stage is never asked.
//
// What becomes of dI, D and the topology inside the window: means of both stages, with the share that lowers the loss
// of the rows' own targets most, in tenths. The interval: bands of the window's rows, as in the first stage.
#include "lab/second_stage.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "base/json.h"
#include "geometry/measure.h"
#include "lab/jsonl.h"
#include "lab/metrics.h"
#include "lab/trainer.h"

namespace basin::lab {
namespace {

constexpr std::size_t kSecondBands = 6;

struct Row {
  const HeldOutRow* held_out;
  const geometry::EncoderOutputs* outputs;
  double d() const { return held_out->first.difficulty; }
  double e() const { return (*outputs)[geometry::kLargeOutput]; }
  bool large() const { return *held_out->example->large; }
};

double logistic(double x) { return 1 / (1 + std::exp(-x)); }
double loss_of(double d, bool large) { return std::log1p(std::exp(large ? -d : d)); }

struct Plane {
  double first = 1, encoder = 0, offset = 0;
  double at(const Row& row) const { return first * row.d() + encoder * row.e() + offset; }
};

// Newton's method over the inputs that are used; the others' weights stay nought.
Plane fit_plane(const std::vector<Row>& rows, bool use_first, bool use_encoder) {
  std::array<double, 3> w = {0, 0, 0};
  const std::array<bool, 3> used = {use_first, use_encoder, true};
  for (int round = 0; round < 50; ++round) {
    std::array<double, 3> g{};
    std::array<std::array<double, 3>, 3> h{};
    for (const Row& row : rows) {
      const std::array<double, 3> x = {row.d(), row.e(), 1};
      const double p = logistic(w[0] * x[0] + w[1] * x[1] + w[2]), v = p * (1 - p);
      for (std::size_t i = 0; i < 3; ++i) {
        g[i] += (p - (row.large() ? 1 : 0)) * x[i];
        for (std::size_t j = 0; j < 3; ++j) h[i][j] += v * x[i] * x[j];
      }
    }
    // A little of a prior keeps separable rows finite; an unused input is a row of the identity.
    for (std::size_t i = 0; i < 3; ++i) {
      g[i] += 0.01 * w[i];
      h[i][i] += 0.01;
      if (used[i]) continue;
      for (std::size_t j = 0; j < 3; ++j) h[i][j] = h[j][i] = 0;
      h[i][i] = 1;
      g[i] = 0;
    }
    // Elimination; h is positive definite.
    for (std::size_t i = 0; i < 3; ++i) {
      for (std::size_t r = i + 1; r < 3; ++r) {
        const double factor = h[r][i] / h[i][i];
        for (std::size_t c = i; c < 3; ++c) h[r][c] -= factor * h[i][c];
        g[r] -= factor * g[i];
      }
    }
    for (std::size_t i = 3; i-- > 0;) {
      for (std::size_t c = i + 1; c < 3; ++c) g[i] -= h[i][c] * g[c];
      g[i] /= h[i][i];
      w[i] -= g[i];
    }
  }
  return {w[0], w[1], w[2]};
}

Plane fit_plane(const std::vector<Row>& rows) {
  const Plane both = fit_plane(rows, true, true);
  if (both.encoder < 0) return fit_plane(rows, true, false);
  if (both.first < 0) return fit_plane(rows, false, true);
  return both;
}

// [begin, end) of the rows, which are sorted by d; empty when asking helps nowhere.
std::pair<std::size_t, std::size_t> best_window(const std::vector<Row>& rows, const Plane& plane) {
  std::vector<double> gained = {0};
  for (const Row& row : rows)
    gained.push_back(gained.back() + loss_of(row.d(), row.large()) - loss_of(plane.at(row), row.large()));
  const auto most = static_cast<std::size_t>(kSecondStageShare * static_cast<double>(rows.size()));
  std::pair<std::size_t, std::size_t> best{0, 0};
  double best_gain = 0;
  for (std::size_t begin = 0; begin < rows.size(); ++begin) {
    for (std::size_t end = begin + 1; end <= std::min(begin + most, rows.size()); ++end) {
      if (gained[end] - gained[begin] <= best_gain) continue;
      best_gain = gained[end] - gained[begin];
      best = {begin, end};
    }
  }
  return best;
}

// The loss of one kind of target over the rows, at this blend. Rows without the target do not count.
using Loss = std::function<double(const Example&, const core::Difficulty&)>;

float best_share(const std::vector<Row>& rows, const geometry::Head& head, geometry::Blend blend,
                 float geometry::Blend::*share, const Loss& loss) {
  float best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (int tenth = 0; tenth <= 10; ++tenth) {
    blend.*share = static_cast<float>(tenth) / 10;
    double sum = 0;
    for (const Row& row : rows)
      sum += loss(*row.held_out->example, geometry::refine(row.held_out->first, *row.outputs, head, blend));
    if (sum >= least) continue;
    least = sum;
    best = blend.*share;
  }
  return best;
}

double info_loss(const Example& e, const core::Difficulty& d) {
  if (!e.new_share) return 0;
  return -*e.new_share * std::log(d.delta_info) - (1 - *e.new_share) * std::log(1 - d.delta_info);
}
double depth_loss(const Example& e, const core::Difficulty& d) {
  const double off = e.steps ? std::log1p(d.depth) - std::log1p(*e.steps) : 0;
  return off * off;
}
double topology_loss(const Example& e, const core::Difficulty& d) {
  if (!e.topology) return 0;
  return -std::log(std::max(d.topology[static_cast<std::size_t>(*e.topology)], 1e-9));
}

}  // namespace

base::Result<EncoderRows> read_encoder_rows(const std::string& file) {
  EncoderRows rows;
  std::size_t number = 0;
  bool understood = true;
  const auto status = for_each_row(file, [&](base::json::Value row) {
    ++number;
    geometry::EncoderOutputs outputs{};
    std::size_t count = 0;
    for (base::json::Elements each(row.member("outputs")); each.next(); ++count) {
      const auto value = each.value().number();
      understood = understood && value && count < outputs.size();
      if (understood) outputs[count] = static_cast<float>(*value);
    }
    const auto id = row.member("id").string();
    understood = understood && id && count == outputs.size();
    if (understood) rows[*id] = outputs;
    return understood;
  });
  if (!status) return status.error();
  if (!understood)
    return base::fail(base::Code::invalid,
                      file + ", row " + std::to_string(number) + ": wants an \"id\" and 17 numbers as \"outputs\"");
  return rows;
}

base::Result<geometry::Blend> fit_blend(const std::vector<HeldOutRow>& held_out, const geometry::Head& head,
                                        const EncoderRows& outputs, std::uint64_t mark,
                                        const std::function<void(const std::string&)>& log) {
  std::vector<Row> rows;
  for (const HeldOutRow& one : held_out) {
    const auto found = outputs.find(one.example->id);
    if (found != outputs.end()) rows.push_back({&one, &found->second});
  }
  if (rows.size() < kSecondStageRows) {
    return base::fail(base::Code::invalid, std::to_string(rows.size()) + " of the held-out rows have outputs of an " +
                                               "encoder, and " + std::to_string(kSecondStageRows) + " are needed");
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.d() < b.d(); });
  const Plane plane = fit_plane(rows);
  const auto [begin, end] = best_window(rows, plane);
  geometry::Blend blend{.encoder_mark = mark,
                        .first = static_cast<float>(plane.first),
                        .encoder = static_cast<float>(plane.encoder),
                        .offset = static_cast<float>(plane.offset)};
  const std::vector<Row> inside(rows.begin() + static_cast<std::ptrdiff_t>(begin),
                                rows.begin() + static_cast<std::ptrdiff_t>(end));
  std::vector<std::pair<double, bool>> points;
  std::vector<Scored> before, after;
  for (const Row& row : inside) {
    points.emplace_back(plane.at(row), row.large());
    before.push_back({row.d(), row.large()});
    after.push_back({plane.at(row), row.large()});
  }
  blend.bands = make_bands(points, kSecondBands);
  if (inside.empty()) {
    // Asked nowhere: no P(small) is both at least one and at most nought.
    blend.low = 1;
    blend.high = 0;
    log("second stage: it helps nowhere and will not be asked");
    return blend;
  }
  blend.low = static_cast<float>(logistic(-inside.back().d()));
  blend.high = static_cast<float>(logistic(-inside.front().d()));
  blend.info = best_share(inside, head, blend, &geometry::Blend::info, info_loss);
  blend.depth = best_share(inside, head, blend, &geometry::Blend::depth, depth_loss);
  blend.topology = best_share(inside, head, blend, &geometry::Blend::topology, topology_loss);
  log("second stage: asked where P(small) is " + std::to_string(blend.low) + " to " + std::to_string(blend.high) +
      ", " + std::to_string(inside.size()) + " of " + std::to_string(rows.size()) + " rows; AUC among them " +
      std::to_string(auc(before)) + ", then " + std::to_string(auc(after)));
  return blend;
}

}  // namespace basin::lab
