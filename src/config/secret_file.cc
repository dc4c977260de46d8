#include "config/secret_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace basin::config {
namespace {

using base::Code;
using base::fail;

constexpr std::size_t kSecretLimit = 16 * 1024;  // the longest tokens in use are a few kilobytes

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

std::string expand_home(std::string_view path, const Environment& environment) {
  const auto home = environment.get("HOME");
  if (!path.starts_with("~/") || !home) return std::string(path);
  return std::string(*home) + std::string(path.substr(1));
}

}  // namespace basin::config
