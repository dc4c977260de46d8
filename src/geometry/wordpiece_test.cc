#include "geometry/wordpiece.h"

#include <gtest/gtest.h>

#include "geometry/encoder_file.h"
#include "geometry/testing.h"

namespace basin::geometry {
namespace {

// A vocabulary by itself.
class Vocabulary {
 public:
  explicit Vocabulary(std::vector<std::string> words) : parts_(random_encoder(1)) {
    for (const std::string& word : words) parts_.words.push_back(word);
    parts_.word_scale.resize(parts_.words.size());
    parts_.word_levels.resize(parts_.words.size() * parts_.width);
    bytes_ = encode(parts_);
    view_ = view_encoder(bytes_).value();
    auto found = Wordpieces::over(view_);
    if (!found)
      error_ = found.error().message;
    else
      pieces_ = *found;
  }

  // Without [CLS] and [SEP], parted by blanks.
  std::string cut(std::string_view text, std::uint32_t limit = 96) {
    pieces_.read(text, limit, scratch_);
    EXPECT_LE(scratch_.ids.size(), limit);
    std::string all;
    for (const std::uint32_t id : scratch_.ids) all += (all.empty() ? "" : " ") + parts_.words[id];
    EXPECT_TRUE(all.starts_with("[CLS] ") && all.ends_with("[SEP]")) << all;
    return all.size() <= 11 ? "" : all.substr(6, all.size() - 12);
  }
  std::size_t size() const { return scratch_.ids.size(); }
  const std::string& error() const { return error_; }

 private:
  EncoderParts parts_;
  std::string bytes_, error_;
  EncoderView view_;
  Wordpieces pieces_;
  Pieces scratch_;
};

TEST(Wordpiece, LongestPiecesFromTheLeft) {
  Vocabulary words({"fixed"});
  EXPECT_EQ(words.cut(""), "");
  EXPECT_EQ(words.cut("unaffable"), "un ##aff ##able");
  EXPECT_EQ(words.cut("proving"), "p ##r ##o ##v ##ing");
  EXPECT_EQ(words.cut("fixed fix fixe"), "fixed fix fix ##e");
}

TEST(Wordpiece, PunctuationStandsAlone) {
  Vocabulary words({"“"});
  EXPECT_EQ(words.cut("Fix: the typo(s)!"), "fix : the typo ( s ) !");
  EXPECT_EQ(words.cut("a_b `x`"), "a _ b ` x `");
  EXPECT_EQ(words.cut("“a"), "“ a");
}

TEST(Wordpiece, CaseAccentsAndControlCharactersGo) {
  Vocabulary words({"über", "ähnlich", "привет", "έ", "λογοσ", "ᄒ", "##ᅡ", "##ᆫ", "##ᄀ", "##ᅳ", "##ᆯ"});
  EXPECT_EQ(words.cut("FIX the TYPO"), "fix the typo");
  EXPECT_EQ(words.cut("f\u00edx t\u0302he"), "fix the");
  EXPECT_EQ(words.cut("ПРИВЕТ"), "привет");
  EXPECT_EQ(words.cut("ΛΌΓΟΣ"), "λογοσ");
  EXPECT_EQ(words.cut("fi\u00adx\u200b \ufeffthe"), "fix the");
  EXPECT_EQ(words.cut("한글"), "ᄒ ##ᅡ ##ᆫ ##ᄀ ##ᅳ ##ᆯ");
  EXPECT_EQ(words.cut("the\u00a0typo\u3000fix\u2028mail"), "the typo fix mail");
  EXPECT_EQ(words.cut("\u0301"), "");
}

TEST(Wordpiece, IdeographsStandAlone) {
  Vocabulary words({"修", "字", "。"});
  EXPECT_EQ(words.cut("修typo字。错"), "修 typo 字 。 [UNK]");
}

TEST(Wordpiece, WhatItCannotSpellIsUnknownAsAWhole) {
  Vocabulary words({});
  EXPECT_EQ(words.cut("fix жук the"), "fix [UNK] the");
  EXPECT_EQ(words.cut("fixж"), "[UNK]");
  EXPECT_EQ(words.cut("great\U0001F44D typo"), "[UNK] typo");
  EXPECT_EQ(words.cut("x\xff\xc3 y"), "x y");
}

TEST(Wordpiece, AWordOfAHundredCharactersAndOneMore) {
  Vocabulary words({});
  EXPECT_EQ(words.cut(std::string(100, 'x'), 2000).size(), 1 + 99 * 4u);
  EXPECT_EQ(words.cut(std::string(101, 'x'), 2000), "[UNK]");
}

TEST(Wordpiece, ALongTextKeepsItsBeginningAndItsEnd) {
  Vocabulary words({});
  std::string text;
  for (int i = 0; i < 94; ++i) text += i % 2 ? "the " : "fix, ";  // 141 pieces
  const std::string cut = words.cut(text);
  EXPECT_EQ(words.size(), 96u);
  // [CLS] and 71 pieces; 23 pieces and [SEP].
  EXPECT_TRUE(cut.starts_with("fix , the fix , the")) << cut;
  EXPECT_TRUE(cut.ends_with("the fix , the")) << cut;
  EXPECT_EQ(words.cut("fix the typo mail prove theorem fix", 8), "fix the typo mail prove fix");
  EXPECT_EQ(words.cut("fix the typo mail prove theorem", 8), "fix the typo mail prove theorem");
}

// The end is cut from the end: it must be what cutting the whole gives.
TEST(Wordpiece, TheEndIsTheEndOfTheWhole) {
  Vocabulary words({"字"});
  RandomNumbers random(4);
  for (int round = 0; round < 200; ++round) {
    std::string text;
    const std::uint32_t length = random.below(3000);
    constexpr std::string_view kMarks = " .,\n-";
    while (text.size() < length) {
      const std::uint32_t kind = random.below(20);
      if (kind < 14)
        text += static_cast<char>('a' + random.below(26));
      else if (kind < 18)
        text += round % 3 ? kMarks.substr(random.below(5), 1) : "é";
      else
        text += kind == 18 ? "字" : "\u0301";
    }
    const std::string whole = words.cut(text, 100'000), kept = words.cut(text);
    if (words.size() < 96) continue;
    const std::size_t half = kept.size() / 8;
    EXPECT_EQ(kept.substr(kept.size() - half), whole.substr(whole.size() - half));
    EXPECT_EQ(kept.substr(0, half), whole.substr(0, half));
  }
}

TEST(Wordpiece, AVocabularyMustHaveItsMarksAndNoWordTwice) {
  EXPECT_NE(Vocabulary({"fix"}).error().find("fix stands twice"), std::string::npos);
  EncoderParts parts = random_encoder(1);
  parts.words[1] = "[CLX]";
  const std::string bytes = encode(parts);
  const EncoderView view = view_encoder(bytes).value();
  EXPECT_NE(Wordpieces::over(view).error().message.find("[CLS]"), std::string::npos);
}

}  // namespace
}  // namespace basin::geometry
