#include "lab/jsonl.h"

#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <vector>

namespace basin::lab {

base::Status for_each_line(const std::string& path, const std::function<bool(const Line&)>& each) {
  // zlib reads plain files too. Standard input is duplicated, since gzclose closes what it was given.
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(
      path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb"), &gzclose);
  if (!file) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
  std::vector<char> buffer(1u << 18);
  std::string text;
  Line line{.number = 1};
  const auto number = [&] { return std::to_string(line.number); };
  const auto give = [&] {
    line.text = text;
    const bool blank = text.empty() || text == "\r";
    return blank || each(line);
  };
  for (;;) {
    const int n = gzread(file.get(), buffer.data(), static_cast<unsigned>(buffer.size()));
    if (n < 0) {
      int code = Z_OK;
      gzerror(file.get(), &code);
      if (code == Z_ERRNO) return base::fail(base::Code::not_found, path + ": " + std::strerror(errno));
      return base::fail(base::Code::invalid, path + ": damaged near line " + number());
    }
    line.file_bytes = static_cast<std::uint64_t>(std::max<z_off_t>(gzoffset(file.get()), 0));
    std::string_view chunk(buffer.data(), static_cast<std::size_t>(n));
    while (!chunk.empty()) {
      const std::size_t end = chunk.find('\n');
      const std::string_view piece = chunk.substr(0, end);
      line.too_long = line.too_long || piece.size() > kLineLimit - text.size();
      text.append(piece.substr(0, kLineLimit - text.size()));
      if (end == std::string_view::npos) break;
      chunk.remove_prefix(end + 1);
      if (!give()) return base::ok_status();
      text.clear();
      line.too_long = false;
      ++line.number;
    }
    if (n == 0) {
      int code = Z_OK;
      gzerror(file.get(), &code);
      if (code == Z_BUF_ERROR) return base::fail(base::Code::invalid, path + ": cut short after line " + number());
      break;
    }
  }
  give();
  return base::ok_status();
}

base::Status for_each_row(const std::string& path, const std::function<bool(base::json::Value)>& each) {
  base::json::Document document;
  base::Status inner = base::ok_status();
  base::Status outer = for_each_line(path, [&](const Line& line) {
    const base::Status parsed =
        line.too_long ? base::fail(base::Code::too_large, "line too long") : document.parse_copy(line.text);
    if (!parsed) {
      inner = base::fail(parsed.error().code, path + ":" + std::to_string(line.number) + ": " + parsed.error().message);
      return false;
    }
    return each(document.root());
  });
  return outer.ok() ? inner : outer;
}

}  // namespace basin::lab
