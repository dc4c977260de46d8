#include "cli/write_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace basin::cli {
namespace {

namespace fs = std::filesystem;

base::Error because(const std::string& path, int error) {
  return base::fail(base::Code::configuration, path + ": " + std::strerror(error));
}

// Writes all of it to a file that it makes; what cannot be written whole is removed again.
base::Status write_new(const std::string& path, std::string_view text, mode_t mode, int how) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | how, mode);
  if (fd < 0) return because(path, errno);
  int error = 0;
  while (!text.empty() && error == 0) {
    const ssize_t written = write(fd, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else if (errno != EINTR)
      error = errno;
  }
  if (close(fd) != 0 && error == 0) error = errno;
  if (error == 0) return base::ok_status();
  unlink(path.c_str());
  return because(path, error);
}

}  // namespace

base::Status write_file(const std::string& path, std::string_view text, mode_t mode, Existing existing) {
  std::error_code error;
  if (const fs::path folder = fs::path(path).parent_path(); !folder.empty()) {
    fs::create_directories(folder, error);
    if (error) return because(folder.string(), error.value());
  }
  if (existing == Existing::keep) return write_new(path, text, mode, O_EXCL);
  const fs::path aim = fs::canonical(path, error);  // fails where there is nothing yet
  const std::string target = error ? path : aim.string();
  const std::string draft = target + ".new";
  if (auto written = write_new(draft, text, mode, O_TRUNC); !written) return written;
  if (std::rename(draft.c_str(), target.c_str()) == 0) return base::ok_status();
  const int why = errno;
  unlink(draft.c_str());
  return because(target, why);
}

}  // namespace basin::cli
