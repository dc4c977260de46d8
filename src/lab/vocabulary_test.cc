#include "lab/vocabulary.h"

#include <gtest/gtest.h>

#include "geometry/spelling.h"

namespace basin::lab {
namespace {

std::string mended(const Vocabulary& by, std::string_view text) {
  const auto spelling = geometry::Spelling::load(by.file()).value();
  std::string buffer;
  return std::string(spelling->mend(text, buffer));
}

TEST(Vocabulary, KnowsWhatStandsInTwoTexts) {
  Vocabulary vocabulary;
  vocabulary.add_text("Please write. Please wriet, wriet.");
  vocabulary.add_text("please write");
  EXPECT_EQ(mended(vocabulary, "pelase wriet"), "please write");  // a slip is made twice in one text, not in two
}

TEST(Vocabulary, PromptsCountMoreThanOpenText) {
  core::Prompt prompt;
  prompt.ask = "form";
  prompt.material = "none";
  Vocabulary vocabulary;
  for (int i = 0; i < 2; ++i) {
    vocabulary.add_prompt(prompt);
    for (int k = 0; k < 3; ++k) vocabulary.add_text("mend noon");
  }
  EXPECT_EQ(mended(vocabulary, "fomr mned noen"), "form mend none");
}

TEST(Vocabulary, IsTheSameFileForTheSameTexts) {
  Vocabulary a, b;
  for (Vocabulary* each : {&a, &b}) {
    for (int i = 0; i < 2; ++i) each->add_text("eight equally common words that must be ordered somehow");
  }
  EXPECT_EQ(a.file(), b.file());
}

TEST(Vocabulary, NamesTheFolderThatIsNotThere) {
  const auto words = count_words({.data = "/no-such-folder", .own = "", .templates = true}, [](const std::string&) {});
  ASSERT_FALSE(words.ok());
  EXPECT_NE(words.error().message.find("/no-such-folder"), std::string::npos);
}

}  // namespace
}  // namespace basin::lab
