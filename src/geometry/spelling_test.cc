#include "geometry/spelling.h"

#include <gtest/gtest.h>

namespace basin::geometry {
namespace {

const std::vector<std::string> kWords = {"that",     "this",   "from",       "write",   "please",  "email",
                                         "summary",  "form",   "письмо",     "größe",   "summers", "translate",
                                         "received", "simmer", "definition", "relieved"};

std::shared_ptr<const Spelling> spelling(std::size_t repaired = kWords.size()) {
  return std::move(Spelling::load(encode_spelling(kWords, repaired))).value();
}
// The words stand in a text that is known, so that it is not taken for one in another language.
std::string mended(std::string_view text, const Spelling& by = *spelling()) {
  const std::string known = "please write this; please write that; please write this; ";
  std::string buffer;
  const std::string all(by.mend(known + std::string(text), buffer));
  EXPECT_TRUE(all.starts_with(known));
  return all.substr(known.size());
}
std::string mended_alone(std::string_view text) {
  std::string buffer;
  return std::string(spelling()->mend(text, buffer));
}
std::string complaint(std::string bytes) {
  const auto loaded = Spelling::load(std::move(bytes));
  return loaded ? "" : loaded.error().message;
}

TEST(Spelling, MendsOneSlip) {
  EXPECT_EQ(mended("tihs thta fomr"), "this that form");        // swapped
  EXPECT_EQ(mended("pleease transslate"), "please translate");  // too many
  EXPECT_EQ(mended("plase summry"), "please summary");          // lost
  EXPECT_EQ(mended("defenition"), "definition");                // wrong
  EXPECT_EQ(mended("писмьо, gröse"), "письмо, größe");
}

TEST(Spelling, LeavesWhatIsKnownAndWhatIsFurtherAway) {
  const std::string text = "please write this summary, and that zebra crossing in pelaes";
  std::string buffer = "untouched";
  EXPECT_EQ(spelling()->mend(text, buffer).data(), text.data());  // no copy
  EXPECT_EQ(buffer, "untouched");
  // The first letter is not mistyped, and the last is grammar.
  EXPECT_EQ(mended("blease lease pleases formed emails"), "blease lease pleases formed emails");
}

TEST(Spelling, KeepsTheRestAndTheCase) {
  EXPECT_EQ(mended_alone("  Wirte \"tihs\",\n\n`tihs` Pelase..."), "  Write \"this\",\n\n`tihs` Please...");
  EXPECT_EQ(mended_alone("Письом"), "Письмо");
  EXPECT_EQ(mended_alone("Rwite"), "Write");
}

TEST(Spelling, TakesTheLikeliest) {
  const auto of = [](const std::vector<std::string>& words) {
    std::string buffer;
    return std::string(Spelling::load(encode_spelling(words, words.size())).value()->mend("abcde", buffer));
  };
  EXPECT_EQ(of({"abxde", "abyde"}), "abxde");    // the commoner one
  EXPECT_EQ(of({"abxde", "abdce"}), "abdce");    // swapped rather than wrong
  EXPECT_EQ(of({"abxde", "abcxde"}), "abcxde");  // lost rather than wrong
  std::vector<std::string> words = {"abxde"};
  for (char a = 'a'; a <= 'z'; ++a) words.push_back(std::string("word") + a);
  words.push_back("abdce");
  EXPECT_EQ(of(words), "abxde");  // the twenty-eighth word is a rare one
}

TEST(Spelling, OfWhatMayBeANameOnlySwapsAreMended) {
  EXPECT_EQ(mended("ask Pleease and Plaese"), "ask Pleease and Please");
  EXPECT_EQ(mended("thas frrm fomr wrte"), "thas frrm form write");  // four letters may be a short form
}

TEST(Spelling, OfALanguageThatIsNotKnownOnlySwapsAreMended) {
  EXPECT_EQ(mended_alone("pleease koira kissa talo tihs"), "pleease koira kissa talo this");
  EXPECT_EQ(mended_alone("pleease write this email koira"), "please write this email koira");
}

TEST(Spelling, LostAndWrongLettersAreRepairedInTheFirstWords) {
  EXPECT_EQ(mended("wrte emal", *spelling(5)), "write emal");
  EXPECT_EQ(mended("wrte emal", *spelling(6)), "write email");
  EXPECT_EQ(mended("eamil emaail", *spelling(5)), "email email");
}

TEST(Spelling, LooksUpABoundedNumberOfWords) {
  std::string many, meant;
  for (std::size_t i = 0; i < Spelling::kLookups; ++i) many += "tihs ", meant += "this ";
  EXPECT_EQ(mended_alone(many), meant);
  EXPECT_EQ(mended_alone(many + "tihs"), meant + "tihs");
}

TEST(Spelling, FileCutAnywhereOrFlippedIsRefused) {
  const std::string bytes = encode_spelling(kWords, kWords.size());
  EXPECT_EQ(complaint(bytes), "");
  for (std::size_t n = 0; n < bytes.size(); n += n < 300 ? 1 : 64) EXPECT_NE(complaint(bytes.substr(0, n)), "") << n;
  EXPECT_NE(complaint(bytes + std::string(128, '\0')), "");
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    EXPECT_NE(complaint(damaged), "") << at;
  }
}

TEST(Spelling, FileOfAnotherVersionSaysWhatToDo) {
  std::string bytes = encode_spelling(kWords, 3);
  bytes[8] = 2;
  EXPECT_NE(complaint(bytes).find("basin train --spelling"), std::string::npos);
  EXPECT_NE(complaint("basin.w\n").find("not a file of known words"), std::string::npos);
}

TEST(Spelling, FileMayHoldNothing) {
  EXPECT_EQ(mended("tihs thsi", *Spelling::load(encode_spelling({}, 0)).value()), "tihs thsi");
}

}  // namespace
}  // namespace basin::geometry
