#include "cli/terminal.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

#include <csignal>

#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

config::Environment with(config::Environment::Variables variables) { return config::Environment(std::move(variables)); }

// A terminal of 100 columns without a person.
class Pty {
 public:
  Pty() {
    winsize window{};
    window.ws_row = 24;
    window.ws_col = 100;
    EXPECT_EQ(openpty(&master_, &slave_, nullptr, nullptr, &window), 0);
  }
  ~Pty() {
    close(master_);
    close(slave_);
  }
  int fd() const { return slave_; }

 private:
  int master_ = -1, slave_ = -1;
};

TEST(Terminal, ColorFollowsTheTerminalTheVariableAndTheFlag) {
  const Pty pty;
  const auto xterm = with({{"TERM", "xterm"}});
  EXPECT_TRUE(Terminal(pty.fd(), Color::automatic, xterm).colored());
  EXPECT_FALSE(Terminal(pty.fd(), Color::automatic, with({{"TERM", "xterm"}, {"NO_COLOR", "1"}})).colored());
  EXPECT_FALSE(Terminal(pty.fd(), Color::automatic, with({{"TERM", "dumb"}})).colored());
  EXPECT_FALSE(Terminal(pty.fd(), Color::never, xterm).colored());
  const int file = memfd_create("file", 0);
  EXPECT_FALSE(Terminal(file, Color::automatic, xterm).colored());
  EXPECT_TRUE(Terminal(file, Color::always, with({{"NO_COLOR", "1"}})).colored());
  close(file);
}

TEST(Terminal, WidthIsTheWindowsOrColumns) {
  const Pty pty;
  EXPECT_EQ(Terminal(pty.fd(), Color::never, with({})).width(), 100);
  EXPECT_EQ(Terminal(pty.fd(), Color::never, with({{"COLUMNS", "40"}})).width(), 40);
  EXPECT_EQ(Terminal(pty.fd(), Color::never, with({{"COLUMNS", "39"}})).width(), 100);
  EXPECT_EQ(Terminal(-1, Color::never, with({{"COLUMNS", "x"}})).width(), 80);
  EXPECT_TRUE(Terminal(pty.fd(), Color::never, with({})).interactive());
  EXPECT_FALSE(Terminal(-1, Color::never, with({})).interactive());
}

TEST(Terminal, PaintsOnlyWhatIsColored) {
  const Terminal plain(-1, Color::never, with({})), colored(-1, Color::always, with({}));
  EXPECT_EQ(plain.paint(Style::bad, "x"), "x");
  EXPECT_EQ(colored.paint(Style::bad, "x"), "\x1b[31mx\x1b[0m");
  EXPECT_EQ(colored.paint(Style::plain, "x"), "x");
  EXPECT_EQ(colored.paint(Style::bold, ""), "");
}

TEST(Terminal, AFullDiskIsAProblem) {
  const int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (full < 0) GTEST_SKIP() << "no /dev/full here";
  Terminal out(full, Color::never, with({}));
  out.line("lost");
  EXPECT_TRUE(out.closed());
  EXPECT_EQ(out.problem(), ENOSPC);
  const int err = memfd_create("err", 0);
  EXPECT_EQ(run_program(std::vector<std::string>{"version"}, with({}), full, err), 2);
  EXPECT_NE(test::drain(err).find("cannot be written"), std::string::npos);
  close(full);
}

TEST(Terminal, AReaderThatIsGoneIsNoticedAndNotAnError) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  Terminal out(ends[1], Color::never, with({}));
  out.line("heard");
  EXPECT_FALSE(out.closed());
  close(ends[0]);
  out.line("unheard");
  EXPECT_TRUE(out.closed());
  EXPECT_EQ(out.problem(), 0);
  out.line("dropped");
  close(ends[1]);
}

}  // namespace
}  // namespace basin::cli
