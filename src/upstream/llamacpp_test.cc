#include "upstream/llamacpp.h"

#include <gtest/gtest.h>

#include "upstream/model_listing.h"

namespace basin::upstream {
namespace {

constexpr std::string_view kList = R"({"models":[{"name":"qwen","model":"qwen","capabilities":["completion"]}],
  "object":"list","data":[{"id":"qwen","aliases":["qwen"],"object":"model","created":1764000000,"owned_by":"llamacpp",
  "meta":{"vocab_type":2,"n_vocab":151936,"n_ctx":16384,"n_ctx_train":40960,"n_embd":4096,"n_params":8190735360,
          "size":5027783680,"ftype":"Q4_K - Medium"}}]})";

constexpr std::string_view kProps = R"({"default_generation_settings":{"params":{"n_predict":-1},"n_ctx":16384},
  "total_slots":4,"model_alias":"qwen","model_ftype":"Q4_K - Medium","model_path":"/models/Qwen3-8B-Q4_K_M.gguf",
  "modalities":{"vision":false,"audio":false},"chat_template":"{% if tools %}...<think>{% endif %}",
  "chat_template_caps":{"supports_tools":true,"supports_tool_calls":true},"is_sleeping":false})";

TEST(LlamaCpp, TheListHasWidthAndParameters) {
  const auto models = models_listed(kList);
  ASSERT_TRUE(models && models->size() == 1);
  EXPECT_EQ(kind_of_list(kList), ServerKind::llamacpp);
  const ServedModel& model = models->front();
  EXPECT_EQ(model.shape.d_model, 4096U);
  EXPECT_EQ(model.shape.parameters, 8'190'735'360U);
  EXPECT_EQ(model.shape.vocabulary, 151'936U);
  EXPECT_EQ(model.shape.context, 40'960U);
  EXPECT_EQ(model.context, 16'384U);
}

TEST(LlamaCpp, PropsHaveTheContextOfASlotAndWhatTheTemplateKnows) {
  ServedModel model = models_listed(kList)->front();
  ASSERT_TRUE(is_llamacpp_props(kProps));
  add_llamacpp_props(kProps, model);
  EXPECT_EQ(model.context, 16'384U);
  EXPECT_EQ(model.slots, 4U);
  EXPECT_EQ(model.loaded, true);
  EXPECT_EQ(model.shape.name, "Qwen3-8B-Q4_K_M");
  EXPECT_EQ(model.weights_path, "/models/Qwen3-8B-Q4_K_M.gguf");
  EXPECT_EQ(model.shape.vision, false);
  EXPECT_EQ(model.shape.tools, true);
  EXPECT_EQ(model.shape.thinking, true);
  EXPECT_EQ(model.shape.d_model, 4096U) << "the list's width stays";
}

TEST(LlamaCpp, SlotsTellWhoIsFree) {
  ServedModel model;
  add_llamacpp_slots(R"([{"id":0,"n_ctx":16384,"is_processing":true},{"id":1,"n_ctx":16384,"is_processing":false}])",
                     model);
  EXPECT_EQ(model.slots, 2U);
  EXPECT_EQ(model.free_slots, 1U);
  add_llamacpp_slots(R"({"error":{"code":501,"message":"This server does not support slots endpoint."}})", model);
  EXPECT_EQ(model.free_slots, 1U);
}

TEST(LlamaCpp, ARouterTellsWhatIsLoadedAndHowItWouldStartTheRest) {
  const auto models = models_listed(R"({"object":"list","data":[
    {"id":"a","owned_by":"llamacpp","path":"/m/a.gguf","status":{"value":"loaded","args":["llama-server","-c","8192"]}},
    {"id":"b","owned_by":"llamacpp","status":{"value":"unloaded","args":["--ctx-size","65536","--parallel","4"]}},
    {"id":"c","owned_by":"llamacpp","status":{"value":"sleeping","args":["-c","65536","-np","4","--kv-unified"]}},
    {"id":"d","owned_by":"llamacpp","status":{"value":"unloaded","args":["-c"]}}]})");
  ASSERT_TRUE(models && models->size() == 4);
  EXPECT_EQ((*models)[0].loaded, true);
  EXPECT_EQ((*models)[0].weights_path, "/m/a.gguf");
  EXPECT_EQ((*models)[1].loaded, false);
  EXPECT_EQ((*models)[1].context, 16'384U) << "the slots share it";
  EXPECT_TRUE((*models)[1].context_guessed);
  EXPECT_EQ((*models)[2].context, 65'536U);
  EXPECT_EQ((*models)[3].context, 0U);
  EXPECT_TRUE(is_llamacpp_router(R"({"role":"router","max_instances":4})"));
  EXPECT_FALSE(is_llamacpp_router(kProps));
}

TEST(LlamaCpp, ALoadingModelHasNoMetaYet) {
  const auto models = models_listed(R"({"data":[{"id":"a","owned_by":"llamacpp","meta":null}]})");
  ASSERT_TRUE(models && models->size() == 1);
  EXPECT_EQ(models->front().shape.parameters, 0U);
}

TEST(LlamaCpp, StrangeAnswersAddNothing) {
  for (const std::string_view odd :
       {"", "[]", "{}", "<html>", "3", R"({"default_generation_settings":4})", R"([])", R"([1])"}) {
    ServedModel model;
    EXPECT_FALSE(is_llamacpp_props(odd)) << odd;
    add_llamacpp_props(odd, model);
    EXPECT_EQ(model.context, 0U);
    EXPECT_FALSE(model.loaded.has_value());
  }
}

}  // namespace
}  // namespace basin::upstream
