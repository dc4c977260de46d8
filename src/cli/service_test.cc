#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "cli/program_for_test.h"
#include "cli/service_unit.h"

namespace basin::cli {
namespace {

using test::run;

TEST(Service, WritesAUnitAndRemovesIt) {
  char home[] = "/tmp/basin_service_XXXXXX";
  ASSERT_NE(mkdtemp(home), nullptr);
  const config::Environment::Variables variables{{"HOME", home}};
  const std::string unit = std::string(home) + "/.config/systemd/user/basin.service";
  EXPECT_EQ(run({"service", "install", "--no-start"}, variables).exit, 0);
  EXPECT_TRUE(std::filesystem::exists(unit));
  const auto removed = run({"service", "remove", "--no-start"}, variables);
  EXPECT_EQ(removed.exit, 0) << removed.err;
  EXPECT_FALSE(std::filesystem::exists(unit));
  EXPECT_EQ(run({"service", "remove", "--no-start"}, variables).exit, 1);
  EXPECT_EQ(run({"service", "instal"}, variables).exit, 2);
  std::filesystem::remove_all(home);
}

TEST(ServiceUnit, QuotesWhatSystemdWouldRead) {
  const std::string unit = service_unit("/opt/my apps/100%/basin", "/srv/a/\"b\"/$c.toml");
  EXPECT_NE(unit.find("ExecStart=\"/opt/my apps/100%%/basin\" --config \"/srv/a/\\\"b\\\"/$$c.toml\" serve\n"),
            std::string::npos)
      << unit;
  EXPECT_NE(service_unit("/usr/bin/basin", "").find("ExecStart=\"/usr/bin/basin\" serve\n"), std::string::npos);
}

}  // namespace
}  // namespace basin::cli
