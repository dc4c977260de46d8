#include "cli/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace basin::cli {
namespace {

struct Unit {
  const char* name;
  double size;
};
constexpr std::array<Unit, 4> kBytes = {{{"TB", 1e12}, {"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}}};

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::string in_bytes(std::uint64_t bytes) {
  const auto amount = static_cast<double>(bytes);
  const auto* unit = std::find_if(kBytes.begin(), kBytes.end(), [&](const Unit& each) { return amount >= each.size; });
  return unit == kBytes.end() ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount / unit->size, unit->name);
}

std::string in_words(std::uint64_t count) {
  const auto amount = static_cast<double>(count);
  if (amount >= 1e11) return fmt::format("{:.0f} billion", amount / 1e9);
  if (amount >= 1e9) return fmt::format("{:.3g} billion", amount / 1e9);
  if (amount >= 1e6) return fmt::format("{:.3g} million", amount / 1e6);
  return grouped(count);
}

}  // namespace basin::cli
