#include "recordings.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "base/json.h"
#include "wire/endpoint.h"

namespace basin::engine_tests {
namespace {

std::optional<Recording> load(const std::filesystem::path& path, const std::filesystem::path& root) {
  base::json::Document document;
  const std::string text = read_file(path);
  if (!document.parse(text)) return std::nullopt;
  Recording recording;
  recording.target = document.root().member("target").string().value_or("");
  const auto endpoint = wire::endpoint_of(recording.target);
  if (!endpoint) return std::nullopt;
  recording.endpoint = *endpoint;
  recording.name = path.lexically_relative(root).replace_extension().string();
  for (base::json::Elements pairs(document.root().member("headers")); pairs.next();) {
    base::json::Elements pair(pairs.value());
    if (!pair.next()) continue;
    std::string name = pair.value().string().value_or("");
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (pair.next()) recording.headers.emplace_back(std::move(name), pair.value().string().value_or(""));
  }
  auto exact = path;
  exact.replace_extension(".body");
  recording.body =
      std::filesystem::exists(exact) ? read_file(exact) : std::string(document.root().member("body").raw());
  recording.command = read_file(path.parent_path() / "CMD.txt");
  return recording;
}

}  // namespace

std::string_view Recording::header(std::string_view lower_case_name) const {
  for (const auto& [key, value] : headers) {
    if (key == lower_case_name) return value;
  }
  return {};
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<Recording> recordings() {
  std::vector<Recording> found;
  const char* shared = std::getenv("BASIN_SHARED");
  if (shared == nullptr) return found;
  const std::filesystem::path root = std::filesystem::path(shared) / "captured";
  if (!std::filesystem::exists(root)) return found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (!name.ends_with(".json") || name.find("-POST-") == std::string::npos || name.ends_with(".resp.json")) continue;
    if (auto recording = load(entry.path(), root)) found.push_back(std::move(*recording));
  }
  std::ranges::sort(found, {}, &Recording::name);
  return found;
}

}  // namespace basin::engine_tests
