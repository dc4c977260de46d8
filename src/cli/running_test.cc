#include "cli/running.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include "cli/program_for_test.h"

namespace basin::cli {
namespace {

using test::run;

class Home {
 public:
  Home() { path_ = mkdtemp(name_); }
  ~Home() { std::filesystem::remove_all(path_); }
  config::Environment::Variables variables() const { return {{"HOME", path_}}; }
  void state(const std::string& text) const {
    std::filesystem::create_directories(path_ + "/.local/state/basin");
    std::ofstream(path_ + "/.local/state/basin/serve.json") << text;
  }
  void configure(const std::string& text) const {
    std::filesystem::create_directories(path_ + "/.config/basin");
    std::ofstream(path_ + "/.config/basin/basin.toml") << text;
  }

 private:
  char name_[32] = "/tmp/basin_running_XXXXXX";
  std::string path_;
};

TEST(Running, IsFoundByItsStateFile) {
  const Home home;
  const config::Environment environment(home.variables());
  EXPECT_EQ(find_running(environment).error().code, base::Code::unreachable);
  home.state(R"({"schema":"basin.serve/1","port":4100,"pid":)" + std::to_string(getpid()) +
             R"(,"url":"http://127.0.0.1:4100"})");
  ASSERT_TRUE(find_running(environment).ok());
  EXPECT_EQ(find_running(environment)->url, "http://127.0.0.1:4100");
  EXPECT_EQ(find_running(environment)->pid, getpid());
}

TEST(Running, AStateFileThatIsBrokenOrOfADeadProcessCountsAsNone) {
  const Home home;
  const config::Environment environment(home.variables());
  // Past the largest pid that Linux gives (2^22).
  for (const char* text : {"", "{", "[]", R"({"url":"http://127.0.0.1:1"})", R"({"url":"http://127.0.0.1:1","pid":0})",
                           R"({"url":"http://127.0.0.1:1","pid":4194305})", R"({"url":3,"pid":1})"}) {
    home.state(text);
    EXPECT_FALSE(find_running(environment).ok()) << text;
  }
}

TEST(Running, CommandsThatNeedItSaySoAndExitWithFour) {
  const Home home;
  for (const char* command : {"status", "reload"}) {
    const auto answer = run({command}, home.variables());
    EXPECT_EQ(answer.exit, 4) << command;
    EXPECT_NE(answer.err.find("basin serve"), std::string::npos) << answer.err;
  }
}

// Answers one connection with "{}", as some other program on that port would.
class Stranger {
 public:
  Stranger() : listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 1), 0);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      const int client = accept(listener_, nullptr, nullptr);
      if (client < 0) return;  // nobody came
      char head[4096];
      (void)!read(client, head, sizeof head);
      constexpr std::string_view kAnswer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
      (void)!write(client, kAnswer.data(), kAnswer.size());
      close(client);
    });
  }
  ~Stranger() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  std::string port() const { return std::to_string(port_); }

 private:
  int listener_;
  std::uint16_t port_ = 0;
  std::thread thread_;
};

TEST(Running, WhoeverElseHasThePortNowIsNoBasin) {
  const Home home;
  const Stranger stranger;
  home.state(R"({"url":"http://127.0.0.1:)" + stranger.port() + R"(","pid":)" + std::to_string(getpid()) + "}");
  const auto answer = run({"status", "--json"}, home.variables());
  EXPECT_EQ(answer.exit, 4);
  EXPECT_EQ(answer.out, "");
  EXPECT_NE(answer.err.find("does not answer like a Basin"), std::string::npos) << answer.err;
}

TEST(Env, NamesWhereBasinIsOrWouldBe) {
  const Home home;
  EXPECT_NE(run({"env"}, home.variables()).out.find("export ANTHROPIC_BASE_URL='http://127.0.0.1:4100'\n"),
            std::string::npos);
  home.configure("[server]\nport = 4200\nhost = \"::1\"\n");
  EXPECT_NE(run({"env"}, home.variables()).out.find("export OPENAI_BASE_URL='http://[::1]:4200/v1'\n"),
            std::string::npos);
  home.state(R"({"pid":)" + std::to_string(getpid()) + R"(,"url":"http://127.0.0.1:4300"})");
  EXPECT_NE(run({"env", "--shell", "fish"}, home.variables())
                .out.find("set -gx ANTHROPIC_BASE_URL 'http://127.0.0.1:4300'\n"),
            std::string::npos);
  EXPECT_NE(run({"env", "--unset"}, home.variables()).out.find("unset OPENAI_BASE_URL\n"), std::string::npos);
  EXPECT_TRUE(run({"env", "--json"}, home.variables()).out.starts_with(R"({"schema":"basin.env/1","variables":{)"));
  EXPECT_TRUE(run({"env", "--unset", "--quiet"}, home.variables()).err.empty());
}

TEST(Env, TakingBackNeedsNoAddress) {
  const auto answer = test::run({"env", "--unset", "--shell", "zsh", "--config", "/nonexistent"});
  EXPECT_EQ(answer.exit, 0);
  EXPECT_EQ(answer.err, "");
  EXPECT_TRUE(answer.out.starts_with("unset ANTHROPIC_BASE_URL\n")) << answer.out;
}

TEST(Env, ABrokenConfigurationIsExitFive) {
  const Home home;
  home.configure("[server]\nport = \"x\"\n");
  EXPECT_EQ(run({"env"}, home.variables()).exit, 5);
}

}  // namespace
}  // namespace basin::cli
