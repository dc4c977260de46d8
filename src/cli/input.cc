#include "cli/input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace basin::cli {

base::Result<std::string> read_whole(const std::string& path) {
  const bool standard = path == "-";
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> owned(
      standard ? nullptr : std::fopen(path.c_str(), "rb"),
      [](std::FILE* file) { return file ? std::fclose(file) : 0; });
  std::FILE* file = standard ? stdin : owned.get();
  if (!file) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
  std::string text;
  char chunk[65536];
  for (std::size_t n; (n = std::fread(chunk, 1, sizeof chunk, file)) > 0;) {
    text.append(chunk, n);
    if (text.size() > kInputLimit) return base::fail(base::Code::too_large, path + ": more than 64 MB");
  }
  if (std::ferror(file)) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
  return text;
}

}  // namespace basin::cli
