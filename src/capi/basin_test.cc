#include "basin/basin.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>

#include "basin/engine.h"

namespace basin {
namespace {

class Capi : public testing::Test {
 protected:
  Capi() : engine_(basin_engine_builtin()) {}
  ~Capi() override { basin_engine_free(engine_); }

  basin_status explain(std::string_view prompt, basin_explanation& e) const {
    return basin_explain(engine_, prompt.data(), prompt.size(), &e);
  }
  // The record, or "" with the complaint in error_.
  std::string record(std::string_view text) {
    char* json = nullptr;
    status_ = basin_explain_json(engine_, text.data(), text.size(), &json, error_.data(), error_.size());
    std::string copy = json == nullptr ? "" : json;
    basin_text_free(json);
    return copy;
  }

  basin_engine* engine_;
  basin_status status_ = BASIN_OK;
  std::array<char, 200> error_{};
};

TEST_F(Capi, GivesTheAnswersOfTheCppEngine) {
  const Engine engine = Engine::builtin();
  EXPECT_EQ(engine.weights_sha256(), basin_engine_weights_sha256(engine_));
  EXPECT_EQ(Engine::version(), basin_version());
  using namespace std::string_literals;
  for (const std::string& prompt : {"fix the grammar: me and him goes home"s, ""s, "a\0b"s, "\xff\xfe"s,
                                    "prove that there are infinitely many primes"s,
                                    "refactor the whole storage layer to async, keeping every caller consistent"s}) {
    const Explanation expected = engine.explain(prompt);
    basin_explanation e{.size = sizeof e};
    ASSERT_EQ(explain(prompt, e), BASIN_OK);
    EXPECT_EQ(e.size, sizeof e);
    EXPECT_EQ(e.p_small_ok, expected.p_small_ok);
    EXPECT_EQ(e.p_low, expected.p_low);
    EXPECT_EQ(e.p_high, expected.p_high);
    EXPECT_EQ(e.difficulty, expected.difficulty);
    EXPECT_EQ(e.delta_info, expected.delta_info);
    EXPECT_EQ(e.delta_tokens, expected.delta_tokens);
    EXPECT_EQ(e.depth, expected.depth);
    EXPECT_EQ(e.topology, expected.topology);
    EXPECT_EQ(e.action, expected.action);
    EXPECT_EQ(e.stage, static_cast<std::uint32_t>(expected.stage));
    EXPECT_EQ(record(prompt), engine.record(prompt));
  }
}

TEST_F(Capi, WritesNoMoreThanTheCallersVersionKnows) {
  struct {
    basin_explanation known;
    char behind = 'x';
  } room;
  room.known = {.size = sizeof(basin_explanation)};
  ASSERT_EQ(explain("sort these", room.known), BASIN_OK);
  EXPECT_EQ(room.behind, 'x');
  room.known.size = sizeof(double);
  EXPECT_EQ(explain("sort these", room.known), BASIN_INVALID);
}

TEST_F(Capi, SaysWhatToChangeInABody) {
  EXPECT_EQ(record(R"({"messages":[{"role":"user","content":7}]})"), "");
  EXPECT_EQ(status_, BASIN_INVALID);
  EXPECT_NE(std::string_view(error_.data()).find("messages[0].content"), std::string_view::npos) << error_.data();
  char* json = nullptr;
  std::array<char, 5> narrow{};
  constexpr std::string_view kBody = R"({"model":"m","messages":7})";
  EXPECT_EQ(basin_explain_json(engine_, kBody.data(), kBody.size(), &json, narrow.data(), narrow.size()),
            BASIN_INVALID);
  EXPECT_EQ(std::string_view(narrow.data()).size(), 4u);
  EXPECT_EQ(basin_explain_json(engine_, kBody.data(), kBody.size(), &json, nullptr, 0), BASIN_INVALID);
}

TEST_F(Capi, RefusesWhatIsNotThere) {
  basin_explanation e{.size = sizeof e};
  EXPECT_EQ(basin_explain(nullptr, "a", 1, &e), BASIN_INVALID);
  EXPECT_EQ(basin_explain(engine_, nullptr, 1, &e), BASIN_INVALID);
  EXPECT_EQ(basin_explain(engine_, "a", 1, nullptr), BASIN_INVALID);
  EXPECT_EQ(basin_explain_json(engine_, "a", 1, nullptr, nullptr, 0), BASIN_INVALID);
  EXPECT_EQ(basin_engine_weights_sha256(nullptr), nullptr);
  basin_engine_free(nullptr);
  basin_text_free(nullptr);
}

TEST_F(Capi, RefusesWhatIsNoWeightFile) {
  basin_engine* engine = engine_;
  EXPECT_EQ(basin_engine_from_weights("basin.w\n", 8, &engine, error_.data(), error_.size()), BASIN_INVALID);
  EXPECT_EQ(engine, nullptr);
  EXPECT_NE(std::string_view(error_.data()).find("weights"), std::string_view::npos);
  EXPECT_EQ(basin_engine_from_weights(nullptr, 0, nullptr, nullptr, 0), BASIN_INVALID);
}

}  // namespace
}  // namespace basin
