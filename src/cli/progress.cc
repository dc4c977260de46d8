#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "cli/figures.h"

namespace basin::cli {
namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};
constexpr std::size_t kBarMost = 30, kBarLeast = 8;  // cells; where fewer fit there is no bar
constexpr std::string_view kWipe = "\r\x1b[K";

struct Unit {
  std::string_view name;
  double bytes;
};
constexpr std::array<Unit, 4> kUnits = {{{"GB", 1e9}, {"MB", 1e6}, {"KB", 1e3}, {"B", 1}}};

// The largest unit of which the bytes are one at least.
const Unit& unit_of(double bytes) {
  return *std::find_if(kUnits.begin(), kUnits.end() - 1, [&](const Unit& unit) { return bytes >= unit.bytes; });
}

std::string in_unit(double bytes, const Unit& unit) {
  return fmt::format("{:.{}f}", bytes / unit.bytes, unit.bytes == 1 ? 0 : 1);
}

std::string time_left(double seconds) {
  const auto whole = static_cast<long>(std::min(std::ceil(seconds), 1e7));
  return whole < 120 ? fmt::format("{} s left", whole) : fmt::format("{} min left", whole / 60);
}

}  // namespace

std::string describe(const Headway& h, int width) {
  const auto bytes = static_cast<double>(h.bytes);
  const double seconds = std::max(h.seconds, 1e-3);
  const std::string rate = grouped(static_cast<std::uint64_t>(static_cast<double>(h.rows) / seconds)) + " rows/s";
  std::string head = grouped(h.rows) + " rows  ", tail;
  const bool ends = h.total && *h.total > 0;
  if (!ends) {
    const Unit &unit = unit_of(bytes), &pace = unit_of(bytes / seconds);
    head += fmt::format("{} {}  {}  {} {}/s", in_unit(bytes, unit), unit.name, rate, in_unit(bytes / seconds, pace),
                        pace.name);
  } else {
    const auto total = static_cast<double>(*h.total);
    const double share = std::min(bytes / total, 1.0);
    const Unit& unit = unit_of(total);
    head += fmt::format("{} of {} {}", in_unit(bytes, unit), in_unit(total, unit), unit.name);
    tail = "  " + rate + (share > 0 ? "  " + time_left(seconds / share - seconds) : "");
    const auto room = static_cast<std::size_t>(std::max(width, 0));
    const std::size_t taken = head.size() + tail.size() + 4;
    if (room >= taken + kBarLeast) {
      const std::size_t cells = std::min(room - taken, kBarMost);
      const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
      head += "  [" + std::string(full, '#') + std::string(cells - full, '.') + "]";
    }
  }
  return (head + tail).substr(0, static_cast<std::size_t>(std::max(width, 0)));
}

Progress::Progress(Context& context)
    : screen_(context.err.interactive() && !context.out.interactive() && !context.flags.quiet &&
                      context.environment.get("TERM").value_or("dumb") != "dumb"
                  ? &context.err
                  : nullptr) {}

Progress::~Progress() {
  if (on_screen_) screen_->write(kWipe);
}

void Progress::show(Headway headway) {
  if (screen_ == nullptr) return;
  const auto now = Clock::now();
  if (on_screen_ && now - drawn_ < kBetweenDrawings) return;
  headway.seconds = std::chrono::duration<double>(now - begin_).count();
  // A terminal wraps when its last column is written.
  screen_->write(std::string(kWipe) + describe(headway, screen_->width() - 1));
  drawn_ = now;
  on_screen_ = true;
}

}  // namespace basin::cli
