// Lines of a .jsonl or .jsonl.gz file, one at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"

namespace basin::lab {

// Longer lines are refused: no row of a data set comes near, and memory stays flat.
inline constexpr std::size_t kLineLimit = 64u << 20;

// Calls each(line) for every line that is not blank; each returns false to stop. Plain or gzip is told by the content;
// "-" is standard input. Errors: Code::not_found, Code::too_large, Code::invalid (damaged gzip), each naming the file
// and line.
base::Status for_each_line(const std::string& path, const std::function<bool(std::string_view)>& each);

// As above with each line parsed; a line that is not JSON is an error naming file and line.
base::Status for_each_row(const std::string& path, const std::function<bool(base::json::Value)>& each);

}  // namespace basin::lab
