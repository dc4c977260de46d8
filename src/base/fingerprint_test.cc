#include "base/fingerprint.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace basin::base {
namespace {

TEST(Fingerprint, DoesNotDependOnHowATextIsCut) {
  const std::string text = "The quick brown fox jumps over the lazy dog, twice.";
  for (std::size_t first = 0; first <= text.size(); ++first) {
    for (std::size_t second = first; second <= text.size(); ++second) {
      Fingerprint hash;
      hash.add(std::string_view(text).substr(0, first));
      hash.add(std::string_view(text).substr(first, second - first));
      hash.add(std::string_view(text).substr(second));
      ASSERT_EQ(hash.value(), fingerprint(text)) << first << " " << second;
    }
  }
}

TEST(Fingerprint, TellsTextsApart) {
  std::set<std::uint64_t> seen;
  std::string text;
  for (int i = 0; i < 40; ++i, text += '\0') EXPECT_TRUE(seen.insert(fingerprint(text)).second) << "zeros count";
  for (std::size_t at = 0; at < 100; ++at) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string changed(100, 'x');
      changed[at] = static_cast<char>(changed[at] ^ (1 << bit));
      EXPECT_TRUE(seen.insert(fingerprint(changed)).second) << at;
    }
  }
}

TEST(Fingerprint, IsTheSameOnEveryRunAndMachine) {
  EXPECT_EQ(fingerprint("EqQBCkYIBBgC"), 0x44b6e09c11c6eba4ULL);
  EXPECT_EQ(fingerprint("\xff\x80"), 0x7183e2b4bb3b0d72ULL);
}

TEST(Fingerprint, IsNeverNone) {
  EXPECT_NE(fingerprint(""), 0U);
  EXPECT_TRUE(Fingerprint().empty());
}

}  // namespace
}  // namespace basin::base
