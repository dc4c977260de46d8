// The lines of a text's material: where something may be put between two of them, or their order changed.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace basin::lab {

struct MaterialLine {
  std::size_t begin = 0, end = 0;  // in the text, without the line's end
  bool goes_on = false;            // the line above is not blank and of the same piece of material
};

// In order, without blank lines. Lines that are material in part are left out.
std::vector<MaterialLine> material_lines(std::string_view text);

}  // namespace basin::lab
