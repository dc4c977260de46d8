#include "cli/own_server.h"

#include <gtest/gtest.h>

#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

TEST(OwnServer, SaysHowToGetTheProgramAndWhatIsNoModel) {
  const auto missing = test::run({"serve", "--gguf", "x.gguf"}, {{"PATH", "/nonexistent"}});
  EXPECT_EQ(missing.exit, 2);
  EXPECT_NE(missing.err.find("brew install"), std::string::npos) << missing.err;
}

}  // namespace
}  // namespace basin::cli
