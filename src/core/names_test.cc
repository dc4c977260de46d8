// names.cc: every enumerator has a name of its own, as docs/interface.md spells it.
#include <gtest/gtest.h>

#include <set>

#include "core/decision.h"

namespace basin::core {
namespace {

template <class E>
void expect_distinct(E last) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(last); ++i) names.insert(name_of(static_cast<E>(i)));
  EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
  EXPECT_FALSE(names.contains(""));
}

TEST(Names, AreDistinct) {
  expect_distinct(Topology::plan);
  expect_distinct(RequestClass::probe);
  expect_distinct(Mode::on);
  expect_distinct(Action::large);
  expect_distinct(Dialect::openai_responses);
  expect_distinct(Bound::audio);
}

TEST(Names, AreThoseOfTheInterface) {
  EXPECT_EQ(name_of(Topology::qa_given), "qa_given");
  EXPECT_EQ(name_of(Topology::plan), "plan");
  EXPECT_EQ(name_of(Mode::advise), "advise");
  EXPECT_EQ(name_of(Action::verify), "verify");
  EXPECT_EQ(name_of(RequestClass::tool_exchange), "tool_exchange");
}

}  // namespace
}  // namespace basin::core
