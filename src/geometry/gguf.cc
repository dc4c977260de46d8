// GGUF, versions 2 and 3: "GGUF", version, number of tensors, number of pairs; the pairs (key, type, value); the
// tensors (name, dimensions, type, offset); then, aligned, the weights. All numbers little-endian, all counts 64 bits.
//
// The file is a stranger's. A cursor walks over what was read of it and never past it: each step first asks for its
// bytes, and what is not there yet is either wanted (the file goes on) or a mistake (it does not). So a count can claim
// what it likes: nothing is reserved for it, and a walk ends where the bytes end. Arrays are walked over, not built;
// arrays in arrays are counted on a small stack instead of by recursion. A pair is remembered as where its value
// stands, since general.architecture, which names most of the keys, may come behind them.
#include "geometry/gguf.h"

#include <algorithm>
#include <array>

#include "base/saturating.h"
#include "geometry/chat_template.h"
#include "geometry/gguf_cursor.h"
#include "geometry/gguf_metadata.h"
#include "geometry/gguf_types.h"

namespace basin::geometry {
namespace {

using base::Code;
using base::fail;

// What the list of tensors adds up to.
struct Tensors {
  std::uint64_t parameters = 0, in_experts = 0, bytes = 0;
  std::uint64_t end = 0;                    // of the last one, from where the weights begin
  std::array<std::uint64_t, 64> of_type{};  // weights by type, of tables only: what norms are stored as says nothing
  bool vision = false;
};

// "blk.3.ffn_up_exps.weight", and each expert alone as old files have it, "blk.3.ffn_up.7.weight".
bool in_an_expert(std::string_view name) {
  if (name.find("_exps.") != std::string_view::npos) return true;
  constexpr std::string_view kOld = ".ffn_";
  const std::size_t at = name.find(kOld);
  if (at == std::string_view::npos) return false;
  const std::size_t dot = name.find('.', at + kOld.size());
  return dot != std::string_view::npos && dot + 1 < name.size() && name[dot + 1] >= '0' && name[dot + 1] <= '9';
}

bool take_tensor(GgufCursor& cursor, Tensors& sum) {
  const auto name = cursor.text(kGgufNameLimit);
  const auto dimensions = cursor.number<std::uint32_t>();
  if (!name || !dimensions) return false;
  if (*dimensions > 4) return cursor.stop(Code::invalid, "a tensor of " + std::to_string(*dimensions) + " dimensions");
  std::uint64_t count = 1, row = 1;
  for (std::uint32_t i = 0; i < *dimensions; ++i) {
    const auto side = cursor.number<std::uint64_t>();
    if (!side) return false;
    if (i == 0) row = *side;
    count = base::saturating_multiply(count, *side);
  }
  const auto type = cursor.number<std::uint32_t>();
  const auto offset = cursor.number<std::uint64_t>();
  if (!type || !offset) return false;
  sum.parameters = base::saturating_add(sum.parameters, count);
  if (in_an_expert(*name)) sum.in_experts = base::saturating_add(sum.in_experts, count);
  sum.vision |= name->starts_with("v.");
  const TensorType* stored = tensor_type(*type);
  if (stored == nullptr) return true;  // a type from after this was written: its weights are counted, its bytes are not
  if (row % stored->weights != 0) return cursor.stop(Code::invalid, "a row of a tensor is no multiple of its blocks");
  const std::uint64_t bytes = base::saturating_multiply(count / stored->weights, stored->bytes);
  sum.bytes = base::saturating_add(sum.bytes, bytes);
  sum.end = std::max(sum.end, base::saturating_add(*offset, bytes));
  if (*dimensions > 1) sum.of_type[stored->id] = base::saturating_add(sum.of_type[stored->id], count);
  return true;
}

// The name of the type that most weights have.
std::string_view dominant_type(const Tensors& tensors) {
  const auto* most = std::max_element(tensors.of_type.begin(), tensors.of_type.end());
  if (*most == 0) return {};
  return tensor_type(static_cast<std::uint32_t>(most - tensors.of_type.begin()))->name;
}

// A number past 32 bits is nobody's width.
std::uint32_t narrow(std::uint64_t number) { return number > 0xFFFFFFFFU ? 0 : static_cast<std::uint32_t>(number); }

// Models whose layers have a window although the head does not say which: of so many layers the last keeps all tokens
// (llama.cpp, src/llama-model.cpp).
struct Windowed {
  std::string_view architecture;
  std::uint64_t period;
};
constexpr auto kWindowed = std::to_array<Windowed>(
    {{"gemma2", 2}, {"gemma3", 6}, {"gemma3n", 5}, {"gpt-oss", 2}, {"cohere2", 4}, {"exaone4", 4}});

// Which layers keep the last tokens only.
class Windows {
 public:
  Windows(const GgufMetadata& metadata, std::string_view architecture, const std::string& prefix)
      : pattern_(metadata.find(prefix + "attention.sliding_window_pattern")) {
    if (metadata.number(prefix + "attention.sliding_window").value_or(0) == 0) return;
    const auto* known = std::find_if(kWindowed.begin(), kWindowed.end(),
                                     [&](const Windowed& each) { return each.architecture == architecture; });
    if (known != kWindowed.end()) period_ = known->period;
    if (pattern_.present() && !pattern_.is_list()) period_ = pattern_.at(0);
  }
  bool has(std::uint64_t layer) const {
    if (pattern_.is_list()) return pattern_.at(layer) != 0;
    return period_ > 0 && (layer + 1) % period_ != 0;
  }

 private:
  PerLayer pattern_;
  std::uint64_t period_ = 0;
};

// Reads what stands under the architecture's own keys.
class ShapeReader {
 public:
  ShapeReader(const GgufMetadata& metadata, std::string_view architecture)
      : metadata_(metadata), architecture_(architecture), prefix_(std::string(architecture) + ".") {}

  // False where the number of layers is beyond belief.
  bool read(ModelHeader& header) const {
    core::ModelShape& shape = header.shape;
    const std::uint64_t blocks = number("block_count");
    if (blocks > kLayerLimit) return false;
    // Layers that guess tokens ahead are stored with the others, but no token passes through them.
    shape.layers = narrow(blocks - std::min(blocks, number("nextn_predict_layers")));
    shape.d_model = narrow(number("embedding_length"));
    shape.context = narrow(number("context_length"));
    shape.feed_forward = narrow(per_layer("feed_forward_length").most());
    shape.experts = narrow(number("expert_count"));
    shape.experts_used = narrow(number("expert_used_count"));
    shape.heads = narrow(per_layer("attention.head_count").most());
    const PerLayer kv_heads = per_layer("attention.head_count_kv");
    shape.kv_heads = kv_heads.present() ? narrow(kv_heads.most()) : shape.heads;
    const std::uint64_t by_heads = shape.heads == 0 ? 0 : shape.d_model / shape.heads;
    shape.head_dim = narrow(number("attention.key_length", by_heads));
    header.window = narrow(number("attention.sliding_window"));
    if (shape.heads > 0) count_kv(kv_heads, header);
    return true;
  }

 private:
  std::uint64_t number(std::string_view key, std::uint64_t otherwise = 0) const {
    return metadata_.number(prefix_ + std::string(key)).value_or(otherwise);
  }
  PerLayer per_layer(std::string_view key) const { return PerLayer(metadata_.find(prefix_ + std::string(key))); }

  void count_kv(const PerLayer& kv_heads, ModelHeader& header) const {
    const core::ModelShape& shape = header.shape;
    const Windows windows(metadata_, architecture_, prefix_);
    const std::uint64_t both = base::saturating_add(shape.head_dim, number("attention.value_length", shape.head_dim));
    const std::uint64_t both_in_window =
        base::saturating_add(number("attention.key_length_swa", shape.head_dim),
                             number("attention.value_length_swa", number("attention.value_length", shape.head_dim)));
    const std::uint64_t latent = number("attention.kv_lora_rank");
    const std::uint64_t interval = number("full_attention_interval");
    const std::uint64_t shared = number("attention.shared_kv_layers");
    for (std::uint64_t layer = 0; layer + shared < shape.layers; ++layer) {
      if (interval > 0 && (layer + 1) % interval != 0) continue;
      const bool windowed = windows.has(layer);
      const std::uint64_t heads = kv_heads.present() ? kv_heads.at(layer) : shape.kv_heads;
      const std::uint64_t values = latent > 0 ? base::saturating_add(latent, number("rope.dimension_count"))
                                              : base::saturating_multiply(heads, windowed ? both_in_window : both);
      add_kv_layer(header, values, windowed);
    }
  }

  const GgufMetadata& metadata_;
  std::string_view architecture_;
  std::string prefix_;
};

// Names and hints that stand under keys of their own.
void read_general(const GgufMetadata& metadata, GgufHead& head) {
  core::ModelShape& shape = head.model.shape;
  head.kind = metadata.text("general.type");
  if (head.kind.empty()) head.kind = "model";
  shape.architecture = metadata.text("general.architecture");
  shape.name = metadata.text("general.name");
  if (shape.name.empty()) shape.name = metadata.text("general.basename");
  if (const auto type = metadata.number("general.file_type")) shape.quantisation = file_type_name(*type);
  const TemplateHints hints = hints_in_template(metadata.text("tokenizer.chat_template"));
  shape.tools = metadata.text("tokenizer.chat_template.tool_use").empty() ? hints.tools : true;
  shape.thinking = hints.thinking;
  head.part = narrow(metadata.number("split.no").value_or(0));
  head.parts = std::max(narrow(metadata.number("split.count").value_or(1)), 1U);
}

base::Result<GgufHead> understood(const GgufMetadata& metadata, const Tensors& tensors, std::uint64_t head_bytes) {
  GgufHead head;
  read_general(metadata, head);
  core::ModelShape& shape = head.model.shape;
  if (!ShapeReader(metadata, shape.architecture).read(head.model))
    return fail(Code::invalid, "it claims more layers than any model has");
  const std::string prefix = shape.architecture + ".";
  shape.vocabulary = narrow(metadata.number(prefix + "vocab_size").value_or(metadata.count("tokenizer.ggml.tokens")));
  if (shape.quantisation.empty()) shape.quantisation = dominant_type(tensors);
  if (tensors.vision || metadata.number(prefix + "vision.block_count").value_or(0) > 0) shape.vision = true;
  shape.parameters = tensors.parameters;
  shape.file_bytes = tensors.bytes;
  head.model.expert_parameters = tensors.in_experts;
  shape.active_parameters = active_parameters(head.model);
  const std::uint64_t align = std::max<std::uint64_t>(metadata.number("general.alignment").value_or(32), 1);
  const std::uint64_t begin = base::saturating_add(head_bytes, (align - head_bytes % align) % align);
  head.end_bytes = tensors.end == 0 ? head_bytes : base::saturating_add(begin, tensors.end);
  return head;
}

bool take_start(GgufCursor& cursor, std::uint64_t& tensors, std::uint64_t& pairs) {
  const auto magic = cursor.take(4);
  if (magic && *magic != "GGUF") return cursor.stop(Code::invalid, "it does not begin with GGUF");
  const auto version = cursor.number<std::uint32_t>();
  if (!version) return false;
  if (*version == 1) return cursor.stop(Code::invalid, "it is a GGUF of version 1, which nothing reads any more");
  if (*version > 0xFFFF)
    return cursor.stop(Code::invalid, "its numbers are big-endian; servers here read little-endian ones");
  if (*version != 2 && *version != 3)
    return cursor.stop(Code::invalid, "it is a GGUF of version " + std::to_string(*version) + "; 2 and 3 are known");
  const auto tensor_count = cursor.number<std::uint64_t>();
  const auto pair_count = cursor.number<std::uint64_t>();
  if (!tensor_count || !pair_count) return false;
  tensors = *tensor_count;
  pairs = *pair_count;
  if (tensors > kGgufTensorLimit) return cursor.stop(Code::too_large, "it claims too many tensors");
  if (pairs > kGgufPairLimit) return cursor.stop(Code::too_large, "it claims too much metadata");
  return true;
}

}  // namespace

base::Result<GgufReading> read_gguf(std::string_view bytes, std::uint64_t file_bytes) {
  GgufCursor cursor(bytes.substr(0, file_bytes), file_bytes);
  std::uint64_t tensor_count = 0, pair_count = 0;
  GgufMetadata metadata;
  Tensors tensors;
  bool whole = take_start(cursor, tensor_count, pair_count);
  for (std::uint64_t i = 0; whole && i < pair_count; ++i) whole = metadata.take_pair(cursor);
  for (std::uint64_t i = 0; whole && i < tensor_count; ++i) whole = take_tensor(cursor, tensors);
  if (cursor.problem()) return *cursor.problem();
  GgufReading reading;
  reading.wanted = cursor.wanted();
  if (!whole) return reading;
  auto head = understood(metadata, tensors, cursor.at());
  if (!head) return head.error();
  reading.head = std::move(*head);
  return reading;
}

}  // namespace basin::geometry
