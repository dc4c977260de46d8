#include "upstream/listener_owner.h"

#include <gtest/gtest.h>

namespace basin::upstream {
namespace {

constexpr std::string_view kTable =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001        0 1\n"
    "   1: 0100007F:2CAA 0100007F:C001 01 00000000:00000000 00:00000000 00000000  1002        0 2\n"
    "   2: 00000000000000000000000000000000:2CAA 00000000000000000000000000000000:0000 0A 0:0 00:0 0   998        0 "
    "3\n";

TEST(ListenerOwner, IsReadFromTheListeningLine) {
  EXPECT_EQ(listener_in(kTable, 8080), 1001U);
  EXPECT_EQ(listener_in(kTable, 11434), 998U);  // not the established connection's
  EXPECT_FALSE(listener_in(kTable, 8081).has_value());
}

TEST(ListenerOwner, IsThatOfTheSocketWhichTakes127001) {
  const auto listening = [](const std::string& address) {
    return "   0: " + address + ":2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1\n";
  };
  // a trusted server on another address of the machine says nothing about who sits on 127.0.0.1
  for (const char* elsewhere : {"020011AC", "0200007F", "00000000000000000000000001000000"}) {
    const std::string table = listening(elsewhere) +
                              "   1: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1001 0 2\n";
    EXPECT_EQ(listener_in(table, 11434), 1001U) << elsewhere;
  }
  for (const char* takes :
       {"0100007F", "00000000", "00000000000000000000000000000000", "0000000000000000FFFF00000100007F"})
    EXPECT_EQ(listener_in(listening(takes), 11434), 0U) << takes;
}

TEST(ListenerOwner, StrangeTextFindsNothing) {
  for (const char* text : {"", "\n\n", "a b c 0A d e f g", "0: x 0 0A 0 0 0 12\n", "0: :1F90 0 0A 0 0 0 abc\n"}) {
    EXPECT_FALSE(listener_in(text, 8080).has_value()) << text;
  }
}

TEST(ListenerOwner, StrangersAreNotTrusted) {
  EXPECT_TRUE(is_trusted_owner(1000, 1000));
  EXPECT_TRUE(is_trusted_owner(0, 1000));
  EXPECT_TRUE(is_trusted_owner(998, 1000));
  EXPECT_FALSE(is_trusted_owner(1001, 1000));
}

}  // namespace
}  // namespace basin::upstream
