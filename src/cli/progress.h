// How far a long command has come, in one line at the bottom of a terminal. A pipe, a file and a dumb terminal see
// nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "cli/command.h"

namespace basin::cli {

struct Headway {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;             // read so far
  std::optional<std::uint64_t> total;  // bytes in all, where they are known
  double seconds = 0;                  // since the beginning
};

// "1,234,567 rows  1.2 of 3.4 GB  [#####.....]  98,000 rows/s  12 s left", at most `width` columns; without a total no
// bar and no end, but the bytes per second.
std::string describe(const Headway& headway, int width);

// The line itself, as long as this lives. One for a command, on one thread.
class Progress {
 public:
  // Draws on context.err, unless nobody is there to see it or --quiet, or when answers scroll by on the same terminal.
  explicit Progress(Context& context);
  // Wipes the line.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Draws anew, ten times a second at most; headway.seconds is filled in here.
  void show(Headway headway);

 private:
  using Clock = std::chrono::steady_clock;

  Terminal* screen_;  // null where nothing is drawn
  Clock::time_point begin_ = Clock::now(), drawn_{};
  bool on_screen_ = false;
};

}  // namespace basin::cli
