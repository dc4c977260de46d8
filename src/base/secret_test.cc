#include "base/secret.h"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

namespace basin::base {
namespace {

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Printable<Secret>);
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST(Secret, MatchesOnlyTheWholeValue) {
  const Secret secret("sk-abc");
  EXPECT_TRUE(secret.matches("sk-abc"));
  EXPECT_FALSE(secret.matches("sk-abd"));
  EXPECT_FALSE(secret.matches("sk-ab"));
  EXPECT_FALSE(secret.matches("sk-abcsk-abc"));
  EXPECT_FALSE(secret.matches(""));
}

TEST(Secret, AnEmptySecretMatchesNothing) {
  EXPECT_FALSE(Secret().matches(""));
  EXPECT_FALSE(Secret().matches("x"));
}

TEST(Secret, AMovedFromSecretIsEmpty) {
  Secret first("one");
  const Secret second(std::move(first));
  EXPECT_TRUE(first.empty());  // NOLINT(bugprone-use-after-move)
  EXPECT_TRUE(second.matches("one"));
}

}  // namespace
}  // namespace basin::base
