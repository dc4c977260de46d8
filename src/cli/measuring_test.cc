// explain.cc, score.cc, eval.cc, eval_outcomes.cc, train.cc, train_ability.cc: the commands that measure, run as
// programs.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

using test::run;

class Measuring : public ::testing::Test {
 protected:
  Measuring() : folder_(std::filesystem::temp_directory_path() / ("basin_measuring_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Measuring() override { std::filesystem::remove_all(folder_); }
  std::string file(const std::string& name, std::string_view text) const {
    const std::string path = folder_ / name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    return path;
  }
  static std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> all;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) all.push_back(line);
    return all;
  }
  std::filesystem::path folder_;
};

TEST_F(Measuring, ExplainShowsEveryFigure) {
  const auto answer = run({"explain", "fix the grammar: me and him goes home"});
  EXPECT_EQ(answer.exit, 0);
  for (const char* row : {"tier", "P(small ok)", "dI", "D ", "difficulty", "kind", "ask", "tips"})
    EXPECT_NE(answer.out.find(row), std::string::npos) << row;
  EXPECT_EQ(answer.out.find('\x1b'), std::string::npos);  // a pipe is plain
  EXPECT_NE(run({"explain", "hello", "--color", "always"}).out.find('\x1b'), std::string::npos);
}

TEST_F(Measuring, ExplainReadsFilesAndSaysWhatIsWrong) {
  const std::string prompt = file("p.txt", "sort: b, a, c and then d");
  EXPECT_TRUE(run({"explain", "-f", prompt, "--json"}).out.starts_with("{\"schema\":\"basin.decision/1\""));
  EXPECT_EQ(run({"explain", "-f", prompt, "more"}).exit, 2);
  EXPECT_EQ(run({"explain", "-f", folder_ / "missing"}).exit, 2);
  EXPECT_EQ(run({"explain", "  "}).exit, 2);
  EXPECT_EQ(run({"explain", "x", "--weights", prompt}).exit, 2);  // not a weight file
}

TEST_F(Measuring, ExplainKeepsAPromptFromSteeringTheTerminal) {
  const std::string out = run({"explain", "fix \x1b[2J\x07 \xc2\x9b \xff this"}).out;
  EXPECT_EQ(out.find('\x1b'), std::string::npos);
  EXPECT_EQ(out.find('\x07'), std::string::npos);
  EXPECT_EQ(out.find("\xc2\x9b"), std::string::npos);
  EXPECT_NE(out.find("\xef\xbf\xbd"), std::string::npos);
}

TEST_F(Measuring, ATornBodyIsMeasuredAsAPromptAndSaid) {
  const auto torn = run({"explain", R"({"model":"m","messages":[{"role":"user","content":"hi"})"});
  EXPECT_EQ(torn.exit, 0);
  EXPECT_NE(torn.err.find("no whole JSON"), std::string::npos) << torn.err;
  EXPECT_EQ(run({"explain", R"({"model":"m","messages":[{"role":"user","content":"hi"}]})"}).err, "");
  EXPECT_EQ(run({"explain", "{\"a\": fix this"}).err, "");
}

TEST_F(Measuring, WhatCannotBeReadIsNamed) {
  const std::string words = file("words", "no weights");
  EXPECT_NE(run({"explain", "x", "--weights", words}).err.find(words), std::string::npos);
  EXPECT_NE(run({"score", folder_}).err.find("Is a directory"), std::string::npos);
  EXPECT_NE(run({"score", folder_ / "missing"}).err.find("No such file"), std::string::npos);
}

TEST_F(Measuring, ARowSaysWhatIsWrongWithIt) {
  const auto out = lines(run({"score", file("rows.jsonl",
                                            "{\"id\":1,\"prompt\":5}\n{\"id\":2,\"prompt\":\" \"}\n\r\n"
                                            "{\"id\":3,\"messages\":\"hi\"}\n{\"id\":4,\"messages\":[]}\n"
                                            "{\"id\":5,\"prompt\":null,\"input\":\"sort b, a\"}\n")})
                             .out);
  ASSERT_EQ(out.size(), 5u);
  EXPECT_NE(out[0].find("must be a string"), std::string::npos) << out[0];
  EXPECT_NE(out[1].find("the prompt is empty"), std::string::npos) << out[1];
  EXPECT_NE(out[2].find("must be an array"), std::string::npos) << out[2];
  EXPECT_NE(out[3].find("the prompt is empty"), std::string::npos) << out[3];
  EXPECT_NE(out[4].find("\"tier\":"), std::string::npos) << out[4];
}

TEST_F(Measuring, ScoreKeepsTheOrderAndGoesOnAfterBadRows) {
  std::string rows;
  for (int i = 0; i < 5000; ++i)
    rows += "{\"id\":" + std::to_string(i) + ",\"prompt\":\"sort row " + std::to_string(i) + "\"}\n";
  rows += "{\"id\":\"bad\"}\nnot json\n";
  rows += "{\"id\":[1,2],\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}\n";
  const auto answer = run({"score", file("rows.jsonl", rows)});
  EXPECT_EQ(answer.exit, 0);
  const auto out = lines(answer.out);
  ASSERT_EQ(out.size(), 5003u);
  for (int i = 0; i < 5000; i += 617) EXPECT_NE(out[i].find("\"id\":" + std::to_string(i) + ","), std::string::npos);
  EXPECT_NE(out[5000].find("\"id\":\"bad\",\"line\":5001,\"error\":"), std::string::npos);
  EXPECT_NE(out[5001].find("\"id\":null,\"line\":5002,\"error\":"), std::string::npos);
  EXPECT_NE(out[5002].find("\"id\":[1,2],\"action\":"), std::string::npos);
}

TEST_F(Measuring, EvalPrintsFiguresAndMindsTheRequirement) {
  const std::string rows =
      file("gold.jsonl",
           "{\"id\":\"a\",\"prompt\":\"fix the typo in README\",\"tier\":\"small\",\"family\":\"f\",\"pair\":\"p\"}\n"
           "{\"id\":\"b\",\"prompt\":\"prove the four colour theorem without a "
           "computer\",\"tier\":\"large\",\"pair\":\"p\"}\n");
  const auto json = run({"eval", rows, "--json"});
  EXPECT_EQ(json.exit, 0);
  EXPECT_TRUE(json.out.starts_with("{\"schema\":\"basin.eval/1\",\"n\":2"));
  EXPECT_NE(run({"eval", rows}).out.find("baseline length"), std::string::npos);
  EXPECT_EQ(run({"eval", rows, "--require", "auc=.9"}).exit, 0);
  EXPECT_EQ(run({"eval", rows, "--require", "auc=1.1"}).exit, 1);
  EXPECT_EQ(run({"eval", rows, "--require", "luck=1"}).exit, 2);
  EXPECT_EQ(run({"eval", rows, "--require", "auc=nan"}).exit, 2);
  EXPECT_EQ(run({"eval"}).exit, 2);
  EXPECT_EQ(run({"eval", file("one.jsonl", "{\"prompt\":\"x\",\"tier\":\"small\"}\n")}).exit, 3);
  EXPECT_NE(json.out.find("\"flips_n\":{"), std::string::npos);
  EXPECT_EQ(run({"eval", rows, "--svg", folder_ / "report.svg"}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(folder_ / "report.svg"));
  EXPECT_EQ(run({"eval", rows, "--svg", rows + "/report.svg"}).exit, 2);  // a file is no folder
  EXPECT_EQ(json.out.find("\"\":"), std::string::npos);                   // rows without a family are no group
  EXPECT_EQ(run({"eval", file("none.jsonl", "{\"prompt\":\"x\"}\n")}).exit, 3);
}

TEST_F(Measuring, TrainMakesAFileThatExplainReads) {
  std::string rows;
  for (int i = 0; i < 40; ++i) {
    rows += "{\"id\":\"" + std::to_string(i) + "\",\"source\":\"s\",\"prompt\":\"" +
            (i % 2 ? "prove claim " : "tidy note ") + std::to_string(i) + "\",\"tier\":\"" +
            (i % 2 ? "large" : "small") + "\",\"delta_info\":1,\"depth\":1}\n";
  }
  file("data/real_labelled.jsonl.gz", rows);  // plain text is read as well
  file("data/real_unlabelled.jsonl.gz", "{\"id\":\"u\",\"prompt\":\"another\"}\n");
  const std::string out = folder_ / "w";
  const auto trained =
      run({"train", "--data", folder_ / "data", "--own", folder_ / "nothing", "--out", out, "--quiet"});
  EXPECT_EQ(trained.exit, 0) << trained.err;
  EXPECT_EQ(run({"explain", "tidy note 7", "--weights", out}).exit, 0);
  EXPECT_EQ(run({"train", "--out", out}).exit, 2);
  const auto nowhere = run({"train", "--data", folder_ / "data", "--out", folder_ / "no/such/w"});
  EXPECT_EQ(nowhere.exit, 2);
  EXPECT_NE(nowhere.err.find("there is no folder"), std::string::npos) << nowhere.err;
  EXPECT_EQ(run({"train", "--data", folder_ / "missing", "--out", out}).exit, 2);

  file("data/text/open.txt.gz", "tidy the notes\n\nprove the claim\n");
  const std::string words = folder_ / "s";
  EXPECT_EQ(
      run({"train", "--data", folder_ / "data", "--own", folder_ / "nothing", "--spelling", words, "--quiet"}).exit, 0);
  std::ifstream made(words);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(made), {}).substr(0, 8), "basin.s\n");
  const auto no_folder = run({"train", "--data", folder_ / "data", "--spelling", folder_ / "no/such/s"});
  EXPECT_EQ(no_folder.exit, 2);
  EXPECT_NE(no_folder.err.find("--spelling: there is no folder"), std::string::npos) << no_folder.err;
}

TEST_F(Measuring, AMistypedAskIsMeasuredAsTheOneThatWasMeant) {
  const std::string rows = file("r.jsonl", R"({"id":1,"prompt":"Translate this letter into German and keep it short"})"
                                           "\n"
                                           R"({"id":1,"prompt":"Transalte this lettter into German and keep it short"})"
                                           "\n");
  const auto typed = lines(run({"score", rows}).out);
  ASSERT_EQ(typed.size(), 2u);
  const auto measured = [](const std::string& line) { return line.substr(0, line.find("\"ask\"")); };
  EXPECT_EQ(measured(typed[0]), measured(typed[1]));
  EXPECT_NE(typed[1].find("Transalte this lettter"), std::string::npos);  // the record shows what was typed
  const auto mended = lines(run({"score", "--mended", rows}).out);
  ASSERT_EQ(mended.size(), 2u);
  EXPECT_EQ(mended[0], mended[1]);
}

TEST_F(Measuring, EvalTellsWhatMendingIsWorth) {
  const std::string rows =
      file("typed.jsonl",
           R"({"id":"a","prompt":"Plaese prvoe that every bounded monotone sequence converges","tier":"large"})"
           "\n"
           R"({"id":"b","prompt":"fix the gramamr of this line: me goes home","tier":"small"})"
           "\n");
  const auto mended = run({"eval", rows, "--json"}), typed = run({"eval", rows, "--json", "--as-typed"});
  EXPECT_EQ(mended.exit, 0) << mended.err;
  EXPECT_EQ(typed.exit, 0) << typed.err;
  EXPECT_NE(mended.out, typed.out);  // the calibration error, at least
}

std::string outcome_rows() {
  std::string rows;
  for (int i = 0; i < 24; ++i) {
    const std::string number = std::to_string(i);
    rows += R"({"prompt":"add )" + number + " and " + number + R"(","task":"sums","scores":{"qwen2.5-3b":)" +
            (i % 2 == 0 ? "1" : "0") + R"(,"qwen2.5-72b":1,"nobody":0}})" + "\n";
  }
  return rows;
}

TEST_F(Measuring, EvalRoutesOutcomeRows) {
  const std::string rows = file("scores.jsonl", outcome_rows()),
                    seen = file("seen.jsonl", R"({"prompt":"add 3 and 3"})");
  const auto missing = run({"eval", rows});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_NE(missing.err.find("--weak"), std::string::npos) << missing.err;
  const std::vector<std::string> question = {"eval", rows, "--weak", "qwen2.5-3b", "--strong", "qwen2.5-72b"};
  const auto people = run(question);
  EXPECT_EQ(people.exit, 0) << people.err;
  for (const char* word : {"ability", "difficulty", "length", "words", "random", "oracle", "APGR", "best single"})
    EXPECT_NE(people.out.find(word), std::string::npos) << word;
  auto more = question;
  more.insert(more.end(), {"--json", "--without", seen, "--svg", folder_ / "curve.svg"});
  const auto json = run(more);
  EXPECT_TRUE(json.out.starts_with(R"({"schema":"basin.eval.outcomes/1","n":23,)")) << json.out;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "curve.svg"));
  EXPECT_EQ(run({"eval", rows, "--weak", "qwen2.5-3", "--strong", "nobody"}).exit, 2);
}

TEST_F(Measuring, TrainFitsAbility) {
  file("outcomes/set.jsonl", outcome_rows());
  const std::string out = folder_ / "fit.inc";
  const auto fitted = run({"train", "--outcomes", folder_ / "outcomes", "--out", out});
  EXPECT_EQ(fitted.exit, 0) << fitted.err;
  std::stringstream source;
  source << std::ifstream(out).rdbuf();
  EXPECT_NE(source.str().find("kAbility"), std::string::npos);
  EXPECT_EQ(run({"train", "--outcomes", folder_ / "nothing", "--out", out}).exit, 2);
}

}  // namespace
}  // namespace basin::cli
