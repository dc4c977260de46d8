#include "cli/banner.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/child.h"
#include "cli/version.h"

namespace basin::cli {
namespace {

std::string_view meaning_of(core::Mode mode) {
  switch (mode) {
    case core::Mode::off: return "passes everything through and counts";
    case core::Mode::shadow: return "decides and keeps the record, changes nothing";
    case core::Mode::advise: return "changes nothing, says in a header what it would do";
    case core::Mode::on: return "routes";
  }
  return {};
}

std::string models_of(const upstream::Server& server) {
  if (server.silent) return "does not answer";
  if (server.models.empty()) return "no models loaded or pulled";
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(server.models.size(), 4); ++i)
    names += (i ? ", " : "") + server.models[i].name;
  return server.models.size() > 4 ? fmt::format("{} and {} more", names, server.models.size() - 4) : names;
}

// What there is to send a request to, a line each.
std::vector<std::string> findings(const gateway::Snapshot& snapshot) {
  std::vector<std::string> lines;
  const upstream::Catalogue& catalogue = snapshot.catalogue;
  for (const upstream::Tier& tier : catalogue.tiers()) {
    lines.push_back(fmt::format("tier {}: {} at {}", tier.name, tier.model, catalogue.server_of(tier).name));
  }
  for (const upstream::Server& server : catalogue.servers()) {
    if (server.discovered)
      lines.push_back(fmt::format("{} at {}: {}", server.name, server.url.authority(), models_of(server)));
    else if (!server.vendor.empty() && !server.key.empty())
      lines.push_back(fmt::format("a key for {}", server.name));
  }
  if (lines.empty())
    lines.push_back("no local model and no key; clients that bring their own key reach their vendor through here");
  return lines;
}

// What a shell in any folder must be told to run this very program: "basin" once it is installed, else its path.
std::string called(const config::Environment& environment) {
  namespace fs = std::filesystem;
  std::error_code unknown;
  const fs::path self = fs::read_symlink("/proc/self/exe", unknown);
  if (self.filename() != "basin") return "basin";  // part of another program
  const auto found = find_program("basin", environment);
  if (found && fs::equivalent(*found, self, unknown)) return "basin";
  return self.string();
}

std::vector<std::pair<std::string, std::string>> next_steps(const gateway::Snapshot& snapshot,
                                                            const std::string& basin) {
  std::vector<std::pair<std::string, std::string>> steps = {
      {basin + " explain \"fix the grammar: me and him goes home\"", "what would be decided, and why"},
      {basin + " claude", "your coding agent through this Basin"},
      {"eval \"$(" + basin + " env)\"", "point other clients here"},
  };
  if (snapshot.catalogue.tiers().empty())
    steps.push_back({basin + " init", "write tiers, so that decisions are carried out"});
  return steps;
}

}  // namespace

void print_banner(Context& context, const gateway::Snapshot& snapshot, std::uint16_t port) {
  Terminal& out = context.out;
  const std::string host =
      snapshot.serve.host.find(':') != std::string::npos ? "[" + snapshot.serve.host + "]" : snapshot.serve.host;
  out.line(fmt::format("basin {} listens on {}", kVersionNumber,
                       out.paint(Style::bold, fmt::format("http://{}:{}", host, port))));
  if (context.flags.quiet) return;
  out.line(fmt::format("  mode    {}: {}", core::name_of(snapshot.routing.mode), meaning_of(snapshot.routing.mode)));
  out.line(fmt::format("  config  {}", snapshot.source.empty() ? "none" : snapshot.source));
  for (const std::string& finding : findings(snapshot)) out.line("  found   " + finding);
  out.line("Type next, in another terminal:");
  const std::string basin = called(context.environment);
  const std::size_t width = basin.size() + 51;
  for (const auto& [command, meaning] : next_steps(snapshot, basin)) {
    out.line(fmt::format("  {:<{}}{}", command, width, out.paint(Style::dim, "# " + meaning)));
  }
}

}  // namespace basin::cli
