#include "upstream/ollama_store.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

TEST(OllamaStore, IsThePersonsAndTheServices) {
  std::optional<std::string_view> models, home;
  const auto stores = [&] {
    return model_stores([&](std::string_view name) { return name == "HOME" ? home : models; });
  };
  EXPECT_EQ(stores().size(), 1U);
  home = "/somewhere";
  EXPECT_EQ(stores(), (std::vector<std::string>{"/somewhere/.ollama/models", "/usr/share/ollama/.ollama/models"}));
  models = "/big";
  EXPECT_EQ(stores().front(), "/big");
}

TEST(OllamaStore, NamesAreFolders) {
  const auto path = [](std::string_view name) { return ollama_manifest_path(name).value_or("none"); };
  EXPECT_EQ(path("llama3.2"), "manifests/registry.ollama.ai/library/llama3.2/latest");
  EXPECT_EQ(path("llama3.2:3b-q8_0"), "manifests/registry.ollama.ai/library/llama3.2/3b-q8_0");
  EXPECT_EQ(path("someone/model:1b"), "manifests/registry.ollama.ai/someone/model/1b");
  EXPECT_EQ(path("hf.co/someone/model-GGUF:Q4_K_M"), "manifests/hf.co/someone/model-GGUF/Q4_K_M");
}

TEST(OllamaStore, WhatCanBeNoNameIsNone) {
  for (const char* name :
       {"", ":", "a:", "..", "../x", "a/../b", "a//b", "a/b/c/d", "a:b:c", ".hidden", "a b", "a:../b", "host:80/a/b"}) {
    EXPECT_FALSE(ollama_manifest_path(name)) << name;
  }
  EXPECT_TRUE(ollama_manifest_path(std::string(128, 'a')));
  EXPECT_FALSE(ollama_manifest_path(std::string(129, 'a')));
}

std::string layer(const std::string& kind, char digit) {
  return R"({"mediaType":"application/vnd.ollama.image.)" + kind + R"(","digest":"sha256:)" + std::string(64, digit) +
         R"(","size":1})";
}

TEST(OllamaStore, AManifestNamesBlobs) {
  const auto model =
      read_ollama_manifest(R"({"schemaVersion":2,"layers":[)" + layer("model", 'a') + "," + layer("projector", 'b') +
                               "," + layer("template", 'c') + "," + layer("license", 'd') + "]}",
                           "/store");
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_EQ(model->weights, "/store/blobs/sha256-" + std::string(64, 'a'));
  EXPECT_EQ(model->projector, "/store/blobs/sha256-" + std::string(64, 'b'));
  EXPECT_EQ(model->chat_template, "/store/blobs/sha256-" + std::string(64, 'c'));
}

TEST(OllamaStore, OtherManifestsAreRefused) {
  const auto code = [](const std::string& json) {
    const auto model = read_ollama_manifest(json, "/store");
    return model.ok() ? "ok" : model.error().code == base::Code::unsupported ? "unsupported" : "invalid";
  };
  EXPECT_STREQ(code("{}"), "invalid");
  EXPECT_STREQ(code("not json"), "invalid");
  EXPECT_STREQ(code(R"({"layers":[]})"), "invalid");
  EXPECT_STREQ(code(R"({"layers":[)" + layer("tensor", 'a') + "]}"), "unsupported");
  // A digest that would lead out of the store.
  EXPECT_STREQ(code(R"({"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":"sha256:../../etc"}]})"),
               "invalid");
  EXPECT_STREQ(code(R"({"layers":[{"mediaType":"application/vnd.ollama.image.model","digest":3}]})"), "invalid");
}

}  // namespace
}  // namespace basin::upstream
