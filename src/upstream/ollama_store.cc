#include "upstream/ollama_store.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "base/json.h"
#include "upstream/file_head.h"

namespace basin::upstream {
namespace {

using base::Code;
using base::fail;

constexpr std::uint64_t kManifestLimit = std::uint64_t{1} << 20U;  // they have a kilobyte
constexpr std::size_t kPartLimit = 128;                            // bytes of a part of a name; Ollama allows 80

bool is_part(std::string_view part) {
  return !part.empty() && part.size() <= kPartLimit && part.front() != '.' &&
         std::all_of(part.begin(), part.end(), [](char c) {
           return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '_' || c == '-';
         });
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

// "sha256:" and 64 hexadecimal digits, as the blob is named; nothing for another digest.
std::optional<std::string> blob_name(std::string_view digest) {
  constexpr std::string_view kPrefix = "sha256:";
  constexpr std::size_t kDigits = 64;
  if (!digest.starts_with(kPrefix)) return std::nullopt;
  digest.remove_prefix(kPrefix.size());
  const bool hex = std::all_of(digest.begin(), digest.end(),
                               [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) != 0; });
  if (!hex || digest.size() != kDigits) return std::nullopt;
  return fmt::format("sha256-{}", digest);
}

}  // namespace

std::vector<std::string> model_stores(const VariableLookup& variable) {
  std::vector<std::string> stores;
  if (const auto said = variable("OLLAMA_MODELS"))
    stores.emplace_back(*said);
  else if (const auto home = variable("HOME"))
    stores.push_back(fmt::format("{}/.ollama/models", *home));
  stores.emplace_back("/usr/share/ollama/.ollama/models");
  return stores;
}

std::optional<std::string> ollama_manifest_path(std::string_view name) {
  const std::size_t colon = name.find(':', name.rfind('/') + 1);  // behind the last slash; npos + 1 is the start
  const std::string_view tag = colon == std::string_view::npos ? "latest" : name.substr(colon + 1);
  const auto parts = split(name.substr(0, colon), '/');
  if (parts.size() > 3 || !is_part(tag) || !std::all_of(parts.begin(), parts.end(), is_part)) return std::nullopt;
  const std::string_view host = parts.size() == 3 ? parts[0] : "registry.ollama.ai";
  const std::string_view space = parts.size() >= 2 ? parts[parts.size() - 2] : "library";
  return fmt::format("manifests/{}/{}/{}/{}", host, space, parts.back(), tag);
}

base::Result<OllamaModel> read_ollama_manifest(std::string_view json, const std::string& store) {
  base::json::Document document;
  if (!document.parse(json) || !document.root().member("layers").is(base::json::Kind::array))
    return fail(Code::invalid, "its manifest is not one that Ollama writes");
  OllamaModel model;
  bool tensors = false;
  for (base::json::Elements layers(document.root().member("layers")); layers.next();) {
    const std::string_view kind = layers.value().member("mediaType").raw_string();
    const auto blob = blob_name(layers.value().member("digest").raw_string());
    if (!blob) continue;
    const std::string path = fmt::format("{}/blobs/{}", store, *blob);
    if (kind == "application/vnd.ollama.image.model" && model.weights.empty()) model.weights = path;
    if (kind == "application/vnd.ollama.image.projector") model.projector = path;
    if (kind == "application/vnd.ollama.image.template") model.chat_template = path;
    tensors |= kind == "application/vnd.ollama.image.tensor";
  }
  if (model.weights.empty() && tensors)
    return fail(Code::unsupported, "Ollama keeps this model tensor by tensor, not as one GGUF file");
  if (model.weights.empty()) return fail(Code::invalid, "its manifest names no weights (a model that runs elsewhere?)");
  return model;
}

base::Result<OllamaModel> find_ollama_model(std::string_view name, const std::vector<std::string>& stores) {
  const auto path = ollama_manifest_path(name);
  for (const std::string& store : path ? stores : std::vector<std::string>()) {
    const auto manifest = read_small_file(fmt::format("{}/{}", store, *path), kManifestLimit);
    if (manifest) return read_ollama_manifest(*manifest, store);
    if (manifest.error().code != Code::not_found) return manifest.error();
  }
  return fail(Code::not_found, fmt::format("no file, and no model of Ollama's ({})", fmt::join(stores, ", ")));
}

}  // namespace basin::upstream
