#include "geometry/model_config.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

ModelConfig config(const std::string& json) {
  auto read = read_model_config(json);
  EXPECT_TRUE(read.ok()) << read.error().message;
  return read.ok() ? *read : ModelConfig();
}

const std::string kLlama =
    R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,"num_hidden_layers":32,)"
    R"("num_attention_heads":32,"num_key_value_heads":8,"intermediate_size":14336,"vocab_size":128256,)"
    R"("max_position_embeddings":131072,"torch_dtype":"bfloat16","rope_scaling":null})";

TEST(ModelConfig, TellsTheShape) {
  const ModelConfig read = config(kLlama);
  const core::ModelShape& shape = read.model.shape;
  EXPECT_EQ(shape.architecture, "llama");
  EXPECT_EQ(shape.d_model, 4096U);
  EXPECT_EQ(shape.layers, 32U);
  EXPECT_EQ(shape.heads, 32U);
  EXPECT_EQ(shape.kv_heads, 8U);
  EXPECT_EQ(shape.head_dim, 128U);
  EXPECT_EQ(shape.feed_forward, 14336U);
  EXPECT_EQ(shape.vocabulary, 128256U);
  EXPECT_EQ(shape.context, 131072U);
  EXPECT_EQ(shape.quantisation, "bfloat16");
  EXPECT_EQ(shape.vision, false);
  EXPECT_EQ(read.bits, 0U);
  EXPECT_EQ(kv_bytes_per_token(read.model), 131072U);  // as llama.cpp says it for Llama 3.1 8B: 128 KiB a token
}

TEST(ModelConfig, TheLanguagePartMayBeNested) {
  const ModelConfig gemma = config(
      R"({"architectures":["Gemma3ForConditionalGeneration"],"model_type":"gemma3","vision_config":{"hidden_size":1152},)"
      R"("text_config":{"model_type":"gemma3_text","hidden_size":2560,"num_hidden_layers":6,"num_attention_heads":8,)"
      R"("num_key_value_heads":4,"head_dim":256,"sliding_window":1024,)"
      R"("layer_types":["sliding_attention","sliding_attention","sliding_attention","sliding_attention",)"
      R"("sliding_attention","full_attention"]}})");
  EXPECT_EQ(gemma.model.shape.architecture, "gemma3_text");
  EXPECT_EQ(gemma.model.shape.d_model, 2560U);
  EXPECT_EQ(gemma.model.shape.vision, true);
  EXPECT_EQ(gemma.model.kv_values, 2U * 4 * 256);
  EXPECT_EQ(gemma.model.windowed_kv_values, 5U * 2 * 4 * 256);
  const ModelConfig omni = config(
      R"({"model_type":"omni","thinker_config":{"vision_config":{},"text_config":{"hidden_size":64,"num_hidden_layers":1}}})");
  EXPECT_EQ(omni.model.shape.d_model, 64U);
  EXPECT_EQ(omni.model.shape.vision, true);
}

TEST(ModelConfig, ExpertsHaveManyNames) {
  for (const char* names :
       {R"("num_experts":128,"num_experts_per_tok":8)", R"("num_local_experts":128,"top_k_experts":8)",
        R"("n_routed_experts":128,"num_experts_per_tok":8)"}) {
    const ModelConfig read = config(R"({"hidden_size":8,"num_hidden_layers":1,)" + std::string(names) + "}");
    EXPECT_EQ(read.model.shape.experts, 128U);
    EXPECT_EQ(read.model.shape.experts_used, 8U);
  }
}

TEST(ModelConfig, Quantisation) {
  const auto of = [](const std::string& object) {
    return config(R"({"hidden_size":8,"num_hidden_layers":1,)" + object + "}");
  };
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"awq","bits":4})").model.shape.quantisation, "awq, 4 bits");
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"awq","bits":4})").bits, 4U);
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"fp8"})").model.shape.quantisation, "fp8");
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"mxfp4"})").bits, 4U);
  EXPECT_EQ(of(R"("quantization":{"group_size":64,"bits":8})").model.shape.quantisation, "packed, 8 bits");
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"bitsandbytes","load_in_4bit":true})").bits, 4U);
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"compressed-tensors","config_groups":{"group_0":{"weights":)"
               R"({"num_bits":4}}}})")
                .bits,
            4U);
  EXPECT_EQ(of(R"("quantization_config":{"quant_method":"odd","bits":1e9})").bits, 0U);
}

TEST(ModelConfig, HybridsAndLatentRows) {
  const ModelConfig next = config(
      R"({"hidden_size":64,"num_hidden_layers":8,"num_attention_heads":4,"head_dim":16,"full_attention_interval":4})");
  EXPECT_EQ(next.model.kv_values, 2U * 4 * 2 * 16);
  const ModelConfig deep = config(
      R"({"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":128,"kv_lora_rank":512,"qk_rope_head_dim":64})");
  EXPECT_EQ(deep.model.kv_values, 2U * 576);
  const ModelConfig mixed = config(
      R"({"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"layer_types":["linear_attention","full_attention"]})");
  EXPECT_EQ(mixed.model.kv_values, 1U * 4 * 2 * 16);
}

TEST(ModelConfig, WhatIsNoneIsRefused) {
  for (const char* bad : {"", "[]", "{}", R"({"hidden_size":64})", R"({"hidden_size":"64","num_hidden_layers":2})",
                          R"({"hidden_size":64,"num_hidden_layers":10001})", R"({"text_config":{"hidden_size":64}})"}) {
    EXPECT_FALSE(read_model_config(bad).ok()) << bad;
  }
  EXPECT_EQ(read_model_config(std::string(kModelConfigLimit + 1, ' ')).error().code, base::Code::too_large);
  const ModelConfig wide = config(R"({"hidden_size":4294967295,"num_hidden_layers":10000,"num_attention_heads":1,)"
                                  R"("num_key_value_heads":4294967295})");
  EXPECT_EQ(wide.model.kv_values, ~std::uint64_t{0});
}

}  // namespace
}  // namespace basin::geometry
