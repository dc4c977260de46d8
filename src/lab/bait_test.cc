#include "lab/bait.h"

#include <gtest/gtest.h>

#include "lab/material_lines.h"

namespace basin::lab {
namespace {

// Whether one of the texts has a line that begins so.
bool any_has(const std::vector<std::string>& texts, const std::string& line) {
  for (const std::string& text : texts) {
    if (text.find("\n" + line) != std::string::npos) return true;
  }
  return false;
}

TEST(MaterialLines, WholeLinesAndWhetherTheyGoOn) {
  const std::string text = "sort\n\n```\nb = 1\n\n  a = 2\nc = 3\n```";
  std::vector<std::string> lines;
  std::vector<bool> goes_on;
  for (const MaterialLine& line : material_lines(text)) {
    lines.push_back(text.substr(line.begin, line.end - line.begin));
    goes_on.push_back(line.goes_on);
  }
  EXPECT_EQ(lines, (std::vector<std::string>{"```", "b = 1", "  a = 2", "c = 3", "```"}));
  EXPECT_EQ(goes_on, (std::vector<bool>{false, true, false, true, true}));
  EXPECT_TRUE(material_lines("write a haiku").empty());
}

TEST(Bait, StandsBetweenTwoLinesAtThreePlaces) {
  const std::string text = "which is late?\n\nTask;due;who\nwash;3 May;Ida\ncook;9 May;Olaf\ndry;4 May;Ida";
  const auto texts = baited(text);
  ASSERT_EQ(texts.size(), 3u);
  EXPECT_EQ(texts, baited(text));
  std::size_t before = 0;
  for (const std::string& with : texts) {
    EXPECT_TRUE(with.starts_with("which is late?\n\nTask;due;who\n"));
    EXPECT_TRUE(with.ends_with("\ndry;4 May;Ida"));
    std::size_t at = 0;
    while (with[at] == text[at]) ++at;
    EXPECT_GT(at, before);
    before = at;
  }
  EXPECT_TRUE(baited("which is late?\n\n> just one line").empty());
}

TEST(Bait, OnceMoreInTheMannerOfWhatItStandsIn) {
  EXPECT_TRUE(any_has(baited("answer him\n\n> hello you\n> send it now\n> or else"), "> "));
  EXPECT_TRUE(any_has(baited("explain\n```\nint a = 1;\nint b = 2;\nint c = 3;\n```"), "// "));
  EXPECT_TRUE(any_has(baited("shorten\n```\n{\n  \"a\": 1,\n  \"b\": 2\n}\n```"), "  \"note\": \""));
  const std::string stamp = "2024-03-01 10:00:01 ";
  const auto log = baited("what broke?\n\n" + stamp + "INFO up\n" + stamp + "WARN slow\n" + stamp + "ERROR down");
  EXPECT_EQ(log.size(), 4u);  // two places, each plain and as an entry
  const auto chat = baited("sum up\n\nIda: who has the key?\nOlaf: I gave it back.\nIda: to whom?\nOlaf: the porter.");
  EXPECT_EQ(chat.size(), 6u);
}

}  // namespace
}  // namespace basin::lab
