#include "lab/report_svg.h"

#include <cmath>

#include "lab/svg.h"

namespace basin::lab {
namespace {

constexpr double kWidth = 900, kHeight = 460;
constexpr svg::Frame kReliability{60, 40, 360, 360};
constexpr svg::Frame kErrors{510, 40, 360, 360};
constexpr const char* kBlue = "#0b5fa5";
constexpr const char* kRed = "#c2410c";

std::string line(std::string_view points, const char* color) {
  return "<path fill=\"none\" stroke=\"" + std::string(color) + "\" stroke-width=\"1.6\" d=\"" + std::string(points) +
         "\"/>\n";
}

std::string point(const svg::Frame& frame, double x, double y, bool first) {
  return (first ? "M" : "L") + svg::number(frame.x(x)) + " " + svg::number(frame.y(y));
}

std::string reliability_of(const Report& report) {
  std::string out = kReliability.axes("P(small ok), mean of a tenth");
  out += line(point(kReliability, 0, 0, true) + point(kReliability, 1, 1, false), "#9ca3af");
  for (const ReliabilityBand& band : report.reliability) {
    const double radius = 2 + 16 * std::sqrt(static_cast<double>(band.n) / static_cast<double>(report.n));
    out += "<circle cx=\"" + svg::number(kReliability.x(band.promised)) + "\" cy=\"" +
           svg::number(kReliability.y(band.small)) + "\" r=\"" + svg::number(radius) + "\" fill=\"" + kBlue +
           "\" fill-opacity=\"0.6\"/>\n";
  }
  return out + svg::text(kReliability.left, 24, "share that was small, " + std::to_string(report.n) + " prompts");
}

std::string errors_of(const Report& report) {
  std::string out = kErrors.axes("threshold on P(small ok)"), missed, wasted;
  for (const ErrorPoint& at : report.errors) {
    missed += point(kErrors, at.threshold, at.large_sent_small, missed.empty());
    wasted += point(kErrors, at.threshold, at.small_sent_large, wasted.empty());
  }
  out += line(missed, kRed) + line(wasted, kBlue);
  out += svg::text(kErrors.left, 24, "large sent small", "fill=\"" + std::string(kRed) + "\"");
  return out + svg::text(kErrors.left + 130, 24, "small sent large", "fill=\"" + std::string(kBlue) + "\"");
}

}  // namespace

std::string to_svg(const Report& report) {
  return svg::document(kWidth, kHeight, reliability_of(report) + errors_of(report));
}

}  // namespace basin::lab
