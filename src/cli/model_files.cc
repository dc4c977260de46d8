#include "cli/model_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/json_writer.h"
#include "cli/figures.h"
#include "cli/model_table.h"
#include "upstream/ollama_store.h"

namespace basin::cli {
namespace {

using upstream::ModelFile;

// A path, and what was found there.
struct Opened {
  std::string path;
  base::Result<ModelFile> file;
};

// "4,096 wide, 32 layers, 32 heads (8 of keys and values, 128 each)"; of what is known.
std::string geometry_of(const core::ModelShape& shape) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (shape.d_model > 0) add(fmt::format("{} wide", grouped(shape.d_model)));
  if (shape.layers > 0) add(fmt::format("{} layers", shape.layers));
  if (shape.heads > 0)
    add(fmt::format("{} heads ({} of keys and values, {} each)", shape.heads, shape.kv_heads, shape.head_dim));
  if (shape.feed_forward > 0) add(fmt::format("feed-forward {}", grouped(shape.feed_forward)));
  if (shape.vocabulary > 0) add(fmt::format("{} tokens in its vocabulary", grouped(shape.vocabulary)));
  return text.empty() ? "not told" : text;
}

std::string parameters_of(const core::ModelShape& shape) {
  if (shape.parameters == 0) return "not told";
  std::string text = in_words(shape.parameters);
  if (shape.active_parameters < shape.parameters)
    text += fmt::format(", {} of them for a token ({} of {} experts)", in_words(shape.active_parameters),
                        shape.experts_used, shape.experts);
  return text + fmt::format("; {:.2f} bytes a weight", geometry::bytes_per_weight(shape));
}

std::string memory_of(const ModelFile& file, const MemoryEstimate& memory) {
  const std::string weights = fmt::format("{} of weights", in_bytes(memory.weights_bytes));
  if (memory.kv_bytes == 0) return weights + "; what its context takes is not told";
  return fmt::format("{} + {} for {} tokens of context ({} a token) = {}, and room to compute in", weights,
                     in_bytes(memory.kv_bytes), grouped(memory.context),
                     in_bytes(geometry::kv_bytes_per_token(file.model)), in_bytes(memory.total_bytes()));
}

std::string takes_of(const core::ModelShape& shape) {
  const auto word = [](const std::optional<bool>& can) { return !can ? "?" : *can ? "yes" : "no"; };
  return fmt::format("tools {}, thinking {}, pictures {}", word(shape.tools), word(shape.thinking), word(shape.vision));
}

// As the table of served models has it: ability is told the same way, wherever a model's shape comes from.
ModelRow row_of(const ModelFile& file) {
  ModelRow row;
  row.model = file.model.shape.name;
  row.said.shape = file.model.shape;
  row.said.shape_from = "its file";
  row.said.embeds = file.model.shape.architecture.ends_with("bert");  // encoders: they answer with vectors
  return row;
}

std::string ability_text(const ModelFile& file) {
  const ModelRow row = row_of(file);
  const auto ability = ability_of(row);
  return fmt::format("{}: {}", ability ? fmt::format("{:.0f}", 100 * *ability) : "?", ability_why(row));
}

std::string readable(const ModelFile& file, const MemoryEstimate& memory, const Terminal& terminal) {
  const core::ModelShape& shape = file.model.shape;
  std::string out = terminal.paint(Style::bold, shape.name) + "\n";
  const auto line = [&](std::string_view name, const std::string& text) {
    out += fmt::format("  {:<10} {}\n", name, text);
  };
  line("file", file.files.size() > 1 ? fmt::format("{}, {} files", file.path, file.files.size()) : file.path);
  line("form", fmt::format("{}, {}, {}", name_of(file.form), shape.architecture.empty() ? "?" : shape.architecture,
                           shape.quantisation.empty() ? "?" : shape.quantisation));
  line("parameters", parameters_of(shape));
  line("geometry", geometry_of(shape));
  line("context", shape.context > 0 ? fmt::format("trained for {} tokens", grouped(shape.context)) : "not told");
  line("memory", memory_of(file, memory));
  line("takes", takes_of(shape));
  line("ability", ability_text(file));
  return out;
}

void write_file(base::json::Writer& writer, const ModelFile& file, const MemoryEstimate& memory) {
  const auto known = [&writer](std::string_view name, auto value) {
    if (value != 0) writer.field(name, value);
  };
  const auto flag = [&writer](std::string_view name, const std::optional<bool>& value) {
    if (value) writer.field(name, *value);
  };
  const core::ModelShape& shape = file.model.shape;
  writer.field("model", shape.name).field("form", name_of(file.form)).key("files").array();
  for (const std::string& path : file.files) writer.value(path);
  writer.end().key("shape").object();
  write_shape(writer, shape);
  writer.end();
  flag("tools", shape.tools);
  flag("vision", shape.vision);
  flag("thinking", shape.thinking);
  known("bytes_per_weight", geometry::bytes_per_weight(shape));
  known("kv_bytes_per_token", geometry::kv_bytes_per_token(file.model));
  writer.key("memory").object().field("context", memory.context).field("weights_bytes", memory.weights_bytes);
  known("kv_bytes", memory.kv_bytes);
  if (memory.kv_bytes > 0) writer.field("total_bytes", memory.total_bytes());
  writer.end();
  write_ability(writer, row_of(file));
}

std::string as_json(const std::vector<Opened>& all, std::optional<std::uint32_t> tokens) {
  std::string json;
  base::json::Writer writer(json);
  open_models(writer, "basin.model_files/1");
  for (const Opened& each : all) {
    writer.object().field("path", each.path);
    if (each.file)
      write_file(writer, *each.file, estimate(*each.file, tokens.value_or(0)));
    else
      writer.field("error", each.file.error().message);
    writer.end();
  }
  writer.end().end();
  return json;
}

}  // namespace

MemoryEstimate estimate(const ModelFile& file, std::uint32_t context) {
  const core::ModelShape& shape = file.model.shape;
  MemoryEstimate memory;
  memory.context = context > 0 ? context : shape.context > 0 ? std::min(shape.context, kUsualContext) : kUsualContext;
  memory.weights_bytes = shape.file_bytes;
  memory.kv_bytes = geometry::kv_cache_bytes(file.model, memory.context);
  return memory;
}

Exit show_model_files(const Context& context, const std::vector<std::string>& paths,
                      std::optional<std::uint32_t> tokens) {
  const std::vector<std::string> stores =
      upstream::model_stores([&](std::string_view name) { return context.environment.get(name); });
  std::vector<Opened> all;
  all.reserve(paths.size());
  for (const std::string& path : paths) all.push_back({path, upstream::open_model(path, stores)});
  if (context.flags.json) context.out.line(as_json(all, tokens));
  Exit exit = Exit::ok;
  bool first = true;
  for (const Opened& each : all) {
    if (!each.file) exit = context.fail(each.file.error());
    if (!each.file || context.flags.json) continue;
    if (!std::exchange(first, false)) context.out.line();
    context.out.write(readable(*each.file, estimate(*each.file, tokens.value_or(0)), context.out));
  }
  const bool any = std::any_of(all.begin(), all.end(), [](const Opened& each) { return each.file.ok(); });
  if (any && !context.flags.json) context.note(ability_legend());
  return exit;
}

}  // namespace basin::cli
