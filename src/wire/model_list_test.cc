#include "wire/model_list.h"

#include <gtest/gtest.h>

#include <vector>

namespace basin::wire {
namespace {

TEST(ModelList, EachDialectHasItsList) {
  const std::vector<ListedModel> models = {{"a", "Model A", "up"}, {"b", "", "down"}};
  EXPECT_EQ(
      model_list(core::Dialect::anthropic, models, 0),
      R"({"data":[{"type":"model","id":"a","display_name":"Model A","created_at":"1970-01-01T00:00:00.000Z"},)"
      R"({"type":"model","id":"b","display_name":"b","created_at":"1970-01-01T00:00:00.000Z"}],"has_more":false,"first_id":"a","last_id":"b"})");
  EXPECT_EQ(
      model_list(core::Dialect::openai_chat, models, 5),
      R"({"object":"list","data":[{"id":"a","object":"model","created":5,"owned_by":"up"},{"id":"b","object":"model","created":5,"owned_by":"down"}]})");
}

TEST(ModelList, MayBeEmpty) {
  EXPECT_EQ(model_list(core::Dialect::anthropic, {}, 0),
            R"({"data":[],"has_more":false,"first_id":null,"last_id":null})");
  EXPECT_EQ(model_list(core::Dialect::openai_responses, {}, 0), R"({"object":"list","data":[]})");
}

}  // namespace
}  // namespace basin::wire
