#include "cli/input.h"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace basin::cli {

base::Result<std::string> read_whole(const std::string& path) {
  const bool standard = path == "-";
  const std::string shown = standard ? "standard input" : path;
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> owned(
      standard ? nullptr : std::fopen(path.c_str(), "rb"),
      [](std::FILE* file) { return file ? std::fclose(file) : 0; });
  std::FILE* file = standard ? stdin : owned.get();
  if (!file) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
  std::string text;
  char chunk[65536];
  for (std::size_t n; (n = std::fread(chunk, 1, sizeof chunk, file)) > 0;) {
    text.append(chunk, n);
    if (text.size() > kInputLimit)
      return base::fail(base::Code::too_large, shown + ": more than 64 MiB, and no prompt is that long");
  }
  if (std::ferror(file)) return base::fail(base::Code::not_found, shown + ": " + std::strerror(errno));
  return text;
}

void note_if_typed(const std::string& path, const Context& context) {
  if ((path.empty() || path == "-") && isatty(STDIN_FILENO) == 1)
    context.note("Reading what you type; Ctrl-D ends it.");
}

}  // namespace basin::cli
