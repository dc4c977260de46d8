#include "gateway/judgement.h"

#include <gtest/gtest.h>

namespace basin::gateway {
namespace {

struct Case {
  upstream::Server server;
  Judgement judgement;

  explicit Case(core::Dialect spoken) {
    server.name = "s";
    judgement.credential = 7;
    judgement.placements.push_back({"small", "little", &server, nullptr, 0, spoken});
  }
};

TEST(Judgement, AClientsKeyIsNamedWhereItIsUsedAndNotWhereOursIs) {
  Case c(core::Dialect::anthropic);
  EXPECT_FALSE(c.judgement.health_of(*c.judgement.place()).account.empty());
  c.server.key = base::Secret("sk-ours");
  EXPECT_TRUE(c.judgement.health_of(*c.judgement.place()).account.empty());
}

TEST(Judgement, EncryptedReasoningIsBoundToTheKeyAndSignedThinkingIsNot) {
  EXPECT_EQ(Case(core::Dialect::anthropic).judgement.maker().credential, 0U);
  Case c(core::Dialect::openai_responses);
  EXPECT_EQ(c.judgement.maker().credential, 7U);
  EXPECT_EQ(c.judgement.maker().model, "little");
  c.server.key = base::Secret("sk-ours");
  EXPECT_NE(c.judgement.maker().credential, 7U);
}

TEST(Judgement, BehindTheLastPlaceThereIsNone) {
  Case c(core::Dialect::anthropic);
  c.judgement.at = 1;
  EXPECT_EQ(c.judgement.place(), nullptr);
  EXPECT_EQ(c.judgement.server(), nullptr);
}

}  // namespace
}  // namespace basin::gateway
