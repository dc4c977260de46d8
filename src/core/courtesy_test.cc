#include "core/courtesy.h"

#include <gtest/gtest.h>

#include <string>

namespace basin::core {
namespace {

TEST(Courtesy, GreetingsAndPleasInFrontArePassedOver) {
  for (const char* polite :
       {"sort these by year", "please sort these by year", "Hi, could you please sort these by year",
        "Hello there! I hope you are well. Would you kindly sort these by year",
        "Hey, quick favour: sort these by year", "Hi Claude, can you sort these by year",
        "Dear team,\nplease sort these by year", "hello can you sort these by year"})
    EXPECT_EQ(without_courtesies(polite), "sort these by year") << polite;
}

TEST(Courtesy, ThanksBehindArePassedOver) {
  for (const char* polite :
       {"sort these by year thanks", "sort these by year, thank you very much!", "sort these by year please",
        "sort these by year Thanks a lot in advance!", "sort these by year Cheers, and have a great day.",
        "sort these by year - many thanks for your help", "sort these by year\n\nBest regards"})
    EXPECT_EQ(without_courtesies(polite), "sort these by year") << polite;
  EXPECT_EQ(without_courtesies("Sort these by year. Thank you so much, I really appreciate it."),
            "Sort these by year.");
}

TEST(Courtesy, InOtherLanguagesToo) {
  EXPECT_EQ(without_courtesies("Hallo, könntest du bitte das übersetzen? Vielen Dank im Voraus!"), "das übersetzen?");
  EXPECT_EQ(without_courtesies("Bonjour, pourrais-tu s'il te plaît traduire ceci Merci beaucoup d'avance !"),
            "traduire ceci");
  EXPECT_EQ(without_courtesies("Hola, ¿podrías por favor traducir esto? ¡Muchas gracias de antemano!"),
            "traducir esto? ¡");
  EXPECT_EQ(without_courtesies("Здравствуйте, не могли бы вы, пожалуйста, перевести это. Заранее большое спасибо!"),
            "перевести это.");
  EXPECT_EQ(without_courtesies("你好，麻烦你翻译这段话。非常感谢！"), "翻译这段话。");
  EXPECT_EQ(without_courtesies("お世話になります。これを訳してください。よろしくお願いいたします。"),
            "これを訳してください。");
}

TEST(Courtesy, WhatIsAskedIsNeverTakenForManners) {
  for (const char* ask :
       {"hello world program in C", "write a thank you note to my boss", "dear diary is a film by whom", "hi",
        "thanks!", "please", "", " \n ", "translate into German: thank you very much", "what does \"merci beaucoup\"",
        "tell me a lot about so many of the best"})
    EXPECT_EQ(without_courtesies(ask), ask) << ask;
}

TEST(Courtesy, OfALongTextTheEndsAreLookedAt) {
  const std::string middle(5000, 'a');
  EXPECT_EQ(without_courtesies("Hi, please read " + middle + ". Thanks a lot!"), "read " + middle + ".");
  const std::string marks(5000, '.');  // no manners, and nothing that a longer look would find
  EXPECT_EQ(without_courtesies(marks + "sort these"), marks + "sort these");
}

TEST(Courtesy, AnyBytesWillDo) {
  for (const std::string& bytes :
       {std::string("\xff\xfe please \xc3"), std::string(9000, 'a'), std::string(9000, ' ') + "x",
        std::string("please \0 x", 10), std::string("\x80\x80\x80")})
    EXPECT_LE(without_courtesies(bytes).size(), bytes.size());
}

}  // namespace
}  // namespace basin::core
