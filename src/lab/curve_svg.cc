#include "lab/curve_svg.h"

#include <algorithm>
#include <array>

#include "lab/svg.h"

namespace basin::lab {
namespace {

constexpr double kWidth = 720, kHeight = 460, kLeft = 60, kRight = 150, kTop = 30, kBottom = 50;
constexpr std::size_t kMostPoints = 200;  // of a curve: more cannot be seen
constexpr std::array<const char*, 8> kColors = {"#0b5fa5", "#c2410c", "#6b7280", "#9ca3af",
                                                "#d1d5db", "#15803d", "#a21caf", "#111827"};

svg::Frame frame_of(const OutcomeReport& report) {
  svg::Frame frame{kLeft, kTop, kWidth - kLeft - kRight, kHeight - kTop - kBottom, 1, 0};
  for (const Policy& policy : report.policies) {
    for (const CurvePoint& point : policy.curve) {
      frame.low = std::min(frame.low, point.quality);
      frame.high = std::max(frame.high, point.quality);
    }
  }
  if (frame.high <= frame.low) frame.low = 0, frame.high = 1;
  return frame;
}

std::string path_of(const Policy& policy, const svg::Frame& frame, const char* color) {
  std::string out = "<path fill=\"none\" stroke=\"" + std::string(color) + "\" stroke-width=\"1.6\" d=\"";
  const std::size_t n = policy.curve.size(), step = std::max<std::size_t>(1, n / kMostPoints);
  for (std::size_t i = 0; i < n; i = i + 1 == n ? n : std::min(i + step, n - 1)) {
    const CurvePoint& point = policy.curve[i];
    out += (i == 0 ? "M" : "L") + svg::number(frame.x(point.share)) + " " + svg::number(frame.y(point.quality));
  }
  return out + "\"/>\n";
}

}  // namespace

std::string to_svg(const OutcomeReport& report) {
  const svg::Frame frame = frame_of(report);
  std::string out = svg::text(
      kLeft, 18,
      report.weak.front() + " and " + report.strong.front() + ", " + std::to_string(report.n) + " prompts: mean score");
  out += frame.axes("share of prompts sent to the strong model");
  for (std::size_t i = 0; i < report.policies.size(); ++i) {
    const Policy& policy = report.policies[i];
    const char* color = kColors[i % kColors.size()];
    out += path_of(policy, frame, color);
    out += svg::text(kWidth - kRight + 12, kTop + 20 + 18 * static_cast<double>(i), policy.name,
                     "fill=\"" + std::string(color) + "\"");
  }
  return svg::document(kWidth, kHeight, out);
}

}  // namespace basin::lab
