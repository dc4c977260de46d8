// Lines of a .jsonl or .jsonl.gz file, one at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace basin::lab {

// Longer lines are cut: no row of a data set comes near, and memory stays flat.
inline constexpr std::size_t kLineLimit = 64u << 20;

struct Line {
  std::string_view text;         // without its end; valid during the call
  std::size_t number = 0;        // of all lines, blank ones too; the first is 1
  bool too_long = false;         // text is no more than its beginning
  std::uint64_t file_bytes = 0;  // read of the file by now: compressed bytes, where it is
};

// Calls each(line) for every line that is not blank; each returns false to stop. Plain or gzip is told by the content;
// "-" is standard input. Errors: Code::not_found, Code::invalid (damaged gzip), each naming the file and line.
base::Status for_each_line(const std::string& path, const std::function<bool(const Line&)>& each);

// As above with each line parsed; a line that is not JSON, or too long, is an error naming file and line.
base::Status for_each_row(const std::string& path, const std::function<bool(base::json::Value)>& each);

}  // namespace basin::lab
