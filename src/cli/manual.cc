// `basin manual` writes man pages: one for the program and one for each command, from the same rows as --help.
#include "cli/manual.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/version.h"

namespace basin::cli {
namespace {

// Text for roff: no line may begin with a dot or quote, and - and \ are letters.
std::string roff(std::string_view text) {
  std::string out;
  bool line_begins = true;
  for (const char c : text) {
    if (line_begins && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
    line_begins = c == '\n';
  }
  return out;
}

// Empty lines become paragraphs.
std::string paragraphs(std::string_view text) {
  std::string out = roff(text);
  for (std::size_t at = 0; (at = out.find("\n\n", at)) != std::string::npos; at += 5) out.replace(at, 2, "\n.PP\n");
  return out;
}

std::string heading(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return fmt::format(".TH {} 1 \"\" \"basin {}\" \"Basin\"\n", roff(upper), kVersionNumber);
}

std::string options_list(const Options& options) {
  std::string out;
  for (const Option& option : options.all()) {
    std::string names = fmt::format("\\fB{}\\fR", roff(option.names));
    if (const auto comma = names.find(','); comma != std::string::npos) names.replace(comma, 1, ", ");
    if (option.names.empty()) names.clear();
    if (!option.placeholder.empty())
      names += fmt::format("{}\\fI{}\\fR", names.empty() ? "" : " ", roff(option.placeholder));
    out += fmt::format(".TP\n{}\n{}\n", names, roff(option.help));
  }
  return out;
}

std::string common_options() {
  CommonFlags ignored;
  Options options;
  declare_common(options, ignored);
  return options_list(options);
}

constexpr std::string_view kExitStatus = R"(.SH EXIT STATUS
.TP
0
done; or a positive answer
.TP
1
a negative answer
.TP
2
wrong usage, input that cannot be read, or an answer that cannot be written
.TP
3
unsure, or not enough data
.TP
4
no model or server could be reached
.TP
5
the configuration is wrong, or the port is taken
.TP
130
interrupted
)";

constexpr std::string_view kFiles = R"(.SH FILES
.TP
~/.config/basin/basin.toml
the configuration; see \fBbasin init\fR
.TP
~/.config/basin/prices.toml
prices of your own
.TP
~/.local/state/basin/
what a running Basin says of itself
.SH ENVIRONMENT
.TP
BASIN_CONFIG
the configuration file
.TP
BASIN_TOKEN
the token that clients must send
.TP
NO_COLOR
no colour
)";

base::Status write_file(const std::string& path, std::string_view text) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "we"), &std::fclose);
  if (!file || std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() || std::fflush(file.get()) != 0) {
    return base::fail(base::Code::invalid, path + ": cannot be written");
  }
  return base::ok_status();
}

class Manual : public Command {
 public:
  void declare(Options& options) override {
    options.text("--into", "FOLDER", folder_, "write all pages there, as NAME.1")
        .argument("COMMAND", name_, "print the page of this command; without it that of basin");
  }

  Exit run(Context& context) override {
    if (!folder_.empty()) return write_all(context);
    const CommandInfo* info = name_.empty() ? nullptr : find_command(name_);
    if (!name_.empty() && info == nullptr) return context.fail(Exit::usage, "no command is named \"" + name_ + "\"");
    context.out.write(info == nullptr ? manual_overview() : manual_page(*info));
    return Exit::ok;
  }

 private:
  Exit write_all(Context& context) const {
    if (const auto done = write_file(folder_ + "/basin.1", manual_overview()); !done) return context.fail(done.error());
    for (const CommandInfo* info : commands()) {
      if (info->hidden) continue;
      const auto done = write_file(fmt::format("{}/basin-{}.1", folder_, info->name), manual_page(*info));
      if (!done) return context.fail(done.error());
    }
    return Exit::ok;
  }

  std::string folder_, name_;
};

}  // namespace

std::string manual_overview() {
  std::string out = heading("basin") +
                    ".SH NAME\nbasin \\- decide before a prompt is sent whether a small model is enough\n"
                    ".SH SYNOPSIS\n\\fBbasin\\fR \\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n.SH COMMANDS\n";
  for (const CommandInfo* info : commands()) {
    if (!info->hidden) out += fmt::format(".TP\n\\fBbasin\\-{}\\fR(1)\n{}\n", roff(info->name), roff(info->summary));
  }
  return out + ".SH OPTIONS\nThese are understood by every command.\n" + common_options() + std::string(kExitStatus) +
         std::string(kFiles);
}

std::string manual_page(const CommandInfo& info) {
  const Options options = declared_options(info);
  std::string out = heading(fmt::format("basin-{}", info.name));
  out += fmt::format(".SH NAME\nbasin\\-{} \\- {}\n.SH SYNOPSIS\n\\fB{}\\fR\n", roff(info.name), roff(info.summary),
                     roff(usage_line(info, options)));
  if (!info.details.empty()) out += ".SH DESCRIPTION\n" + paragraphs(info.details) + "\n";
  if (!options.all().empty()) out += ".SH OPTIONS\n" + options_list(options);
  out += ".SH COMMON OPTIONS\n" + common_options();
  if (!info.examples.empty()) out += ".SH EXAMPLES\n.nf\n" + roff(info.examples) + "\n.fi\n";
  return out + std::string(kExitStatus) + ".SH SEE ALSO\n\\fBbasin\\fR(1)\n";
}

extern const CommandInfo kManual;
constinit const CommandInfo kManual = {
    .name = "manual",
    .summary = "print or write the man pages",
    .details = "",
    .examples = "basin manual --into /usr/local/share/man/man1\nbasin manual serve | man -l -",
    .make = &make_command<Manual>,
    .hidden = true};

}  // namespace basin::cli
