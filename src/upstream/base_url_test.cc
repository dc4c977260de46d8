#include "upstream/base_url.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

BaseUrl parsed(std::string_view url) {
  auto result = parse_base_url(url);
  EXPECT_TRUE(result.ok()) << url;
  return result.ok() ? *result : BaseUrl{};
}

TEST(BaseUrl, TakesWhatPeopleWrite) {
  EXPECT_EQ(parsed("http://127.0.0.1:11434").port, 11434);
  EXPECT_EQ(parsed("http://127.0.0.1:11434").authority(), "127.0.0.1:11434");
  EXPECT_EQ(parsed("https://api.example.com").port, 443);
  EXPECT_EQ(parsed("https://api.example.com").authority(), "api.example.com");
  EXPECT_EQ(parsed("http://localhost:8000/v1/").prefix, "");
  EXPECT_EQ(parsed("https://openrouter.ai/api/v1").prefix, "/api");
  EXPECT_EQ(parsed("https://openrouter.ai/api").prefix, "/api");
  EXPECT_EQ(parsed("http://[::1]:1234").host, "::1");
  EXPECT_EQ(parsed("http://[::1]:1234").authority(), "[::1]:1234");
}

TEST(BaseUrl, KnowsLoopbackByItsSpelling) {
  EXPECT_TRUE(parsed("http://127.0.0.2:1").loopback());
  EXPECT_TRUE(parsed("http://localhost:1").loopback());
  EXPECT_TRUE(parsed("http://[::1]").loopback());
  EXPECT_FALSE(parsed("http://10.0.0.1").loopback());
  EXPECT_FALSE(parsed("http://localhost.example.com").loopback());
}

TEST(BaseUrl, RefusesTheRestAndSaysWhy) {
  for (const char* url : {"", "127.0.0.1:11434", "ftp://x", "http://", "http://:80", "http://x:0", "http://x:65536",
                          "http://x:8x", "http://user:pass@x", "http://x/?q=1", "http://x/#f", "http://[::1",
                          "http://[zz]", "http://x y", "http://x/a b", "http://[::1]x"}) {
    auto result = parse_base_url(url);
    ASSERT_FALSE(result.ok()) << url;
    EXPECT_EQ(result.error().code, base::Code::configuration);
    EXPECT_NE(result.error().message.find("base_url"), std::string::npos);
  }
}

}  // namespace
}  // namespace basin::upstream
