#include "cli/watched_program.h"

#include <gtest/gtest.h>
#include <poll.h>

namespace basin::cli {
namespace {

struct Shell : WatchedProgram {
  explicit Shell(const std::string& script) : WatchedProgram({.words = {"/bin/sh", "-c", script}, .variables = {}}) {}
  bool ready() override { return true; }
  std::string end() {
    for (;;) {
      if (const auto how = ended()) return *how;
      poll(nullptr, 0, 5);
    }
  }
};

TEST(WatchedProgram, TellsHowItEndedAndItsLastLines) {
  Shell shell("for i in 1 2 3 4; do echo line $i; done; echo wrong >&2; exit 3");
  ASSERT_TRUE(shell.start().ok());
  EXPECT_EQ(shell.end(), "exit code 3");
  EXPECT_EQ(shell.last_lines(2), "line 4\nwrong");
  EXPECT_EQ(shell.last_lines(100), "line 1\nline 2\nline 3\nline 4\nwrong");
  ASSERT_TRUE(shell.start().ok());  // and once more
  EXPECT_EQ(shell.end(), "exit code 3");
  Shell killed("kill -9 $$");
  ASSERT_TRUE(killed.start().ok());
  EXPECT_EQ(killed.end(), "signal 9");
}

TEST(WatchedProgram, KeepsTheEndOfALongLog) {
  Shell shell(
      "i=0; while [ $i -lt 3000 ]; do echo 0123456789012345678901234567890123456789; i=$((i+1)); done; echo end");
  ASSERT_TRUE(shell.start().ok());
  shell.end();
  EXPECT_EQ(shell.last_lines(1), "end");
  EXPECT_LE(shell.last_lines(100'000).size(), 2 * kTailLimit);
}

TEST(WatchedProgram, StopsWhatRuns) {
  Shell shell("exec sleep 1000");
  ASSERT_TRUE(shell.start().ok());
  EXPECT_FALSE(shell.ended());
  shell.stop();
  EXPECT_TRUE(shell.ended());
  Shell none("true");
  none.stop();
}

}  // namespace
}  // namespace basin::cli
