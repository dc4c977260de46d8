#include "cli/weights_file.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "geometry/testing.h"

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

TEST(WeightsFile, TakesTheEncoderThatItWasFittedTo) {
  const auto folder = std::filesystem::path(::testing::TempDir());
  const auto write = [&](const char* name, const std::string& bytes) {
    std::ofstream(folder / name, std::ios::binary | std::ios::trunc) << bytes;
    return (folder / name).string();
  };
  const auto encoder = geometry::random_encoder_loaded(1);
  const std::string weights = write("two.weights", geometry::encode(geometry::two_stage_parts(*encoder)));
  const std::string own = write("own.basin", geometry::encode(geometry::random_encoder(1)));
  const std::string other = write("other.basin", geometry::encode(geometry::random_encoder(2)));
  const auto model = open_model(weights, own);
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_NE((*model)->encoder(), nullptr);
  EXPECT_EQ((*open_model(weights))->encoder(), nullptr);  // the embedded one, if any, is another
  EXPECT_NE(open_model(weights, other).error().message.find("another encoder"), std::string::npos);
  EXPECT_NE(open_model(weights, weights).error().message.find("not an encoder file"), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
