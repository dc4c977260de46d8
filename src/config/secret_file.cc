#include "config/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace basin::config {
namespace {

using base::Code;
using base::fail;

constexpr std::size_t kSecretLimit = 16 * 1024;  // the longest tokens in use are a few kilobytes

constexpr std::size_t kTokenBytes = 32;

// Closed whatever happens.
struct Descriptor {
  int fd;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) close(fd);
  }
};

}  // namespace

base::Result<base::Secret> read_secret(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd < 0) {
    return fail(errno == ENOENT ? Code::not_found : Code::configuration, path + ": " + std::strerror(errno));
  }
  struct stat status {};
  if (fstat(file.fd, &status) != 0 || !S_ISREG(status.st_mode)) return fail(Code::configuration, path + ": not a file");
  if ((status.st_mode & 077) != 0) {
    return fail(Code::configuration, fmt::format("{}: mode {:04o}, so others may use it; run `chmod 600 {}`", path,
                                                 status.st_mode & 07777U, path));
  }
  if (status.st_uid != geteuid() && status.st_uid != 0) {
    return fail(Code::configuration, path + ": belongs to another user");
  }
  std::string text(kSecretLimit + 1, '\0');
  const ssize_t got = read(file.fd, text.data(), text.size());
  if (got < 0) return fail(Code::configuration, path + ": " + std::strerror(errno));
  if (static_cast<std::size_t>(got) > kSecretLimit) return fail(Code::configuration, path + ": larger than 16 KiB");
  text.resize(static_cast<std::size_t>(got));
  text.resize(std::min(text.find_first_of("\r\n"), text.size()));
  if (text.empty()) return fail(Code::configuration, path + ": empty");
  return base::Secret(std::move(text));
}

base::Result<base::Secret> local_token(const Environment& environment) {
  const std::string folder = environment.state_dir();
  if (folder.empty())
    return fail(Code::configuration, "neither HOME nor XDG_STATE_HOME is set: there is no place for a token");
  const std::string path = folder + "/token";
  auto found = read_secret(path);
  if (found || found.error().code != Code::not_found) return found;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  std::array<unsigned char, kTokenBytes> random{};
  if (getrandom(random.data(), random.size(), 0) != static_cast<ssize_t>(random.size())) {
    return fail(Code::internal, "the kernel gives no random bytes");
  }
  const std::string text = fmt::format("{:02x}\n", fmt::join(random, ""));
  // Linked into place whole: of two that start at once, one wins, and both read the same token.
  const std::string draft = fmt::format("{}.{}", path, getpid());
  {
    const Descriptor file(open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.fd < 0 || write(file.fd, text.data(), text.size()) != static_cast<ssize_t>(text.size())) {
      return fail(Code::configuration, draft + ": " + std::strerror(errno));
    }
  }
  const bool placed = link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
  const int reason = errno;
  unlink(draft.c_str());
  if (!placed) return fail(Code::configuration, path + ": " + std::strerror(reason));
  return read_secret(path);
}

std::string expand_home(std::string_view path, const Environment& environment) {
  const auto home = environment.get("HOME");
  if (!path.starts_with("~/") || !home) return std::string(path);
  return std::string(*home) + std::string(path.substr(1));
}

}  // namespace basin::config
