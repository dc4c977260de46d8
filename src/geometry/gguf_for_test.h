// Writes GGUF files' heads, right ones and wrong ones. For tests only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "geometry/file_bytes.h"

namespace basin::geometry::test {

// The types of values.
inline constexpr std::uint32_t kU32 = 4, kI32 = 5, kBool = 7, kText = 8, kArray = 9, kU64 = 10;

inline std::string gguf_text(std::string_view text) {
  std::string out;
  append(out, std::uint64_t{text.size()});
  return out.append(text);
}

// Collects pairs and tensors, counts them, and puts the file together.
class GgufBuilder {
 public:
  // Any value, as bytes of its type.
  GgufBuilder& pair(std::string_view key, std::uint32_t type, std::string_view raw) {
    pairs_ += gguf_text(key);
    append(pairs_, type);
    pairs_ += raw;
    ++pair_count_;
    return *this;
  }
  GgufBuilder& number(std::string_view key, std::uint32_t value) {
    return pair(key, kU32, {reinterpret_cast<const char*>(&value), sizeof value});
  }
  GgufBuilder& text(std::string_view key, std::string_view value) { return pair(key, kText, gguf_text(value)); }
  GgufBuilder& texts(std::string_view key, const std::vector<std::string>& values) {
    std::string raw = array_head(kText, values.size());
    for (const std::string& value : values) raw += gguf_text(value);
    return pair(key, kArray, raw);
  }
  template <class T>
  GgufBuilder& numbers(std::string_view key, std::uint32_t type, const std::vector<T>& values) {
    std::string raw = array_head(type, values.size());
    for (const T value : values) append(raw, value);
    return pair(key, kArray, raw);
  }
  // `bytes` of weights follow those of the tensors before.
  GgufBuilder& tensor(std::string_view name, const std::vector<std::uint64_t>& sides, std::uint32_t type,
                      std::uint64_t bytes) {
    tensors_ += gguf_text(name);
    append(tensors_, static_cast<std::uint32_t>(sides.size()));
    for (const std::uint64_t side : sides) append(tensors_, side);
    append(tensors_, type);
    append(tensors_, data_bytes_);
    data_bytes_ += bytes;
    ++tensor_count_;
    return *this;
  }
  std::string head(std::uint32_t version = 3) const {
    std::string out = "GGUF";
    append(out, version);
    append(out, tensor_count_);
    append(out, pair_count_);
    return out + pairs_ + tensors_;
  }
  // With weights, all zero.
  std::string file() const {
    std::string out = head();
    out.resize((out.size() + 31) / 32 * 32 + data_bytes_);
    return out;
  }

  static std::string array_head(std::uint32_t type, std::uint64_t count) {
    std::string raw;
    append(raw, type);
    append(raw, count);
    return raw;
  }

 private:
  std::string pairs_, tensors_;
  std::uint64_t pair_count_ = 0, tensor_count_ = 0, data_bytes_ = 0;
};

// A llama of two layers with four heads, two of keys and values: 64 wide, 1,024 weights in each of its two tables.
inline GgufBuilder small_gguf() {
  GgufBuilder builder;
  builder.text("general.architecture", "llama").text("general.name", "Small").number("general.file_type", 15);
  builder.number("llama.block_count", 2).number("llama.embedding_length", 64).number("llama.context_length", 8192);
  builder.number("llama.feed_forward_length", 256);
  builder.number("llama.attention.head_count", 4).number("llama.attention.head_count_kv", 2);
  builder.texts("tokenizer.ggml.tokens", {"a", "b", "c"});
  builder.text("tokenizer.chat_template", "{% if tools %}<tool_call>{% endif %}{{ messages }}");
  builder.tensor("token_embd.weight", {64, 16}, 0, 4096).tensor("output.weight", {64, 16}, 0, 4096);
  return builder;
}

}  // namespace basin::geometry::test
