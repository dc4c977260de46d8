#include "net/peer_uid.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/testing.h"

namespace basin::net {
namespace {

using testing::RawListener;
using testing::RawSocket;

TEST(PeerUid, OfAConnectionFromThisMachine) {
  RawListener listener;
  RawSocket client = RawSocket::connect(listener.port());
  RawSocket server = listener.accept();
  EXPECT_EQ(peer_uid(server.fd()), ::getuid());
  EXPECT_EQ(peer_uid(client.fd()), ::getuid());
}

TEST(PeerUid, OfAnIpv4PeerOfAnIpv6Socket) {
  int listener = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener < 0) GTEST_SKIP() << "this machine has no IPv6";
  sockaddr_in6 at{};
  at.sin6_family = AF_INET6;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&at), sizeof at), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  socklen_t size = sizeof at;
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&at), &size);
  RawSocket client = RawSocket::connect(ntohs(at.sin6_port));
  RawSocket server(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  EXPECT_EQ(peer_uid(server.fd()), ::getuid());
  ::close(listener);
}

TEST(PeerUid, OfAUnixSocket) {
  int ends[2];
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  EXPECT_EQ(peer_uid(ends[0]), ::getuid());
  ::close(ends[0]);
  ::close(ends[1]);
}

// The kernel calls a socket that nobody holds any more root's. Whoever sent a request and closed at once is not root.
TEST(PeerUid, NobodyOwnsAClosedSocket) {
  RawListener listener;
  RawSocket client = RawSocket::connect(listener.port());
  RawSocket server = listener.accept();
  client.close();  // in good order: the kernel keeps the socket until our side closes too
  EXPECT_FALSE(peer_uid(server.fd()));
}

TEST(PeerUid, UnknownWhenThePeerIsGone) {
  EXPECT_FALSE(peer_uid(-1));
  RawListener listener;
  RawSocket client = RawSocket::connect(listener.port());
  RawSocket server = listener.accept();
  client.reset();
  EXPECT_FALSE(peer_uid(server.fd()));
}

}  // namespace
}  // namespace basin::net
