#include "lab/politeness.h"

#include <algorithm>
#include <array>

namespace basin::lab {
namespace {

struct Phrases {
  std::string_view language, front, behind;
};
// Those of one language stand together, English first.
constexpr auto kPhrases = std::to_array<Phrases>({
    {"en", "Hi, could you please ", " Thanks a lot in advance!"},
    {"en", "Hello there! I hope you are well. Would you kindly ", " Thank you so much, I really appreciate it."},
    {"en", "Please ", " Thanks!"},
    {"en", "Hey, quick favour: ", " Cheers, and have a great day."},
    {"de", "Hallo, könntest du bitte ", " Vielen Dank im Voraus!"},
    {"de", "Guten Tag, ich hätte eine Bitte: ", " Danke dir, liebe Grüße"},
    {"fr", "Bonjour, pourrais-tu s'il te plaît ", " Merci beaucoup d'avance !"},
    {"fr", "Salut ! Petit service : ", " Merci, bonne journée."},
    {"es", "Hola, ¿podrías por favor ", " ¡Muchas gracias de antemano!"},
    {"es", "Buenas, un favor: ", " Gracias, un saludo."},
    {"pt", "Olá, você poderia por favor ", " Muito obrigado desde já!"},
    {"pt", "Oi, tudo bem? Um favor: ", " Obrigada, abraço."},
    {"it", "Ciao, potresti per favore ", " Grazie mille in anticipo!"},
    {"nl", "Hoi, zou je alsjeblieft ", " Alvast heel erg bedankt!"},
    {"pl", "Cześć, czy możesz proszę ", " Z góry bardzo dziękuję!"},
    {"ru", "Здравствуйте, не могли бы вы, пожалуйста, ", " Заранее большое спасибо!"},
    {"tr", "Merhaba, rica etsem ", " Şimdiden çok teşekkürler!"},
    {"ar", "مرحبا، من فضلك ", " شكرا جزيلا مقدما!"},
    {"hi", "नमस्ते, कृपया ", " पहले से बहुत धन्यवाद!"},
    {"zh", "你好，麻烦你", "非常感谢！"},
    {"ja", "お世話になります。", "よろしくお願いいたします。"},
    {"ko", "안녕하세요, 부탁드립니다. ", " 미리 감사합니다!"},
});

}  // namespace

std::vector<std::string> politely(std::string_view ask, std::string_view language) {
  const auto is = [](std::string_view wanted) {
    return [wanted](const Phrases& phrases) { return phrases.language == wanted; };
  };
  auto begin = std::find_if(kPhrases.begin(), kPhrases.end(), is(language));
  if (begin == kPhrases.end()) begin = kPhrases.begin();
  const auto end = std::find_if_not(begin, kPhrases.end(), is(begin->language));
  const Phrases& chosen = *(begin + static_cast<std::ptrdiff_t>(ask.size()) % (end - begin));
  return {std::string(chosen.front).append(ask), std::string(ask).append(chosen.behind)};
}

}  // namespace basin::lab
