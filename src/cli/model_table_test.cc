#include "cli/model_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "base/json.h"

namespace basin::cli {
namespace {

ModelRow local() {
  ModelRow row;
  row.model = "mine:latest";
  row.upstream = "ollama";
  row.tier = "small";
  row.said.shape.parameters = 30'500'000'000;
  row.said.shape.active_parameters = 3'300'000'000;
  row.said.shape.d_model = 2048;
  row.said.shape.layers = 48;
  row.said.shape.quantisation = "Q4_K_M";
  row.said.shape_from = "/api/show";
  row.said.loaded = true;
  row.said.slots = 4;
  row.said.free_slots = 3;
  row.takes = {.tools = true, .vision = false, .thinking = true};
  row.context = 32'768;
  row.context_from = upstream::ContextFrom::server;
  row.near = true;
  return row;
}

ModelRow named(const char* model) {
  ModelRow row;
  row.model = model;
  return row;
}

std::vector<std::string> shown(const std::vector<ModelRow>& rows, std::size_t width) {
  const config::Environment nothing(config::Environment::Variables{});
  std::istringstream text(model_table(rows, width, Terminal(1, Color::never, nothing)));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

TEST(ModelTable, APipeGetsEveryColumn) {
  const auto lines = shown({local()}, 0);
  ASSERT_EQ(lines.size(), 2U);
  for (const char* cell : {"mine:latest", "30.5B/3.3B", "2048x48", "Q4_K_M", "32768", "tools think", "3/4 free",
                           "48 layers x 2048, 30.5B, from /api/show"}) {
    EXPECT_NE(lines[1].find(cell), std::string::npos) << cell << "\n" << lines[1];
  }
}

TEST(ModelTable, AWindowIsNotOverrunAndTheReasonsStandBelow) {
  for (const std::size_t width : {80U, 100U, 120U}) {
    const auto lines = shown({local(), named("llama3.1:8b"), named("nobody")}, width);
    ASSERT_EQ(lines.size(), 7U) << width;
    for (const std::string& line : lines) EXPECT_LE(line.size(), width) << line;
    for (const char* heading : {"MODEL", "SIZE", "CONTEXT", "ABILITY"})
      EXPECT_NE(lines[0].find(heading), std::string::npos) << width << heading;
    EXPECT_EQ(lines[2], "  48 layers x 2048, 30.5B, from /api/show");
    EXPECT_EQ(lines[4], "  known by its name: 32 layers x 4096, 8B");
    EXPECT_EQ(lines[6], "  neither its name nor its server tells its size");
  }
  EXPECT_NE(shown({local()}, 120)[0].find("OUTPUT $/M"), std::string::npos);
  EXPECT_EQ(shown({local()}, 220).size(), 2U);
}

TEST(ModelTable, WhatIsNotKnownIsNotShownAsKnown) {
  ModelRow guessed = named("m"), assumed = named("m"), cold = named("m"), vectors = named("m"), cloud = named("m");
  guessed.context = assumed.context = 4096;
  guessed.context_from = upstream::ContextFrom::start;
  cold.said.loaded = false;
  vectors.said.embeds = true;
  cloud.said.elsewhere = true;
  const auto lines = shown({guessed, assumed, cold, vectors, cloud}, 0);
  EXPECT_NE(lines[1].find("~4096"), std::string::npos);
  EXPECT_NE(lines[2].find("4096?"), std::string::npos);
  EXPECT_NE(lines[3].find("cold"), std::string::npos);
  EXPECT_NE(lines[4].find("vectors only"), std::string::npos);
  EXPECT_NE(lines[5].find("elsewhere"), std::string::npos);
}

TEST(ModelTable, JsonHasEverythingThatIsKnownAndNothingElse) {
  base::json::Document document;
  const std::string json = models_json({local(), named("nobody")});
  ASSERT_TRUE(document.parse(json).ok());
  EXPECT_EQ(document.root().member("schema").string(), "basin.models/1");
  base::json::Elements rows(document.root().member("models"));
  ASSERT_TRUE(rows.next());
  const auto row = rows.value();
  EXPECT_EQ(row.member("shape").member("active_parameters").unsigned_integer(), 3'300'000'000U);
  EXPECT_EQ(row.member("context").unsigned_integer(), 32'768U);
  EXPECT_EQ(row.member("context_from").string(), "server");
  EXPECT_EQ(row.member("free_slots").unsigned_integer(), 3U);
  EXPECT_EQ(row.member("vision").boolean(), false);
  EXPECT_EQ(row.member("ability").member("from").string(), "geometry");
  EXPECT_GT(row.member("ability").member("p").number().value_or(0), 0.3);
  ASSERT_TRUE(rows.next());
  EXPECT_FALSE(rows.value().member("context").present());
  EXPECT_FALSE(rows.value().member("loaded").present());
  EXPECT_FALSE(rows.value().member("ability").member("p").present());
}

}  // namespace
}  // namespace basin::cli
