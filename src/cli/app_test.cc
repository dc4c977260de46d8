#include "cli/app.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/program_for_test.h"
#include "cli/version.h"

namespace basin::cli {
namespace {

using test::run;

TEST(App, AnswersOnOutAndExitsZero) {
  const auto answer = run({"version"});
  EXPECT_EQ(answer.exit, 0);
  EXPECT_EQ(answer.out, "basin " + std::string(kVersionNumber) + "\n");
  EXPECT_EQ(answer.err, "");
  EXPECT_EQ(run({"--version"}).out, answer.out);
}

// common_flags.cc
TEST(App, CommonFlagsStandBeforeOrBehindTheCommand) {
  EXPECT_EQ(run({"--json", "version"}).out, run({"version", "--json"}).out);
  EXPECT_EQ(run({"--config", "x.toml", "--color", "never", "version"}).exit, 0);
  EXPECT_TRUE(run({"--json", "version"}).out.starts_with(R"({"schema":"basin.version/1")"));
}

TEST(App, NoCommandIsAUsageError) {
  const auto answer = run({});
  EXPECT_EQ(answer.exit, 2);
  EXPECT_EQ(answer.out, "");
  EXPECT_NE(answer.err.find("basin COMMAND"), std::string::npos);
  EXPECT_EQ(run({"--help"}).exit, 0);
  EXPECT_EQ(run({"--config"}).exit, 2);
}

TEST(App, SuggestsTheNearestCommandAndFlag) {
  const auto command = run({"verison"});
  EXPECT_EQ(command.exit, 2);
  EXPECT_NE(command.err.find("did you mean `version`?"), std::string::npos) << command.err;
  const auto flag = run({"version", "--jsno"});
  EXPECT_EQ(flag.exit, 2);
  EXPECT_NE(flag.err.find("unknown option --jsno (did you mean `--json`?)"), std::string::npos) << flag.err;
  EXPECT_NE(run({"version", "--color=neber"}).err.find("did you mean `never`?"), std::string::npos);
  EXPECT_NE(run({"help", "verison"}).err.find("did you mean `version`?"), std::string::npos);
}

TEST(App, AWrongFlagBeforeTheCommandIsWhatIsNamed) {
  EXPECT_NE(run({"--colour", "always", "version"}).err.find("--colour (did you mean `--color`?)"), std::string::npos);
  EXPECT_NE(run({"--json", "versoin"}).err.find("unknown command \"versoin\""), std::string::npos);
}

TEST(App, HelpOfHelpIsTheOverview) {
  EXPECT_EQ(run({"help", "--help"}).out, run({"help"}).out);
  EXPECT_EQ(run({"help", "help"}).exit, 0);
}

TEST(App, ATooManyArgumentIsNamed) {
  EXPECT_NE(run({"version", "twice"}).err.find("unexpected argument \"twice\""), std::string::npos);
}

TEST(App, ColorOnlyWhereItIsWanted) {
  EXPECT_EQ(run({"help", "version"}).out.find('\x1b'), std::string::npos);  // not a terminal
}

TEST(App, EveryCommandHasHelpWithASummaryAndTheOverviewNamesIt) {
  const std::string overview = run({"--help"}).out;
  for (const CommandInfo* info : commands()) {
    const auto answer = run({"help", std::string(info->name)});
    EXPECT_EQ(answer.exit, 0) << info->name;
    EXPECT_NE(answer.out.find(info->summary), std::string::npos) << info->name;
    EXPECT_FALSE(info->summary.ends_with('.')) << info->name;
    if (info->hidden) continue;
    EXPECT_NE(overview.find("  " + std::string(info->name) + " "), std::string::npos) << info->name;
    EXPECT_NE(info->examples.find("basin " + std::string(info->name)), std::string_view::npos)
        << info->name << " needs an example";
    const Options options = declared_options(*info);
    for (const Option& option : options.all()) {
      EXPECT_FALSE(option.help.empty()) << info->name << " " << option.names;
    }
  }
}

// reference.cc prints what config/ makes, and is not offered.
TEST(App, AHiddenCommandWorks) {
  EXPECT_TRUE(run({"reference"}).out.starts_with("# Configuration\n"));
  EXPECT_EQ(run({"--help"}).out.find("reference"), std::string::npos);
}

TEST(App, AClosedPipeIsSilent) {
  std::signal(SIGPIPE, SIG_IGN);
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  close(pipe_ends[0]);
  const int err = memfd_create("err", 0);
  const config::Environment environment{config::Environment::Variables{}};
  EXPECT_EQ(run_program(std::vector<std::string>{"--help"}, environment, pipe_ends[1], err), 0);
  EXPECT_EQ(test::drain(err), "");
  close(pipe_ends[1]);
}

}  // namespace
}  // namespace basin::cli
