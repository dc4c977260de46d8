// calibrate.cc, run as a program.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

using test::run;

class Calibrating : public ::testing::Test {
 protected:
  Calibrating() : folder_(std::filesystem::temp_directory_path() / ("basin_calibrating_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~Calibrating() override { std::filesystem::remove_all(folder_); }
  // So many easy and so many hard prompts, with what became of them.
  std::string rows(std::size_t easy, std::size_t hard) const {
    const std::string path = folder_ / "rows.jsonl";
    std::ofstream out(path);
    for (std::size_t i = 0; i < easy; ++i)
      out << R"({"prompt":"fix the typos: teh cat sta on the mat","ok":true})" << '\n';
    for (std::size_t i = 0; i < hard; ++i)
      out << R"({"prompt":"Prove that every finite group of odd order is solvable, and explain each step","ok":false})"
          << '\n';
    return path;
  }
  std::filesystem::path folder_;
};

TEST_F(Calibrating, PrintsALineForTheConfiguration) {
  const auto answer = run({"calibrate", rows(200, 40), "--worse", "2%"});
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_TRUE(answer.out.starts_with("target_risk = 0.")) << answer.out;
  const auto json = run({"calibrate", rows(200, 40), "--worse", ".02", "--confidence", "90%", "--json"});
  EXPECT_TRUE(json.out.starts_with("{\"schema\":\"basin.calibration/1\",\"n\":240,\"worse_wanted\":0.02,")) << json.out;
  EXPECT_NE(json.out.find("\"target_risk\":0."), std::string::npos);
}

TEST_F(Calibrating, SaysHowMuchIsMissing) {
  const auto few = run({"calibrate", rows(100, 0), "--worse", "2%"});
  EXPECT_EQ(few.exit, 3);
  EXPECT_NE(few.err.find("49 more"), std::string::npos) << few.err;
  const auto json = run({"calibrate", rows(100, 0), "--worse", "2%", "--json"});
  EXPECT_EQ(json.exit, 3);
  EXPECT_NE(json.out.find("\"target_risk\":null,\"least_rows\":149,\"missing_rows\":49"), std::string::npos)
      << json.out;
  EXPECT_EQ(run({"calibrate", rows(0, 300), "--worse", "2%"}).exit, 3);  // rows enough, and nothing easy among them
}

TEST_F(Calibrating, KeepsWithinAQuota) {
  const auto answer = run({"calibrate", rows(100, 100), "--large-per-day", "30", "--days", "5"});
  EXPECT_EQ(answer.exit, 0) << answer.err;
  EXPECT_TRUE(answer.out.starts_with("target_risk = ")) << answer.out;
  EXPECT_EQ(run({"calibrate", rows(1, 1), "--large-per-day", "1", "--days", "1"}).exit, 3);
}

TEST_F(Calibrating, WrongQuestionsAreUsage) {
  const std::string file = rows(1, 0);
  EXPECT_EQ(run({"calibrate", file}).exit, 2);
  EXPECT_EQ(run({"calibrate", file, "--worse", "2%", "--large-per-day", "3"}).exit, 2);
  EXPECT_EQ(run({"calibrate", file, "--worse", "200%"}).exit, 2);
  EXPECT_EQ(run({"calibrate", file, "--worse", "2%", "--confidence", "1"}).exit, 2);
  EXPECT_EQ(run({"calibrate", file, "--large-per-day", "3"}).exit, 2);
  std::ofstream(folder_ / "bad.jsonl") << R"({"prompt":"x","ok":"yes"})" << '\n';
  const auto bad = run({"calibrate", folder_ / "bad.jsonl", "--worse", "2%"});
  EXPECT_EQ(bad.exit, 2);
  EXPECT_NE(bad.err.find("row 1"), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
