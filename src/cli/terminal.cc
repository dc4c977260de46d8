#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <iostream>

namespace basin::cli {
namespace {

constexpr int kDefaultWidth = 80;
constexpr int kLeastWidth = 40;  // narrower windows wrap by themselves better than we could

bool wants_color(Color color, bool interactive, const config::Environment& environment) {
  if (color != Color::automatic) return color == Color::always;
  return interactive && !environment.get("NO_COLOR") && environment.get("TERM").value_or("dumb") != "dumb";
}

int window_width(int fd, const config::Environment& environment) {
  if (const auto columns = environment.get("COLUMNS")) {
    int width = 0;
    const auto end = std::from_chars(columns->data(), columns->data() + columns->size(), width);
    if (end.ec == std::errc() && width >= kLeastWidth) return width;
  }
  winsize window{};
  if (ioctl(fd, TIOCGWINSZ, &window) == 0 && window.ws_col >= kLeastWidth) return window.ws_col;
  return kDefaultWidth;
}

std::string_view code_of(Style style) {
  switch (style) {
    case Style::plain: return "";
    case Style::bold: return "\x1b[1m";
    case Style::dim: return "\x1b[2m";
    case Style::good: return "\x1b[32m";
    case Style::bad: return "\x1b[31m";
    case Style::warn: return "\x1b[33m";
    case Style::accent: return "\x1b[36m";
  }
  return "";
}

}  // namespace

Terminal::Terminal(int fd, Color color, const config::Environment& environment)
    : fd_(fd),
      interactive_(isatty(fd) == 1),
      colored_(wants_color(color, interactive_, environment)),
      width_(window_width(fd, environment)) {}

std::string Terminal::paint(Style style, std::string_view text) const {
  if (!colored_ || style == Style::plain || text.empty()) return std::string(text);
  std::string out(code_of(style));
  out += text;
  out += "\x1b[0m";
  return out;
}

void Terminal::write(std::string_view text) {
  while (!closed_ && !text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR && errno != EAGAIN) {
      closed_ = true;
      problem_ = errno == EPIPE ? 0 : errno;
    }
  }
}

void Terminal::line(std::string_view text) {
  std::string out(text);
  out += '\n';
  write(out);
}

std::optional<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return std::nullopt;
  return line;
}

}  // namespace basin::cli
