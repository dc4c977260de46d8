// config.json is one object, of a few dozen well-known members and any number of others. Families name the same thing
// differently (num_experts, num_local_experts, n_routed_experts), and a model that also sees or hears keeps its
// language part in an object of its own (text_config). So a member is looked up under all its names, first in the
// language part, then in the whole.
#include "geometry/model_config.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <optional>

#include "base/json.h"
#include "base/saturating.h"

namespace basin::geometry {
namespace {

using base::Code;
using base::fail;
using base::json::Elements;
using base::json::Kind;
using base::json::Value;

using Names = std::initializer_list<std::string_view>;

// Looks members up in the language part, then in the whole.
class Lookup {
 public:
  explicit Lookup(Value root) : root_(root), text_(language_part(root)) {}

  Value find(Names names) const {
    for (const Value from : {text_, root_}) {
      for (const std::string_view name : names) {
        const Value found = from.member(name);
        if (found.present() && !found.is(Kind::null)) return found;
      }
    }
    return {};
  }
  // 0 where there is none, or one past 32 bits.
  std::uint32_t number(Names names) const {
    const auto number = find(names).unsigned_integer();
    return number && *number <= 0xFFFFFFFFU ? static_cast<std::uint32_t>(*number) : 0;
  }
  // The largest of a list with one number for each layer, or the number.
  std::uint32_t most(Names names) const {
    std::uint64_t most = 0;
    for (Elements elements(find(names)); elements.next();)
      most = std::max(most, elements.value().unsigned_integer().value_or(0));
    return most > 0 && most <= 0xFFFFFFFFU ? static_cast<std::uint32_t>(most) : number(names);
  }
  std::string text(Names names) const { return find(names).string().value_or(""); }
  Value root() const { return root_; }

 private:
  // Omni models nest it twice.
  static Value language_part(Value root) {
    const Value outer = root.member("thinker_config").is(Kind::object) ? root.member("thinker_config") : root;
    for (const std::string_view name : {"text_config", "language_config", "llm_config"}) {
      const Value part = outer.member(name);
      if (part.is(Kind::object)) return part;
    }
    return outer;
  }

  Value root_, text_;
};

// Whether a layer keeps keys and values, and whether of its window only, by its word in layer_types.
bool keeps_none(std::string_view kind) { return kind == "linear_attention" || kind == "conv" || kind == "mamba"; }
bool keeps_a_window(std::string_view kind) { return kind == "sliding_attention" || kind == "chunked_attention"; }

void count_kv(const Lookup& config, ModelHeader& header) {
  const core::ModelShape& shape = header.shape;
  if (shape.layers > kLayerLimit || shape.heads == 0) return;
  const std::uint64_t latent = config.number({"kv_lora_rank"});
  const std::uint64_t values = latent > 0
                                   ? base::saturating_add(latent, config.number({"qk_rope_head_dim"}))
                                   : base::saturating_multiply(shape.kv_heads, 2 * std::uint64_t{shape.head_dim});
  header.window = config.number({"sliding_window", "attention_chunk_size"});
  Elements kinds(config.find({"layer_types"}));
  const std::uint32_t interval = config.number({"full_attention_interval", "attn_layer_period"});
  for (std::uint32_t layer = 0; layer < shape.layers; ++layer) {
    const std::string_view kind = kinds.next() ? kinds.value().raw_string() : std::string_view();
    if (keeps_none(kind) || (kind.empty() && interval > 0 && (layer + 1) % interval != 0)) continue;
    add_kv_layer(header, values, header.window > 0 && keeps_a_window(kind));
  }
}

// "AWQ, 4 bits", as the object under quantization_config says it; MLX has the bits alone, under quantization.
void read_quantisation(const Lookup& config, ModelConfig& out) {
  const Value how = config.find({"quantization_config", "quantization"});
  core::ModelShape& shape = out.model.shape;
  if (!how.is(Kind::object)) {
    shape.quantisation = config.text({"torch_dtype", "dtype"});
    return;
  }
  const std::string method = how.member("quant_method").string().value_or("");
  std::uint64_t bits = how.member("bits").unsigned_integer().value_or(0);
  if (how.member("load_in_4bit").boolean().value_or(false) || method == "mxfp4") bits = 4;
  for (base::json::Members groups(how.member("config_groups")); bits == 0 && groups.next();)
    bits = groups.value().member("weights").member("num_bits").unsigned_integer().value_or(0);
  if (bits > 32) bits = 0;
  out.bits = static_cast<std::uint32_t>(bits);
  shape.quantisation = method.empty() ? std::string("packed") : method;
  if (bits > 0 && method != "mxfp4" && method != "fp8") shape.quantisation += ", " + std::to_string(bits) + " bits";
}

// Parts that only models with eyes have.
std::optional<bool> sees(const Lookup& config, std::string_view architecture) {
  for (const std::string_view part : {"vision_config", "visual", "vision_tower", "mm_vision_tower", "img_processor",
                                      "vision_tower_config", "image_token_id", "image_token_index"}) {
    if (config.root().member(part).present()) return true;
  }
  if (config.root().member("thinker_config").member("vision_config").present()) return true;
  return architecture.ends_with("ForCausalLM") ? std::optional(false) : std::nullopt;
}

void read_shape(const Lookup& config, core::ModelShape& shape) {
  shape.architecture = config.text({"model_type"});
  shape.d_model = config.number({"hidden_size", "n_embd", "d_model", "dim"});
  shape.layers = config.number({"num_hidden_layers", "n_layer", "num_layers", "n_layers"});
  shape.heads = config.most({"num_attention_heads", "n_head", "n_heads"});
  shape.kv_heads = config.most({"num_key_value_heads", "multi_query_group_num", "n_head_kv", "num_kv_heads"});
  if (shape.kv_heads == 0) shape.kv_heads = shape.heads;
  shape.head_dim = config.number({"head_dim", "kv_channels"});
  if (shape.head_dim == 0 && shape.heads > 0) shape.head_dim = shape.d_model / shape.heads;
  shape.feed_forward = config.most({"intermediate_size", "ffn_hidden_size", "n_inner", "ffn_dim"});
  shape.vocabulary = config.number({"vocab_size", "padded_vocab_size"});
  shape.context =
      config.number({"max_position_embeddings", "model_max_length", "seq_length", "n_positions", "max_seq_len"});
  shape.experts = config.number({"num_experts", "num_local_experts", "n_routed_experts", "moe_num_experts"});
  shape.experts_used = config.number({"num_experts_per_tok", "num_experts_per_token", "moe_top_k", "top_k_experts",
                                      "moe_topk", "num_selected_experts"});
}

}  // namespace

base::Result<ModelConfig> read_model_config(std::string_view json) {
  if (json.size() > kModelConfigLimit) return fail(Code::too_large, "it is longer than 4 MB");
  base::json::Document document;
  if (auto parsed = document.parse(json); !parsed) return parsed.error();
  if (!document.root().is(Kind::object)) return fail(Code::invalid, "it is no JSON object");
  const Lookup config(document.root());
  ModelConfig out;
  core::ModelShape& shape = out.model.shape;
  read_shape(config, shape);
  if (shape.d_model == 0 || shape.layers == 0)
    return fail(Code::invalid, "it has no hidden_size and num_hidden_layers: it is no language model's");
  if (shape.layers > kLayerLimit) return fail(Code::invalid, "it claims more layers than any model has");
  read_quantisation(config, out);
  count_kv(config, out.model);
  Elements architectures(document.root().member("architectures"));
  shape.vision = sees(config, architectures.next() ? architectures.value().raw_string() : std::string_view());
  return out;
}

}  // namespace basin::geometry
