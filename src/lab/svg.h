// What the pictures of reports are drawn with.
#pragma once

#include <string>
#include <string_view>

namespace basin::lab::svg {

// A coordinate or a figure, two digits behind the point.
std::string number(double x);
// A line of text at a point; what it says is escaped, attributes are not.
std::string text(double x, double y, std::string_view what, std::string_view attributes = "");
// A document of that size with a white ground around what was drawn.
std::string document(double width, double height, std::string_view drawn);

// A field with axes from 0 to 1 across, and from low to high upwards.
struct Frame {
  double left = 0, top = 0, width = 0, height = 0;
  double low = 0, high = 1;

  double x(double share) const { return left + share * width; }
  double y(double value) const { return top + height - (value - low) / (high - low) * height; }
  // Five lines across with their values, five shares in percent below, and what is counted across.
  std::string axes(std::string_view across) const;
};

}  // namespace basin::lab::svg
