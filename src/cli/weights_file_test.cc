#include "cli/weights_file.h"

#include <gtest/gtest.h>

namespace basin::cli {
namespace {

TEST(WeightsFile, IsTheEmbeddedOneUnlessAnotherIsNamed) {
  const auto builtin = open_model("");
  ASSERT_TRUE(builtin.ok());
  const auto same = open_model(BASIN_SOURCE_DIR "/weights/basin.weights");
  ASSERT_TRUE(same.ok());
  EXPECT_EQ((*builtin)->sha256(), (*same)->sha256());
}

TEST(WeightsFile, ThatIsNoneIsNamedInTheComplaint) {
  for (const std::string file : {BASIN_SOURCE_DIR "/LICENSE", BASIN_SOURCE_DIR "/no-such-file"}) {
    const auto model = open_model(file);
    ASSERT_FALSE(model.ok());
    EXPECT_NE(model.error().message.find(file), std::string::npos) << model.error().message;
  }
}

}  // namespace
}  // namespace basin::cli
