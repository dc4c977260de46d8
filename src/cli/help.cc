#include "cli/help.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.h"

namespace basin::cli {
namespace {

constexpr int kTextWidth = 100;  // longer lines are hard to read, however wide the window

int text_width(const Terminal& terminal) { return std::min(terminal.width(), kTextWidth); }

std::string left_column(const Option& option) {
  std::string left(option.names);
  if (const std::size_t comma = left.find(','); comma != std::string::npos)
    left.insert(comma + 1, " ");
  else if (left.starts_with("--"))
    left = "    " + left;
  if (!option.placeholder.empty()) left += (left.empty() ? "" : " ") + std::string(option.placeholder);
  return left;
}

// Two columns; the right one is wrapped beside the left.
std::string table(const std::vector<std::pair<std::string, std::string_view>>& rows, const Terminal& terminal) {
  std::size_t left_width = 0;
  for (const auto& row : rows) left_width = std::max(left_width, row.first.size());
  std::string out;
  const int indent = static_cast<int>(left_width) + 4;
  for (const auto& [left, right] : rows) {
    const std::string wrapped = wrap(right, text_width(terminal), indent);
    out += "  " + terminal.paint(Style::accent, left) + std::string(left_width - left.size() + 2, ' ');
    out += std::string_view(wrapped).substr(std::min(wrapped.size(), static_cast<std::size_t>(indent)));
  }
  return out;
}

std::string option_table(const Options& options, const Terminal& terminal) {
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const Option& option : options.all()) rows.emplace_back(left_column(option), option.help);
  return table(rows, terminal);
}

// "command # what it does" lines; the remark is dimmed.
std::string examples(std::string_view lines, const Terminal& terminal) {
  std::string out;
  while (!lines.empty()) {
    const std::string_view line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    const std::size_t remark = line.find(" # ");
    out += "  " + std::string(line.substr(0, remark));
    if (remark != std::string_view::npos) out += terminal.paint(Style::dim, line.substr(remark));
    out += '\n';
  }
  return out;
}

}  // namespace

std::string wrap(std::string_view text, int width, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  const std::size_t room = static_cast<std::size_t>(std::max(width - indent, 20));
  std::string out;
  std::string line;
  const auto flush = [&] {
    out += line.empty() ? "\n" : margin + line + "\n";
    line.clear();
  };
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, end);
    if (!line.empty() && line.size() + 1 + word.size() > room) flush();
    if (!word.empty()) line += (line.empty() ? "" : " ") + std::string(word);
    if (end == std::string_view::npos) break;
    if (text[end] == '\n') flush();
    text.remove_prefix(end + 1);
  }
  if (!line.empty()) flush();
  return out;
}

Options declared_options(const CommandInfo& info) {
  Options options;
  info.make()->declare(options);
  return options;
}

std::string usage_line(const CommandInfo& info, const Options& options) {
  std::string line = fmt::format("basin {}", info.name);
  const auto& all = options.all();
  const bool rest = std::any_of(all.begin(), all.end(), [](const Option& o) { return o.kind == Option::Kind::rest; });
  if (!rest) line += " [OPTIONS]";
  for (const Option& option : all) {
    if (option.kind != Option::Kind::argument && option.kind != Option::Kind::rest) continue;
    const std::string_view dots = option.repeated ? "..." : "";
    line += fmt::format(fmt::runtime(option.required ? " {}{}" : " [{}{}]"), option.placeholder, dots);
  }
  return line;
}

std::string help_for(const CommandInfo& info, const Terminal& terminal) {
  const Options own = declared_options(info);
  CommonFlags flags;
  Options common;
  declare_common(common, flags);
  std::string out = fmt::format("{}: {}\n\n{} {}\n", terminal.paint(Style::bold, fmt::format("basin {}", info.name)),
                                info.summary, terminal.paint(Style::bold, "Usage:"), usage_line(info, own));
  if (!info.details.empty()) out += "\n" + wrap(info.details, text_width(terminal), 0);
  if (!own.all().empty()) out += "\n" + terminal.paint(Style::bold, "Options") + "\n" + option_table(own, terminal);
  out += "\n" + terminal.paint(Style::bold, "Common options") + "\n" + option_table(common, terminal);
  if (!info.examples.empty()) {
    out += "\n" + terminal.paint(Style::bold, "Examples") + "\n" + examples(info.examples, terminal);
  }
  return out;
}

std::string overview(const Terminal& terminal) {
  std::string out = fmt::format("{} decides before a prompt is sent whether a small model is enough.\n\n",
                                terminal.paint(Style::bold, "basin"));
  out += terminal.paint(Style::bold, "Usage:") + " basin COMMAND [OPTIONS]\n\n" +
         terminal.paint(Style::bold, "Commands") + "\n";
  std::vector<std::pair<std::string, std::string_view>> rows;
  for (const CommandInfo* info : commands()) {
    if (!info->hidden) rows.emplace_back(info->name, info->summary);
  }
  out += table(rows, terminal);
  out += "\n`basin COMMAND --help` shows a command's options and examples.\n";
  return out;
}

}  // namespace basin::cli
