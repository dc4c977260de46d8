#include "lab/jsonl.h"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace basin::lab {

base::Status for_each_line(const std::string& path, const std::function<bool(std::string_view)>& each) {
  // zlib reads plain files too. Standard input is duplicated, since gzclose closes what it was given.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(
      path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb"), &gzclose);
  if (!file) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
  std::vector<char> buffer(1u << 18);
  std::string line;
  std::size_t number = 1;
  for (;;) {
    const int n = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (n < 0) {
      int code = Z_OK;
      gzerror(file.get(), &code);
      if (code == Z_ERRNO) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
      return base::fail(base::Code::invalid, path + ": damaged near line " + std::to_string(number));
    }
    std::string_view chunk(buffer.data(), static_cast<std::size_t>(n));
    while (!chunk.empty()) {
      const std::size_t end = chunk.find('\n');
      line.append(chunk.substr(0, end));
      if (line.size() > kLineLimit)
        return base::fail(base::Code::too_large, path + ":" + std::to_string(number) + ": line too long");
      if (end == std::string_view::npos) break;
      chunk.remove_prefix(end + 1);
      if (!line.empty() && line != "\r" && !each(line)) return base::ok_status();
      line.clear();
      ++number;
    }
    if (n == 0) {
      int code = Z_OK;
      gzerror(file.get(), &code);
      if (code == Z_BUF_ERROR)
        return base::fail(base::Code::invalid, path + ": cut short after line " + std::to_string(number));
      break;
    }
  }
  if (!line.empty()) each(line);
  return base::ok_status();
}

base::Status for_each_row(const std::string& path, const std::function<bool(base::json::Value)>& each) {
  base::json::Document document;
  base::Status inner = base::ok_status();
  std::size_t number = 0;
  base::Status outer = for_each_line(path, [&](std::string_view line) {
    ++number;
    if (auto parsed = document.parse_copy(line); !parsed) {
      inner = base::fail(base::Code::invalid, path + ": row " + std::to_string(number) + ": " + parsed.error().message);
      return false;
    }
    return each(document.root());
  });
  return outer.ok() ? inner : outer;
}

}  // namespace basin::lab
