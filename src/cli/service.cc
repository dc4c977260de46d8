// `basin service`: Basin as a systemd unit of its user: started at login, restarted when it fails, reloaded by SIGHUP.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/child.h"
#include "cli/command.h"
#include "cli/service_unit.h"
#include "cli/write_file.h"

namespace basin::cli {
namespace {

std::string unit_path(const config::Environment& environment) {
  const std::string folder = environment.config_dir();  // .../basin
  return folder.empty() ? folder : std::filesystem::path(folder).parent_path().string() + "/systemd/user/basin.service";
}

class Service : public Command {
 public:
  void declare(Options& options) override {
    options.word("ACTION", {"install", "remove"}, "install or remove", action_);
    options.flag("--no-start", no_start_, "write or delete the unit, and leave systemctl to you");
  }

  Exit run(Context& context) override {
    const std::string path = unit_path(context.environment);
    if (path.empty()) return context.fail(Exit::configuration, "neither HOME nor XDG_CONFIG_HOME is set");
    return action_ == "install" ? install(path, context) : remove(path, context);
  }

 private:
  Exit install(const std::string& path, Context& context) const {
    std::error_code error;
    const std::string program = std::filesystem::read_symlink("/proc/self/exe", error).string();
    const std::string config =
        context.flags.config.empty() ? "" : std::filesystem::absolute(context.flags.config, error).string();
    if (const auto written = write_file(path, service_unit(program, config), 0644, Existing::replace); !written)
      return context.fail(written.error());
    context.note("Wrote " + path + ".");
    context.note("Keys for it go into " + context.environment.config_dir() +
                 "/environment (NAME=value lines, mode 0600).");
    return start({{"daemon-reload"}, {"enable", "--now", "basin.service"}}, context);
  }

  Exit remove(const std::string& path, Context& context) const {
    std::error_code unknown;
    if (!std::filesystem::exists(path, unknown)) return context.fail(Exit::negative, "there is no " + path);
    const Exit stopped = start({{"disable", "--now", "basin.service"}}, context);
    if (stopped != Exit::ok) return stopped;
    if (unlink(path.c_str()) != 0) return context.fail(Exit::configuration, path + ": " + std::strerror(errno));
    context.note("Removed " + path + ".");
    return start({{"daemon-reload"}}, context);
  }

  // Has systemctl do each of these; without it, or with --no-start, says them.
  Exit start(const std::vector<std::vector<std::string>>& steps, Context& context) const {
    const auto systemctl = find_program("systemctl", context.environment);
    for (const auto& step : steps) {
      const std::string shown = fmt::format("systemctl --user {}", fmt::join(step, " "));
      if (no_start_ || !systemctl) {
        context.note("To do: " + shown);
        continue;
      }
      Invocation invocation{.words = {*systemctl, "--user"}, .variables = context.environment.variables()};
      invocation.words.insert(invocation.words.end(), step.begin(), step.end());
      const auto code = Child().run(invocation);
      if (!code) return context.fail(code.error());
      if (*code != 0)
        return context.fail(Exit::negative,
                            fmt::format("`{}` failed; without a user session of systemd, use --no-start", shown));
    }
    return Exit::ok;
  }

  std::string action_;
  bool no_start_ = false;
};

}  // namespace

extern const CommandInfo kService;
constinit const CommandInfo kService = {
    .name = "service",
    .summary = "run Basin from login on, as a systemd user unit",
    .details =
        "Writes ~/.config/systemd/user/basin.service, enables and starts it. Keys do not come from your shell then: "
        "write them to "
        "~/.config/basin/environment (mode 0600), or use `key_file` in the configuration.",
    .examples = "basin service install\nbasin --config ./basin.toml service install --no-start\nbasin service remove",
    .make = &make_command<Service>};

}  // namespace basin::cli
