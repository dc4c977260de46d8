#include "upstream/model_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "geometry/gguf_for_test.h"

namespace basin::upstream {
namespace {

namespace fs = std::filesystem;
using geometry::test::GgufBuilder;

class ModelFileTest : public ::testing::Test {
 protected:
  ModelFileTest() {
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  ~ModelFileTest() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& bytes) const {
    const fs::path path = folder_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path.string();
  }
  std::string complaint(const std::string& where) const {
    const auto file = open_model(where, {(folder_ / "store").string()});
    return file.ok() ? "" : file.error().message;
  }
  static ModelFile opened(const std::string& where, const std::vector<std::string>& stores = {}) {
    auto file = open_model(where, stores);
    EXPECT_TRUE(file.ok()) << file.error().message;
    return file.ok() ? *file : ModelFile();
  }

  const fs::path folder_ = fs::path(::testing::TempDir()) / ("model_file_" + std::to_string(getpid()));
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

TEST_F(ModelFileTest, AGgufFile) {
  const ModelFile file = opened(write("small.gguf", geometry::test::small_gguf().file()));
  EXPECT_EQ(file.form, ModelForm::gguf);
  EXPECT_EQ(file.model.shape.name, "Small");
  EXPECT_EQ(file.model.shape.parameters, 2048U);
  EXPECT_EQ(file.files.size(), 1U);
  GgufBuilder nameless;
  nameless.text("general.architecture", "llama");
  EXPECT_EQ(opened(write("some-3b.gguf", nameless.file())).model.shape.name, "some-3b");
}

TEST_F(ModelFileTest, AHeadLongerThanTheFirstLook) {
  GgufBuilder builder = geometry::test::small_gguf();
  builder.texts("tokenizer.ggml.merges", std::vector<std::string>(50'000, "a b"));
  builder.number("llama.vocab_size", 99);
  EXPECT_EQ(opened(write("long.gguf", builder.file())).model.shape.vocabulary, 99U);
}

TEST_F(ModelFileTest, WhatIsNoWholeModelSaysWhatToDo) {
  const std::string whole = geometry::test::small_gguf().file();
  EXPECT_TRUE(has(complaint(write("cut.gguf", whole.substr(0, whole.size() - 1))), "download it again"));
  EXPECT_TRUE(has(complaint(write("head.gguf", whole.substr(0, 60))), "ends inside of its head"));
  EXPECT_TRUE(has(complaint(write("empty.gguf", "")), "ends inside"));
  EXPECT_TRUE(has(complaint(write("text.gguf", "some text that is no model")), "does not begin with GGUF"));
  EXPECT_TRUE(has(complaint(write("lfs.gguf", "version https://git-lfs.github.com/spec/v1\noid")), "git lfs pull"));
  GgufBuilder adapter;
  adapter.text("general.type", "adapter").text("general.architecture", "llama");
  EXPECT_TRUE(has(complaint(write("lora.gguf", adapter.file())), "adapter"));
  GgufBuilder eyes;
  eyes.text("general.architecture", "clip");
  EXPECT_TRUE(has(complaint(write("mmproj.gguf", eyes.file())), "eyes"));
  EXPECT_TRUE(has(complaint(write("nothing.gguf", GgufBuilder().file())), "no architecture"));
  EXPECT_TRUE(has(complaint(folder_.string()), "config.json and *.safetensors"));
  EXPECT_TRUE(has(complaint((folder_ / "none.gguf").string()), "none.gguf"));
}

// A model in three parts: metadata in the first, tensors in all.
class Parts : public ModelFileTest {
 protected:
  static std::string part(std::uint32_t number, std::uint32_t of) {
    GgufBuilder builder;
    if (number == 0) builder.text("general.architecture", "llama");
    builder.number("split.no", number).number("split.count", of).tensor("t" + std::to_string(number), {32, 2}, 0, 256);
    return builder.file();
  }
};

TEST_F(Parts, AreAddedUpFromAnyOfThem) {
  std::string last;
  for (std::uint32_t i = 0; i < 3; ++i) last = write("big-0000" + std::to_string(i + 1) + "-of-00003.gguf", part(i, 3));
  const ModelFile file = opened(last);
  EXPECT_EQ(file.files.size(), 3U);
  EXPECT_TRUE(file.path.ends_with("big-00001-of-00003.gguf"));
  EXPECT_EQ(file.model.shape.name, "big");
  EXPECT_EQ(file.model.shape.parameters, 3U * 64);
  EXPECT_EQ(file.model.shape.active_parameters, 3U * 64);
  EXPECT_EQ(file.model.shape.file_bytes, 3U * 256);
  fs::remove(folder_ / "big-00002-of-00003.gguf");
  EXPECT_TRUE(has(complaint(last), "big-00002-of-00003.gguf"));
  write("big-00002-of-00003.gguf", part(2, 3));
  EXPECT_TRUE(has(complaint(last), "is not part 2 of 3"));
}

TEST_F(Parts, NamesMustSayTheSame) {
  EXPECT_TRUE(has(complaint(write("renamed.gguf", part(0, 3))), "part of a model"));
  EXPECT_TRUE(has(complaint(write("x-00001-of-00002.gguf", part(0, 3))), "its name says 2"));
}

std::string safetensors(const std::string& json, std::size_t bytes) {
  std::string out;
  geometry::append(out, std::uint64_t{json.size()});
  return out + json + std::string(bytes, '\0');
}

constexpr std::string_view kConfig =
    R"({"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":8,"num_hidden_layers":1,)"
    R"("num_attention_heads":2,"num_experts":4,"num_experts_per_tok":1)";

TEST_F(ModelFileTest, ASafetensorsFolder) {
  write("models--some--model/snapshots/0a1b/config.json", std::string(kConfig) + "}");
  write("models--some--model/snapshots/0a1b/tokenizer_config.json",
        R"({"chat_template":"{% if tools %}<tool_call>{% endif %}"})");
  const std::string one = R"({"a.experts.1":{"dtype":"BF16","shape":[8,4],"data_offsets":[0,64]}})";
  const std::string two = R"({"b":{"dtype":"BF16","shape":[8,2],"data_offsets":[0,32]}})";
  write("models--some--model/snapshots/0a1b/model-00001-of-00002.safetensors", safetensors(one, 64));
  write("models--some--model/snapshots/0a1b/model-00002-of-00002.safetensors", safetensors(two, 32));
  write("models--some--model/snapshots/0a1b/consolidated.safetensors", safetensors(two, 32));  // the same once more
  const std::string folder = (folder_ / "models--some--model/snapshots/0a1b").string();
  const ModelFile file = opened(folder);
  EXPECT_EQ(file.form, ModelForm::safetensors);
  EXPECT_EQ(file.files.size(), 2U);
  const core::ModelShape& shape = file.model.shape;
  EXPECT_EQ(shape.name, "some/model");
  EXPECT_EQ(shape.parameters, 48U);
  EXPECT_EQ(shape.active_parameters, 16U + 8);
  EXPECT_EQ(shape.file_bytes, 96U);
  EXPECT_EQ(shape.quantisation, "BF16");
  EXPECT_EQ(shape.tools, true);
  EXPECT_EQ(opened(folder + "/config.json").model.shape.parameters, 48U);
  EXPECT_EQ(opened(folder + "/").model.shape.name, "some/model");
  fs::resize_file(fs::path(folder) / "model-00002-of-00002.safetensors", 80);
  EXPECT_TRUE(has(complaint(folder), "download it again"));
}

TEST_F(ModelFileTest, PackedWeightsAreUnpackedByTheConfiguration) {
  write("awq/config.json", std::string(kConfig) + R"(,"quantization_config":{"quant_method":"awq","bits":4}})");
  write("awq/model.safetensors", safetensors(R"({"a.qweight":{"dtype":"I32","shape":[4],"data_offsets":[0,16]}})", 16));
  const ModelFile file = opened((folder_ / "awq").string());
  EXPECT_EQ(file.model.shape.parameters, 32U);
  EXPECT_EQ(file.model.shape.quantisation, "awq, 4 bits");
  EXPECT_EQ(file.model.shape.name, "awq");
}

TEST_F(ModelFileTest, AnOllamaName) {
  const std::string hash(64, 'a'), eyes(64, 'b'), text(64, 'c');
  const auto layer = [](const std::string& kind, const std::string& digest) {
    return R"({"mediaType":"application/vnd.ollama.image.)" + kind + R"(","digest":"sha256:)" + digest + "\"}";
  };
  write("store/manifests/registry.ollama.ai/library/tiny/1b",
        "{\"layers\":[" + layer("model", hash) + "," + layer("projector", eyes) + "," + layer("template", text) + "]}");
  const std::string blob = write("store/blobs/sha256-" + hash, geometry::test::small_gguf().file());
  write("store/blobs/sha256-" + eyes, std::string(100, 'x'));
  write("store/blobs/sha256-" + text, "{{ if .Thinking }}<think>{{ end }}");
  const ModelFile file = opened("tiny:1b", {"/nonexistent", (folder_ / "store").string()});
  EXPECT_EQ(file.path, blob);
  EXPECT_EQ(file.model.shape.name, "tiny:1b");
  EXPECT_EQ(file.model.shape.vision, true);
  EXPECT_EQ(file.model.shape.thinking, true);
  EXPECT_EQ(file.model.shape.file_bytes, 8192U + 100);
  EXPECT_EQ(opened(blob).model.shape.name, "Small");
  EXPECT_TRUE(has(complaint("tiny:2b"), "tiny:2b: no file, and no model of Ollama's"));
}

}  // namespace
}  // namespace basin::upstream
