#include "lab/curve_svg.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace basin::lab {
namespace {

constexpr double kWidth = 720, kHeight = 460, kLeft = 60, kRight = 150, kTop = 30, kBottom = 50;
constexpr std::size_t kMostPoints = 200;  // of a curve: more cannot be seen
constexpr std::array<const char*, 8> kColors = {"#0b5fa5", "#c2410c", "#6b7280", "#9ca3af",
                                                "#d1d5db", "#15803d", "#a21caf", "#111827"};

std::string number(double x) {
  std::array<char, 32> text{};
  const int n = std::snprintf(text.data(), text.size(), "%.2f", x);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string text(double x, double y, std::string_view what, std::string_view attributes = "") {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + std::string(attributes) + ">" + escaped(what) +
         "</text>\n";
}

// Where a point of the curves stands in the picture.
struct Frame {
  double low = 0, high = 1;  // of quality
  double x(double share) const { return kLeft + share * (kWidth - kLeft - kRight); }
  double y(double quality) const {
    return kHeight - kBottom - (quality - low) / (high - low) * (kHeight - kTop - kBottom);
  }
};

Frame frame_of(const OutcomeReport& report) {
  Frame frame{1, 0};
  for (const Policy& policy : report.policies) {
    for (const CurvePoint& point : policy.curve) {
      frame.low = std::min(frame.low, point.quality);
      frame.high = std::max(frame.high, point.quality);
    }
  }
  if (frame.high <= frame.low) frame = {0, 1};
  return frame;
}

std::string axes(const Frame& frame) {
  std::string out;
  for (int i = 0; i <= 4; ++i) {
    const double share = i / 4.0, quality = frame.low + (frame.high - frame.low) * i / 4;
    out += "<path d=\"M" + number(kLeft) + " " + number(frame.y(quality)) + "H" + number(kWidth - kRight) +
           "\" stroke=\"#e5e7eb\"/>\n";
    out += text(kLeft - 8, frame.y(quality) + 4, number(quality), "text-anchor=\"end\"");
    out += text(frame.x(share), kHeight - kBottom + 18, std::to_string(25 * i) + " %", "text-anchor=\"middle\"");
  }
  out += text(frame.x(0.5), kHeight - 10, "share of prompts sent to the strong model", "text-anchor=\"middle\"");
  return out;
}

std::string path_of(const Policy& policy, const Frame& frame, const char* color) {
  std::string out = "<path fill=\"none\" stroke=\"" + std::string(color) + "\" stroke-width=\"1.6\" d=\"";
  const std::size_t n = policy.curve.size(), step = std::max<std::size_t>(1, n / kMostPoints);
  for (std::size_t i = 0; i < n; i = i + 1 == n ? n : std::min(i + step, n - 1)) {
    const CurvePoint& point = policy.curve[i];
    out += (i == 0 ? "M" : "L") + number(frame.x(point.share)) + " " + number(frame.y(point.quality));
  }
  return out + "\"/>\n";
}

}  // namespace

std::string to_svg(const OutcomeReport& report) {
  const Frame frame = frame_of(report);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(kWidth) + " " +
                    number(kHeight) +
                    "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" "
                    "fill=\"white\"/>\n";
  out += text(
      kLeft, 18,
      report.weak.front() + " and " + report.strong.front() + ", " + std::to_string(report.n) + " prompts: mean score");
  out += axes(frame);
  for (std::size_t i = 0; i < report.policies.size(); ++i) {
    const Policy& policy = report.policies[i];
    const char* color = kColors[i % kColors.size()];
    out += path_of(policy, frame, color);
    out += text(kWidth - kRight + 12, kTop + 20 + 18 * static_cast<double>(i), policy.name,
                "fill=\"" + std::string(color) + "\"");
  }
  return out + "</svg>\n";
}

}  // namespace basin::lab
