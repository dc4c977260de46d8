#include "net/origin.h"

#include <gtest/gtest.h>

namespace basin::net {
namespace {

TEST(Origin, UrlsAreTakenApart) {
  struct {
    const char* url;
    bool tls;
    const char* host;
    std::uint16_t port;
    const char* path;
  } cases[] = {
      {"http://localhost:11434", false, "localhost", 11434, ""},
      {"HTTPS://api.example.com/v1/", true, "api.example.com", 443, "/v1/"},
      {"http://[::1]:8080/a?b=c", false, "::1", 8080, "/a?b=c"},
      {"http://[fe80::1%25eth0]", false, "fe80::1%25eth0", 80, ""},
      {"http://host?x", false, "host", 80, "?x"},
  };
  for (const auto& c : cases) {
    auto url = parse_url(c.url);
    ASSERT_TRUE(url.ok()) << c.url;
    EXPECT_EQ(url->origin, (Origin{c.tls, c.host, c.port})) << c.url;
    EXPECT_EQ(url->path, c.path);
  }
}

TEST(Origin, BadUrlsSayWhatIsWrong) {
  struct {
    const char* url;
    const char* why;
  } cases[] = {
      {"localhost:11434", "scheme"}, {"ftp://x", "http"},
      {"http://", "host"},           {"http://a:b@c/", "user name"},
      {"http://x:0", "port"},        {"http://x:65536", "port"},
      {"http://x:", "port"},         {"http://x:1a", "port"},
      {"http://x/#y", "fragment"},   {"http://x y/", "blank"},
      {"http://[::1", "']'"},        {"http://[::1]x", "between"},
      {"http://a,b/", "host"},       {"http://x/\r\nA: b", "blank"},
  };
  for (const auto& c : cases) {
    auto url = parse_url(c.url);
    ASSERT_FALSE(url.ok()) << c.url;
    EXPECT_EQ(url.error().code, base::Code::configuration);
    EXPECT_NE(url.error().message.find(c.why), std::string::npos) << url.error().message;
  }
  EXPECT_EQ(parse_url("http://user:secret@host/").error().message.find("secret"), std::string::npos);
}

TEST(Origin, Authority) {
  EXPECT_EQ((Origin{true, "a", 443}).authority(), "a");
  EXPECT_EQ((Origin{true, "a", 80}).authority(), "a:80");
  EXPECT_EQ((Origin{false, "::1", 4100}).authority(), "[::1]:4100");
}

TEST(Origin, Loopback) {
  for (const char* host : {"localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.255.0.9", "::1"})
    EXPECT_TRUE(is_loopback(host)) << host;
  for (const char* host : {"", "localhost.evil.com", "notlocalhost", ".localhost", "127.evil.com", "127.0.0.1.evil.com",
                           "127.0.0", "128.0.0.1", "1127.0.0.1", "0.0.0.0", "::2", "127.0.0.1234"})
    EXPECT_FALSE(is_loopback(host)) << host;
}

}  // namespace
}  // namespace basin::net
