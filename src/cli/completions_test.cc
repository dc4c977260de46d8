#include "cli/completions.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/child.h"
#include "cli/commands.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

using test::run;

// Runs a program on a file that holds `text`; its output and whether it ended well.
struct Checked {
  bool ok;
  std::string said;
};
Checked checked_by(const std::vector<std::string>& program, const std::string& text) {
  char folder[] = "/tmp/basin_completions_XXXXXX";
  EXPECT_NE(mkdtemp(folder), nullptr);
  const std::string file = std::string(folder) + "/text", output = std::string(folder) + "/output";
  std::ofstream(file) << text;
  const auto variables = config::Environment::of_process().variables();
  Invocation invocation{{"/bin/sh", "-c", "exec \"$@\" >" + output + " 2>&1", "sh"}, variables};
  invocation.words.insert(invocation.words.end(), program.begin(), program.end());
  invocation.words.push_back(file);
  const auto code = Child().run(invocation);
  std::ostringstream said;
  said << std::ifstream(output).rdbuf();
  std::filesystem::remove_all(folder);
  return {code.ok() && *code == 0, said.str()};
}

bool installed(const char* program) { return find_program(program, config::Environment::of_process()).has_value(); }

TEST(Completions, KnowEveryCommandAndFlag) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const std::string script = completions_for(shell);
    for (const CommandInfo* info : commands()) {
      EXPECT_EQ(script.find(info->name) == std::string::npos, info->hidden) << shell << " " << info->name;
      const Options options = declared_options(*info);
      for (const Option& option : options.all()) {
        if (info->hidden || option.long_name().empty()) continue;
        EXPECT_NE(script.find(option.long_name().substr(2)), std::string::npos) << shell << " " << option.long_name();
      }
    }
  }
}

TEST(Completions, AreScriptsTheShellsAccept) {
  const auto bash = checked_by({"bash", "-n"}, completions_for("bash"));
  EXPECT_TRUE(bash.ok) << bash.said;
  for (const std::string shell : {"zsh", "fish"}) {
    if (!installed(shell.c_str())) continue;  // not on every machine
    const auto checked = checked_by({shell, "-n"}, completions_for(shell));
    EXPECT_TRUE(checked.ok) << shell << ": " << checked.said;
  }
}

TEST(Completions, BashCompletesCommandsFlagsAndWords) {
  const auto complete = [](const std::string& words) {
    return checked_by({"bash"}, completions_for("bash") + "COMP_WORDS=(" + words +
                                    ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_basin\necho \"${COMPREPLY[*]}\"\n")
        .said;
  };
  EXPECT_EQ(complete("basin compl"), "completions\n");
  EXPECT_EQ(complete("basin version --js"), "--json\n");
  EXPECT_EQ(complete("basin version --color al"), "always\n");
  EXPECT_EQ(complete("basin --color never compl"), "completions\n");
  EXPECT_EQ(complete("basin completions zs"), "zsh\n");
  EXPECT_EQ(complete("basin help compl"), "completions\n");
  EXPECT_EQ(complete("basin --js"), "--json\n");
  EXPECT_EQ(complete("basin --color al"), "always\n");
  EXPECT_EQ(complete("basin --config ''"), "\n");  // the shell's own files
  EXPECT_EQ(complete("basin explain -f ''"), "\n");
}

TEST(Completions, TheShellIsAskedFor) {
  EXPECT_EQ(run({"completions"}).exit, 2);
  EXPECT_NE(run({"completions", "bsh"}).err.find("did you mean `bash`?"), std::string::npos);
  EXPECT_EQ(run({"completions", "fish"}).out, completions_for("fish"));
}

TEST(Manual, EveryPageIsRoffThatManAccepts) {
  EXPECT_NE(manual_overview().find(".TH BASIN 1"), std::string::npos);
  const bool groff = installed("groff");
  for (const CommandInfo* info : commands()) {
    const std::string page = manual_page(*info);
    for (const char* section : {".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", ".SH EXIT STATUS"}) {
      EXPECT_NE(page.find(section), std::string::npos) << info->name << " " << section;
    }
    if (!groff) continue;
    const auto checked = checked_by({"groff", "-man", "-ww", "-z"}, page);
    EXPECT_TRUE(checked.ok && checked.said.empty()) << info->name << ": " << checked.said;
  }
}

TEST(Manual, PagesAreWrittenIntoAFolder) {
  char folder[] = "/tmp/basin_manual_XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  EXPECT_EQ(run({"manual", "--into", folder}).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(std::string(folder) + "/basin.1"));
  EXPECT_TRUE(std::filesystem::exists(std::string(folder) + "/basin-version.1"));
  EXPECT_FALSE(std::filesystem::exists(std::string(folder) + "/basin-manual.1"));
  std::filesystem::remove_all(folder);
  EXPECT_EQ(run({"manual", "--into", folder}).exit, 2);
}

}  // namespace
}  // namespace basin::cli
