#include "cli/serving.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <mutex>

#include "base/json.h"
#include "base/json_writer.h"
#include "cli/look_around.h"
#include "cli/version.h"
#include "cli/write_file.h"
#include "config/config.h"
#include "config/toml.h"
#include "core/record.h"
#include "geometry/builtin.h"
#include "upstream/discovery.h"
#include "upstream/known_servers.h"

namespace basin::cli {
namespace {

using base::Code;
using base::fail;

// When a file was written, to the nanosecond, with its size; all zero for a file that is not there.
struct Stamp {
  std::int64_t seconds = 0, nanoseconds = 0, size = 0;
  bool operator==(const Stamp&) const = default;
};

Stamp stamp_of(const std::string& path) {
  struct stat found {};
  if (path.empty() || ::stat(path.c_str(), &found) != 0) return {};
  return {found.st_mtim.tv_sec, found.st_mtim.tv_nsec, found.st_size};
}

std::vector<std::string> watched_files(const ServingOptions& options, const config::Environment& environment) {
  return {options.config.empty() ? environment.config_file() : options.config,
          environment.config_dir() + "/prices.toml"};
}

std::function<bool()> change_detector(std::vector<std::string> files) {
  std::vector<Stamp> seen;
  for (const std::string& file : files) seen.push_back(stamp_of(file));
  return [files = std::move(files), seen = std::move(seen)]() mutable {
    bool changed = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
      const Stamp now = stamp_of(files[i]);
      changed |= now != seen[i];
      seen[i] = now;
    }
    return changed;
  };
}

std::int64_t unix_ms() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

// A server of the vendor must stand among the upstreams to be told so.
void allow_subscription(const std::string& vendor, upstream::Options& options) {
  bool found = false;
  for (upstream::UpstreamOptions& server : options.upstreams) {
    if (server.vendor != vendor) continue;
    server.allow_subscription = found = true;
  }
  for (upstream::UpstreamOptions& server : upstream::vendor_servers()) {
    if (found || server.vendor != vendor) continue;
    server.allow_subscription = true;
    options.upstreams.push_back(std::move(server));
  }
}

// What the sockets and loops were made with does not change under them.
bool needs_a_start(const net::ServeOptions& a, const net::ServeOptions& b) {
  return a.host != b.host || a.port != b.port || a.threads != b.threads || a.max_connections != b.max_connections ||
         a.header_timeout_ms != b.header_timeout_ms || a.body_timeout_ms != b.body_timeout_ms ||
         a.idle_timeout_ms != b.idle_timeout_ms;
}

// "[::1]", as URLs write it, is the same address as "::1".
std::string without_brackets(const std::string& host) {
  const bool bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

}  // namespace

base::Result<Loaded> load_snapshot(const ServingOptions& options, const config::Environment& environment) {
  auto config = config::load(options.config, environment);
  if (!config.ok()) return config.error();
  if (!options.subscription_vendor.empty()) allow_subscription(options.subscription_vendor, config->upstream);
  Loaded loaded;
  loaded.remarks = std::move(config->warnings);
  config->upstream.own_port = options.port.value_or(config->server.port);
  auto discovery =
      look_around(config->upstream, options.own_server ? options.own_server : own_server_of_running(environment));
  if (!discovery.ok()) return discovery.error();
  if (options.own_server) loaded.own_server = discovery->found.back().name;
  for (upstream::UpstreamOptions& found : discovery->found) config->upstream.upstreams.push_back(std::move(found));
  for (std::string& remark : discovery->remarks) loaded.remarks.push_back(std::move(remark));
  // Something that listens and does not answer is no server that will come.
  loaded.awaited = {.closed = upstream::closed_of(discovery->awaited.closed),
                    .loading = std::move(discovery->awaited.loading)};

  auto catalogue = upstream::Catalogue::build(config->upstream);
  if (!catalogue.ok()) return catalogue.error();
  auto snapshot = std::make_shared<gateway::Snapshot>();
  snapshot->serve = std::move(config->server);
  if (options.host) snapshot->serve.host = without_brackets(*options.host);
  if (options.port) snapshot->serve.port = *options.port;
  if (auto open = config::check_address(snapshot->serve); !open.ok()) return open.error();
  snapshot->catalogue = std::move(*catalogue);
  snapshot->routing = config->routing;
  snapshot->prices = config->prices;
  snapshot->source = config->file;
  loaded.snapshot = std::move(snapshot);
  return loaded;
}

namespace {

// Who was missing when the snapshot in force was loaded. Loading and looking may happen on different threads.
class Missing {
 public:
  explicit Missing(upstream::Awaited awaited) : awaited_(std::move(awaited)) {}

  void are(upstream::Awaited awaited) {
    const std::lock_guard lock(mutex_);
    awaited_ = std::move(awaited);
  }
  bool have_come() {
    const upstream::Awaited awaited = [this] {
      const std::lock_guard lock(mutex_);
      return awaited_;
    }();
    return upstream::has_come(awaited, upstream::loopback_prober());
  }

 private:
  std::mutex mutex_;
  upstream::Awaited awaited_;
};

}  // namespace

base::Result<std::unique_ptr<gateway::Gateway>> open_gateway(const Loaded& loaded, const ServingOptions& options,
                                                             const config::Environment& environment) {
  gateway::Gateway::Options wanted;
  wanted.version = kVersionNumber;
  wanted.model = geometry::builtin_model();
  wanted.say = options.say;
  const auto missing = std::make_shared<Missing>(loaded.awaited);
  wanted.changed = [files = change_detector(watched_files(options, environment)), missing]() mutable {
    const bool edited = files();
    return edited || missing->have_come();
  };
  wanted.load = [options, &environment, missing,
                 first = loaded.snapshot]() -> base::Result<std::shared_ptr<const gateway::Snapshot>> {
    auto next = load_snapshot(options, environment);
    if (!next.ok()) return next.error();
    missing->are(next->awaited);
    if (options.say && needs_a_start(first->serve, next->snapshot->serve)) {
      options.say(
          "reload: [server] `host`, `port`, `threads`, `max_connections` and the timeouts are those of the "
          "start; start again for the new ones");
    }
    return next->snapshot;
  };
  return gateway::Gateway::open(loaded.snapshot, std::move(wanted));
}

const std::string& StateFile::describe(std::string_view host, std::uint16_t port) {
  json_.clear();
  base::json::Writer w(json_);
  w.object().field("schema", "basin.serve/1").field("port", port).field("pid", ::getpid());
  const bool everywhere = host == "0.0.0.0" || host == "::";
  const std::string_view reached = everywhere ? std::string_view("127.0.0.1") : host;
  const bool bracketed = reached.find(':') != std::string_view::npos;
  w.field("url", bracketed ? fmt::format("http://[{}]:{}", reached, port) : fmt::format("http://{}:{}", reached, port));
  w.field("started", core::rfc3339(unix_ms()));
  if (own_server_) {
    w.key("own_server").object().field("upstream", own_server_->upstream).field("url", own_server_->url);
    w.field("model", own_server_->model).end();
  }
  w.end();
  return json_;
}

base::Status StateFile::write(const config::Environment& environment, std::string_view host, std::uint16_t port) {
  describe(host, port);
  const std::string folder = environment.state_dir();
  if (folder.empty())
    return fail(Code::configuration, "neither HOME nor XDG_STATE_HOME is set: there is no place for serve.json");
  const std::string path = folder + "/serve.json";
  if (auto written = write_file(path, json_ + "\n", 0600, Existing::replace); !written.ok()) return written;
  ::chmod(folder.c_str(), 0700);
  path_ = path;
  return base::ok_status();
}

void StateFile::remove() {
  if (path_.empty()) return;
  const std::string path = std::exchange(path_, {});
  // A later instance may have put its own there.
  const auto text = config::read_file(path);
  base::json::Document document;
  if (!text || !document.parse(*text)) return;
  if (document.root().member("pid").unsigned_integer() == static_cast<std::uint64_t>(::getpid()))
    ::unlink(path.c_str());
}

}  // namespace basin::cli
