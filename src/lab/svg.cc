#include "lab/svg.h"

#include <array>
#include <cstdio>

namespace basin::lab::svg {
namespace {

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

}  // namespace

std::string number(double x) {
  std::array<char, 32> text{};
  const int n = std::snprintf(text.data(), text.size(), "%.2f", x);
  return {text.data(), static_cast<std::size_t>(n)};
}

std::string text(double x, double y, std::string_view what, std::string_view attributes) {
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + std::string(attributes) + ">" + escaped(what) +
         "</text>\n";
}

std::string document(double width, double height, std::string_view drawn) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + number(width) + " " + number(height) +
         "\" font-family=\"sans-serif\" font-size=\"12\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n" +
         std::string(drawn) + "</svg>\n";
}

std::string Frame::axes(std::string_view across) const {
  std::string out;
  for (int i = 0; i <= 4; ++i) {
    const double share = i / 4.0, value = low + (high - low) * i / 4;
    out += "<path d=\"M" + number(left) + " " + number(y(value)) + "H" + number(left + width) +
           "\" stroke=\"#e5e7eb\"/>\n";
    out += text(left - 8, y(value) + 4, number(value), "text-anchor=\"end\"");
    out += text(x(share), top + height + 18, std::to_string(25 * i) + " %", "text-anchor=\"middle\"");
  }
  return out + text(x(0.5), top + height + 40, across, "text-anchor=\"middle\"");
}

}  // namespace basin::lab::svg
