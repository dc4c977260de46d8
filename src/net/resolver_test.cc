#include "net/resolver.h"

#include <gtest/gtest.h>
#include <netinet/in.h>

#include <string>

#include "net/testing.h"

namespace basin::net {
namespace {

using base::Code;

std::uint16_t port_of(const Address& address) {
  if (address.storage.ss_family == AF_INET)
    return ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port);
  return ntohs(reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_port);
}

TEST(Resolver, AddressesAndLocalhostNeedNoLookUp) {
  Loop loop;
  Resolver resolver(loop);
  struct {
    const char* host;
    std::size_t count;
    int family;
  } cases[] = {{"127.0.0.1", 1, AF_INET},
               {"::1", 1, AF_INET6},
               {"192.0.2.7", 1, AF_INET},
               {"localhost", 2, AF_INET},
               {"a.localhost", 2, AF_INET}};
  for (const auto& [host, count, family] : cases) {
    Event interrupt(loop);
    auto found = loop.run_task(resolver.resolve(host, 8080, 1000, interrupt));
    ASSERT_TRUE(found.ok()) << host;
    ASSERT_EQ(found->size(), count) << host;
    EXPECT_EQ(found->front().storage.ss_family, family);
    for (const Address& address : *found) EXPECT_EQ(port_of(address), 8080);
  }
}

// However it is written, and to whatever a name resolves: a cloud's credentials are served there.
TEST(Resolver, LinkLocalAddressesAreNoUpstreams) {
  Loop loop;
  Resolver resolver(loop);
  for (const char* host : {"169.254.169.254", "169.254.0.1", "2852039166", "0xa9fea9fe", "::ffff:169.254.169.254",
                           "fe80::1", "febf::1", "fd00:ec2::254"}) {
    Event interrupt(loop);
    const auto found = loop.run_task(resolver.resolve(host, 80, 1000, interrupt));
    ASSERT_FALSE(found.ok()) << host;
    EXPECT_EQ(found.error().code, Code::unreachable) << host;
    EXPECT_NE(found.error().message.find("link-local"), std::string::npos) << found.error().message;
  }
  for (const char* host : {"169.253.255.255", "169.255.0.0", "::ffff:127.0.0.1", "fec0::1", "fd00:ec2::255"}) {
    Event interrupt(loop);
    EXPECT_TRUE(loop.run_task(resolver.resolve(host, 80, 1000, interrupt)).ok()) << host;
  }
}

// .invalid never exists (RFC 6761), so the answer is the same with and without a network.
TEST(Resolver, AnUnknownNameIsUnreachable) {
  Loop loop;
  Resolver resolver(loop);
  Event interrupt(loop);
  auto found = loop.run_task(resolver.resolve("name.invalid", 80, 10'000, interrupt));
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().code, Code::unreachable);
  EXPECT_NE(found.error().message.find("name.invalid"), std::string::npos);
}

TEST(Resolver, AWaitCanBeInterrupted) {
  Loop loop;
  Resolver resolver(loop);
  auto task = [&]() -> Task<Code> {
    Event interrupt(loop);
    interrupt.set();  // before the look-up can have answered
    auto found = co_await resolver.resolve("other.invalid", 80, 10'000, interrupt);
    co_return found.ok() ? Code::internal : found.error().code;
  };
  EXPECT_EQ(loop.run_task(task()), Code::cancelled);
}

TEST(Resolver, MayEndBeforeItsLookUps) {
  Loop loop;
  auto task = [&]() -> Task<int> {
    Resolver resolver(loop);
    Event interrupt(loop);
    interrupt.set();
    (void)co_await resolver.resolve("third.invalid", 80, 10'000, interrupt);
    co_return 0;
  };
  loop.run_task(task());
}

}  // namespace
}  // namespace basin::net
