// Answers recorded beside the requests: each stream tells what it cost and how it ended, wherever it is cut.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "recordings.h"
#include "wire/usage_tap.h"

namespace basin::engine_tests {
namespace {

core::Dialect dialect_by_name(const std::string& name) {
  if (name.find("v1_messages") != std::string::npos) return core::Dialect::anthropic;
  if (name.find("v1_responses") != std::string::npos) return core::Dialect::openai_responses;
  return core::Dialect::openai_chat;
}

TEST(CapturedStreams, TellWhatTheyCostAndHowTheyEnded) {
  const char* shared = std::getenv("BASIN_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "no recordings: BASIN_SHARED is not set";
  int seen = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(shared) / "captured")) {
    const std::string name = entry.path().string();
    if (!name.ends_with(".resp.sse")) continue;
    ++seen;
    const std::string stream = read_file(entry.path());
    wire::UsageTap whole(dialect_by_name(name));
    whole.feed(stream);
    const wire::AnswerFacts& facts = whole.facts();
    const bool cut_off = name.find("/13-cut/") != std::string::npos;
    EXPECT_EQ(facts.ended, !cut_off) << name;
    EXPECT_FALSE(facts.id.empty() || facts.model.empty()) << name;
    if (facts.ended && !facts.failed) {
      EXPECT_FALSE(facts.stop_reason.empty()) << name;
      const bool asked_for_usage = stream.find("\"usage\"") != std::string::npos;
      EXPECT_EQ(facts.usage.known, asked_for_usage) << name;
    }
    for (std::size_t cut = 0; cut < stream.size(); cut += 1 + cut / 16) {
      wire::UsageTap pieces(dialect_by_name(name));
      pieces.feed(std::string_view(stream).substr(0, cut));
      pieces.feed(std::string_view(stream).substr(cut));
      ASSERT_EQ(pieces.facts().usage.output, facts.usage.output) << name << " cut at " << cut;
      ASSERT_EQ(pieces.facts().ended, facts.ended) << name << " cut at " << cut;
      ASSERT_EQ(pieces.facts().stop_reason, facts.stop_reason) << name << " cut at " << cut;
    }
  }
  EXPECT_GT(seen, 50);
}

}  // namespace
}  // namespace basin::engine_tests
