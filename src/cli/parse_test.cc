#include "cli/parse.h"

#include <gtest/gtest.h>

#include "cli/options.h"

namespace basin::cli {
namespace {

struct Bound {
  bool verbose = false;
  int port = 0;
  double share = 0;
  std::optional<std::uint32_t> limit;
  std::string name, kind;
  std::vector<std::string> tags, words;
  Options options;

  Bound() {
    options.flag("-v,--verbose", verbose, "say more")
        .number("-p,--port", "PORT", port, "where", 0, 65535)
        .number("--share", "X", share, "part", 0, 1)
        .number("--limit", "N", limit, "most", 1, 100)
        .text("--name", "NAME", name, "who")
        .choice("--kind", "KIND", {"small", "large"}, "which", [this](std::string_view k) { kind = k; })
        .texts("--tag", "TAG", tags, "marks")
        .arguments("WORD", words, "the words");
  }
  std::string complaint(const std::vector<std::string>& typed) {
    const auto parsed = parse(options, typed);
    return parsed ? "" : parsed.error().message;
  }
};

using Words = std::vector<std::string>;

TEST(Parse, BindsFlagsValuesAndArgumentsInAnyOrder) {
  Bound bound;
  EXPECT_EQ(bound.complaint({"one", "-p", "80", "two", "--verbose", "--share=.5", "--tag", "a", "--tag", "b", "--kind",
                             "large", "--name", "x y", "three"}),
            "");
  EXPECT_TRUE(bound.verbose);
  EXPECT_EQ(bound.port, 80);
  EXPECT_EQ(bound.share, 0.5);
  EXPECT_EQ(bound.limit, std::nullopt);
  EXPECT_EQ(bound.name, "x y");
  EXPECT_EQ(bound.kind, "large");
  EXPECT_EQ(bound.tags, (Words{"a", "b"}));
  EXPECT_EQ(bound.words, (Words{"one", "two", "three"}));
}

TEST(Parse, ArgumentsArriveAsTyped) {
  for (const std::string word : {"[1, 2]", "{}", "-", "a=b", "", "\"quoted\"", "# no remark", "%s", "++x", "ünï"}) {
    Bound bound;
    EXPECT_EQ(bound.complaint({word}), "") << word;
    EXPECT_EQ(bound.words, Words{word});
  }
}

TEST(Parse, ShortFlagsMayStandTogether) {
  Bound bound;
  EXPECT_EQ(bound.complaint({"-vp80"}), "");
  EXPECT_TRUE(bound.verbose);
  EXPECT_EQ(bound.port, 80);
  EXPECT_EQ(Bound().complaint({"-vx"}), "unknown option -x");
  EXPECT_NE(Bound().complaint({"-p"}), "");
}

TEST(Parse, BehindTwoDashesAllWordsAreArguments) {
  Bound bound;
  EXPECT_EQ(bound.complaint({"--", "--verbose", "-p"}), "");
  EXPECT_FALSE(bound.verbose);
  EXPECT_EQ(bound.words, (Words{"--verbose", "-p"}));
}

TEST(Parse, NumbersAreCheckedAtTheirEnds) {
  EXPECT_EQ(Bound().complaint({"--port", "65535"}), "");
  EXPECT_EQ(Bound().complaint({"--port", "65536"}), "--port 65536: a number from 0 to 65535 is wanted");
  EXPECT_NE(Bound().complaint({"--port", "8o"}), "");
  EXPECT_NE(Bound().complaint({"--port", "1.5"}), "");
  EXPECT_NE(Bound().complaint({"--share", "nan"}), "");
  EXPECT_NE(Bound().complaint({"--limit", "0"}), "");
}

TEST(Parse, ValuesArriveAsTyped) {
  for (const std::string value : {"[1, 2]", "-x", "--verbose", "a=b", "{}"}) {
    Bound bound;
    EXPECT_EQ(bound.complaint({"--name", value, "--tag", value, "word"}), "") << value;
    EXPECT_EQ(bound.name, value);
    EXPECT_EQ(bound.tags, Words{value});
    EXPECT_EQ(bound.words, Words{"word"});
  }
  Bound bound;
  EXPECT_EQ(bound.complaint({"--name", "first", "--name=second"}), "");
  EXPECT_EQ(bound.name, "second");
}

TEST(Parse, NamesWhatIsWrong) {
  EXPECT_EQ(Bound().complaint({"--verbos"}), "unknown option --verbos (did you mean `--verbose`?)");
  EXPECT_EQ(Bound().complaint({"--kind", "smal"}),
            "--kind smal: one of small, large is wanted (did you mean `small`?)");
  EXPECT_EQ(Bound().complaint({"--name"}), "--name needs a value");
  EXPECT_EQ(Bound().complaint({"--verbose=yes"}), "--verbose takes no value");
  EXPECT_EQ(Bound().complaint({"--name", ""}), "--name \"\": must not be empty");
}

TEST(Parse, ARequiredArgumentIsAskedFor) {
  std::string file;
  Options options;
  options.argument("FILE", file, "what", true);
  EXPECT_EQ(parse(options, {}).error().message, "FILE is missing");
  EXPECT_TRUE(parse(options, Words{"x"}).ok());
  EXPECT_EQ(file, "x");
  EXPECT_EQ(parse(options, Words{"x", "y"}).error().message, "unexpected argument \"y\"");
}

}  // namespace
}  // namespace basin::cli
