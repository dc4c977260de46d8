// report_svg.cc, and svg.cc below it.
#include "lab/report_svg.h"

#include <gtest/gtest.h>

namespace basin::lab {
namespace {

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(ReportSvg, ADotForEachBandAndALineForEachError) {
  Report report;
  report.n = 30;
  report.reliability = {{10, 0.15, 0.2}, {20, 0.85, 0.9}};
  report.errors = {{0, 1, 0}, {0.5, 0.1, 0.3}, {1, 0, 1}};
  const std::string svg = to_svg(report);
  EXPECT_TRUE(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
  EXPECT_EQ(count(svg, "<circle "), 2u);
  EXPECT_EQ(count(svg, "<path fill=\"none\""), 3u);  // the diagonal, and two errors
}

}  // namespace
}  // namespace basin::lab
