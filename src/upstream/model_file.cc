// Models lie about in three forms, and each keeps its geometry at the front:
//
//   GGUF           one file, or parts named x-00001-of-00003.gguf, of which the first has the metadata; Ollama keeps
//   the
//                  same under the name of its hash, with the chat template and the eyes in blobs of their own
//   safetensors    a folder: config.json says the shape, the files' heads say how many parameters and in what
//
// Of each file the head is read, twice as much each time, until its reader is content. Weights are never read: a model
// of 400 GB opens as fast as one of 400 MB. What is cut short is found out all the same, since a head says how long its
// file must be.
#include "upstream/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/json.h"
#include "base/saturating.h"
#include "geometry/chat_template.h"
#include "geometry/gguf.h"
#include "geometry/model_config.h"
#include "geometry/safetensors.h"
#include "upstream/file_head.h"
#include "upstream/ollama_store.h"

namespace basin::upstream {
namespace {

namespace fs = std::filesystem;
using base::Code;
using base::fail;

constexpr std::uint64_t kFirstLook = std::uint64_t{64} << 10U;
constexpr std::uint64_t kTokenizerConfigLimit = std::uint64_t{16} << 20U;  // every added token stands in it
constexpr std::string_view kPointer = "version https://git-lfs";           // what a clone without its large files has

base::Error in_file(const std::string& path, const base::Error& error) {
  return fail(error.code, fmt::format("{}: {}", path, error.message));
}

base::Error cut_short(const std::string& path, std::uint64_t there, std::uint64_t needed) {
  return fail(Code::invalid, fmt::format("{} is cut short: it has {} of {} bytes; download it again", path, there,
                                         needed == base::kMost ? "far too many" : std::to_string(needed)));
}

// What `reader` makes of the file's front, which grows until it has seen enough.
template <class Head, class Reader>
base::Result<Head> read_head(const std::string& path, Reader&& reader) {
  auto file = FileHead::open(path);
  if (!file) return file.error();
  for (std::uint64_t look = kFirstLook;;) {
    const auto bytes = file->first(look);
    if (!bytes) return bytes.error();
    if (bytes->starts_with(kPointer))
      return fail(Code::invalid, path + " is a pointer to the model, not the model: run `git lfs pull` there");
    auto reading = reader(*bytes, file->size());
    if (!reading) return in_file(path, reading.error());
    if (reading->wanted == 0) {
      if (reading->head.end_bytes > file->size()) return cut_short(path, file->size(), reading->head.end_bytes);
      return std::move(reading->head);
    }
    look = std::max(reading->wanted, 2 * look);
  }
}

base::Result<geometry::GgufHead> gguf_head(const std::string& path) {
  return read_head<geometry::GgufHead>(path, geometry::read_gguf);
}

void add_up(const geometry::ModelHeader& part, geometry::ModelHeader& sum) {
  const auto grow = [](std::uint64_t& to, std::uint64_t more) { to = base::saturating_add(to, more); };
  grow(sum.shape.parameters, part.shape.parameters);
  grow(sum.shape.file_bytes, part.shape.file_bytes);
  grow(sum.expert_parameters, part.expert_parameters);
}

// "-00002-of-00003.gguf" at a path's end, told apart.
struct PartName {
  std::string stem;
  std::uint32_t parts = 0;

  std::string path(std::uint32_t part) const { return fmt::format("{}-{:05}-of-{:05}.gguf", stem, part + 1, parts); }
};

std::optional<PartName> part_name(const std::string& path) {
  constexpr std::string_view kForm = "-00000-of-00000.gguf";
  if (path.size() <= kForm.size()) return std::nullopt;
  const std::string_view end = std::string_view(path).substr(path.size() - kForm.size());
  PartName name{path.substr(0, path.size() - kForm.size())};
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool digit = end[i] >= '0' && end[i] <= '9';
    if (kForm[i] == '0' ? !digit : end[i] != kForm[i]) return std::nullopt;
    if (digit && i > 6) name.parts = name.parts * 10 + static_cast<std::uint32_t>(end[i] - '0');
  }
  return name.parts > 0 ? std::optional(name) : std::nullopt;
}

// The file's name without its ending, and without which part it is.
std::string stem_of(const std::string& path) {
  const auto parted = part_name(path);
  return fs::path(parted ? parted->stem + ".gguf" : path).stem().string();
}

base::Status add_parts(const PartName& name, std::uint32_t parts, ModelFile& file) {
  if (name.parts != parts)
    return fail(Code::invalid, fmt::format("{} says it has {} parts; its name says {}", file.path, parts, name.parts));
  if (parts > kModelFileLimit) return fail(Code::too_large, file.path + " has too many parts");
  for (std::uint32_t part = 1; part < parts; ++part) {
    const std::string path = name.path(part);
    const auto head = gguf_head(path);
    if (!head) return head.error();
    if (head->part != part || head->parts != parts)
      return fail(Code::invalid, fmt::format("{} is not part {} of {}", path, part + 1, parts));
    add_up(head->model, file.model);
    file.files.push_back(path);
  }
  file.model.shape.active_parameters = geometry::active_parameters(file.model);
  return base::ok_status();
}

base::Result<ModelFile> open_gguf(const std::string& path) {
  const auto name = part_name(path);
  ModelFile file;
  file.path = name ? name->path(0) : path;
  const auto head = gguf_head(file.path);
  if (!head) return head.error();
  const core::ModelShape& shape = head->model.shape;
  if (head->kind == "adapter") return fail(Code::unsupported, file.path + " is an adapter (LoRA), not a model");
  if (head->kind == "mmproj" || shape.architecture == "clip")
    return fail(Code::unsupported, file.path + " is a model's eyes (mmproj), not the model; name the file beside it");
  if (shape.architecture.empty())
    return fail(Code::invalid, file.path + " is a GGUF file, but names no architecture: it holds no model");
  file.files = {file.path};
  file.model = head->model;
  if (head->parts > 1 && !name)
    return fail(Code::invalid, file.path + " is a part of a model; give the parts the names they were published with");
  if (head->parts > 1) {
    if (auto added = add_parts(*name, head->parts, file); !added) return added.error();
  }
  if (file.model.shape.name.empty()) file.model.shape.name = stem_of(file.path);
  return file;
}

// "org/name" from a folder in the cache of Hugging Face's hub, ".../models--org--name/snapshots/0123abc"; else its
// name.
std::string name_of_folder(const fs::path& folder) {
  const fs::path clean = folder.lexically_normal();
  const fs::path named = clean.has_filename() ? clean : clean.parent_path();
  std::string cached = named.parent_path().parent_path().filename().string();
  constexpr std::string_view kPrefix = "models--";
  if (named.parent_path().filename() != "snapshots" || !cached.starts_with(kPrefix)) return named.filename().string();
  cached.erase(0, kPrefix.size());
  if (const std::size_t at = cached.find("--"); at != std::string::npos) cached.replace(at, 2, "/");
  return cached;
}

// Sorted. Where there are files called model*.safetensors, others repeat them in another layout.
base::Result<std::vector<std::string>> weight_files(const fs::path& folder) {
  std::vector<std::string> all, named_model;
  std::error_code failed;
  for (fs::directory_iterator it(folder, failed), end; !failed && it != end; it.increment(failed)) {
    if (it->path().extension() != ".safetensors") continue;
    all.push_back(it->path().string());
    if (it->path().filename().string().starts_with("model")) named_model.push_back(all.back());
    if (all.size() > kModelFileLimit) return fail(Code::too_large, folder.string() + " has too many files");
  }
  if (failed) return fail(Code::not_found, fmt::format("{}: {}", folder.string(), failed.message()));
  std::vector<std::string> files = named_model.empty() ? std::move(all) : std::move(named_model);
  std::sort(files.begin(), files.end());
  return files;
}

// The chat template, from the file that has it; "" where none does.
std::string template_in(const fs::path& folder) {
  if (auto plain = read_small_file((folder / "chat_template.jinja").string(), kTokenizerConfigLimit)) return *plain;
  const auto text = read_small_file((folder / "tokenizer_config.json").string(), kTokenizerConfigLimit);
  base::json::Document document;
  if (!text || !document.parse(*text)) return {};
  const base::json::Value found = document.root().member("chat_template");
  if (found.is(base::json::Kind::string)) return found.string().value_or("");
  std::string all;  // several, each with a name
  for (base::json::Elements each(found); each.next();) all += each.value().member("template").string().value_or("");
  return all;
}

// A weight takes `bits` where several are packed into an integer.
std::uint64_t unpacked(std::uint64_t bytes, std::uint32_t bits) {
  return bits == 0 ? 0 : base::saturating_multiply(bytes, 8) / bits;
}

base::Status add_weights(const std::string& path, std::uint32_t bits, ModelFile& file) {
  const auto head = read_head<geometry::SafetensorsHead>(path, geometry::read_safetensors);
  if (!head) return head.error();
  geometry::ModelHeader part;
  part.shape.parameters = base::saturating_add(head->parameters, unpacked(head->packed_bytes, bits));
  part.expert_parameters = base::saturating_add(head->expert_parameters, unpacked(head->expert_packed_bytes, bits));
  part.shape.file_bytes = head->data_bytes;
  add_up(part, file.model);
  if (file.model.shape.quantisation.empty()) file.model.shape.quantisation = head->type;
  return base::ok_status();
}

base::Result<ModelFile> open_folder(const fs::path& folder) {
  auto files = weight_files(folder);
  if (!files) return files.error();
  const std::string config_file = (folder / "config.json").string();
  const auto text = read_small_file(config_file, geometry::kModelConfigLimit);
  if (!text || files->empty()) {
    return fail(Code::not_found, fmt::format("{} holds no model: a folder of one has config.json and *.safetensors; "
                                             "of GGUF files name one",
                                             folder.string()));
  }
  auto config = geometry::read_model_config(*text);
  if (!config) return in_file(config_file, config.error());
  ModelFile file{ModelForm::safetensors, folder.string(), std::move(*files), std::move(config->model)};
  for (const std::string& path : file.files) {
    if (auto added = add_weights(path, config->bits, file); !added) return added.error();
  }
  core::ModelShape& shape = file.model.shape;
  shape.name = name_of_folder(folder);
  shape.active_parameters = geometry::active_parameters(file.model);
  const geometry::TemplateHints hints = geometry::hints_in_template(template_in(folder));
  shape.tools = hints.tools;
  shape.thinking = hints.thinking;
  return file;
}

base::Result<ModelFile> open_path(const std::string& path) {
  std::error_code unknown;
  if (fs::is_directory(path, unknown)) return open_folder(path);
  const fs::path file(path);
  if (file.extension() == ".safetensors" || file.filename() == "config.json") {
    return open_folder(file.has_parent_path() ? file.parent_path() : fs::path("."));
  }
  return open_gguf(path);
}

// Ollama has its own template, and the eyes in another file.
base::Result<ModelFile> open_ollama(const std::string& name, const std::vector<std::string>& stores) {
  const auto found = find_ollama_model(name, stores);
  if (!found) return in_file(name, found.error());
  auto file = open_gguf(found->weights);
  if (!file) return file;
  core::ModelShape& shape = file->model.shape;
  shape.name = name;
  if (const auto text = read_small_file(found->chat_template, geometry::kTemplateLimit)) {
    const geometry::TemplateHints hints = geometry::hints_in_template(*text);
    if (hints.tools) shape.tools = hints.tools;
    if (hints.thinking) shape.thinking = hints.thinking;
  }
  if (!found->projector.empty()) {
    shape.vision = true;
    std::error_code unknown;
    const std::uintmax_t size = fs::file_size(found->projector, unknown);
    if (!unknown) shape.file_bytes = base::saturating_add(shape.file_bytes, size);
  }
  return file;
}

}  // namespace

std::string_view name_of(ModelForm form) { return form == ModelForm::gguf ? "gguf" : "safetensors"; }

base::Result<ModelFile> open_model(const std::string& where, const std::vector<std::string>& ollama_stores) {
  std::error_code unknown;
  const bool is_path = fs::exists(where, unknown) || where.starts_with('/') || where.starts_with('.');
  return is_path ? open_path(where) : open_ollama(where, ollama_stores);
}

}  // namespace basin::upstream
