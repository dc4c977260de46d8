#include "cli/look_around.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "upstream/known_servers.h"

namespace basin::cli {
namespace {

constexpr const char* kNobody = "http://127.0.0.1:1";

upstream::Options configured(const std::vector<const char*>& names) {
  upstream::Options options;
  options.discover = false;
  for (const char* name : names) {
    upstream::UpstreamOptions server;
    server.name = name;
    server.base_url = "http://127.0.0.1:2";
    server.dialects = {core::Dialect::openai_chat};
    options.upstreams.push_back(server);
  }
  return options;
}

TEST(LookAround, OurOwnServerTakesANameThatIsNobodys) {
  for (const auto& [names, wanted] :
       {std::pair{std::vector<const char*>{"near"}, upstream::kOwnServerName},
        std::pair{std::vector<const char*>{"llamacpp"}, upstream::kOwnServerSecondName}}) {
    upstream::Options options = configured(names);
    const auto discovery = look_around(options, own_server_at(kNobody));
    ASSERT_TRUE(discovery.ok()) << discovery.error().message;
    ASSERT_EQ(discovery->found.size(), 1U);
    EXPECT_EQ(discovery->found[0].name, wanted);
    EXPECT_EQ(discovery->found[0].base_url, kNobody);
    EXPECT_TRUE(discovery->found[0].silent);
    EXPECT_EQ(options.upstreams.size(), 1U);
  }
  upstream::Options full = configured({"llamacpp", "gguf"});
  EXPECT_EQ(look_around(full, own_server_at(kNobody)).error().code, base::Code::configuration);
  EXPECT_TRUE(look_around(full, std::nullopt).ok());
}

TEST(LookAround, TheRunningBasinsServerIsTakenOnThisMachineAlone) {
  char folder[] = "/tmp/basin_look_around_XXXXXX";
  ASSERT_NE(mkdtemp(folder), nullptr);
  const config::Environment environment({{"XDG_STATE_HOME", folder}});
  std::filesystem::create_directories(environment.state_dir());
  const auto told = [&](const std::string& own) {
    std::ofstream(environment.state_dir() + "/serve.json")
        << R"({"url":"http://127.0.0.1:4100","pid":)" << getpid() << own << "}";
    return own_server_of_running(environment);
  };
  const auto found = told(R"(,"own_server":{"upstream":"gguf","url":"http://127.0.0.1:1","model":"m"})");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->base_url, kNobody);
  EXPECT_TRUE(found->discovered);
  EXPECT_EQ(found->client_key, false);
  for (const char* none : {"", R"(,"own_server":null)", R"(,"own_server":{"url":"http://127.0.0.1:1"})",
                           R"(,"own_server":{"upstream":"gguf","url":"http://192.0.2.1:1","model":"m"})",
                           R"(,"own_server":{"upstream":"gguf","url":"nonsense","model":"m"})"})
    EXPECT_FALSE(told(none)) << none;
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace basin::cli
