#include "base/json.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <string>
#include <vector>

#include "base/utf8.h"

namespace basin::base::json {
namespace {

// The truth to differ from: a recursive checker that reads one byte at a time and knows nothing of indexes.
class Naive {
 public:
  explicit Naive(std::string_view text) : text_(text) {}
  bool valid() {
    space();
    return value(0) && (space(), at_ == text_.size());
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void space() {
    while (at_ < text_.size() && std::string_view(" \t\r\n").find(text_[at_]) != std::string_view::npos) ++at_;
  }
  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }
  bool digits() {
    const std::size_t from = at_;
    while (peek() >= '0' && peek() <= '9') ++at_;
    return at_ > from;
  }
  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }
  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (static_cast<unsigned char>(text_[at_]) < 0x20) return false;
      if (text_[at_] == '\\') {  // which escape is left to who decodes
        ++at_;
        if (peek() == '"' || peek() == '\\') ++at_;
        continue;
      }
      const std::size_t length = utf8_length(text_.substr(at_));
      if (length == 0) return false;
      at_ += length;
    }
    return take('"');
  }
  bool list(std::size_t depth, char closing, bool keyed) {
    if (depth > kDepthLimit) return false;
    space();
    if (take(closing)) return true;
    do {
      space();
      if (keyed && (!string() || (space(), !take(':')))) return false;
      space();
      if (!value(depth)) return false;
      space();
    } while (take(','));
    return take(closing);
  }
  bool value(std::size_t depth) {
    switch (peek()) {
      case '{': ++at_; return list(depth + 1, '}', true);
      case '[': ++at_; return list(depth + 1, ']', false);
      case '"': return string();
      case 't': return word("true");
      case 'f': return word("false");
      case 'n': return word("null");
      default: return number();
    }
  }
  std::string_view text_;
  std::size_t at_ = 0;
};

bool parses(std::string_view text) {
  // an exact heap copy, so that a sanitizer sees a read past the end
  const std::vector<char> exact(text.begin(), text.end());
  Document document;
  return document.parse({exact.data(), exact.size()}).ok();
}

std::string complaint(std::string_view text) {
  Document document;
  const auto status = document.parse(text);
  return status.ok() ? "" : status.error().message;
}

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}
  unsigned below(unsigned n) { return random_() % n; }
  std::string value(int depth) {
    switch (below(depth > 4 ? 5 : 8)) {
      case 0:
        return pick(
            {"0", "-0", "12", "-3.5e+10", "1E5", "0.25", "18446744073709551615", "123456789012345678901234567890"});
      case 1: return pick({"true", "false", "null"});
      case 2:
      case 3: return string();
      case 4: return pick({"[]", "{}", "\"\"", "[ ]", "{\n}"});
      case 5:
      case 6: return list(depth, '[', ']', false);
      default: return list(depth, '{', '}', true);
    }
  }

 private:
  std::string pick(std::vector<std::string> from) { return from[below(static_cast<unsigned>(from.size()))]; }
  std::string space() { return pick({"", "", "", " ", "\n  ", "\t", "\r\n", std::string(70, ' ')}); }
  std::string string() {
    std::string out = "\"";
    for (unsigned n = below(12); n > 0; --n) {
      out += pick({"a", "model", "\\\"", "\\\\", "\\n", "\\u00e9", "\\ud83d\\ude00", "é", "日本", "😀", "{", "}", "[",
                   ",", ":", " ", "\x7f"});
    }
    return out + "\"";
  }
  std::string list(int depth, char opening, char closing, bool keyed) {
    std::string out(1, opening);
    for (unsigned n = below(5), i = 0; i < n; ++i) {
      if (i > 0) out += "," + space();
      if (keyed) out += string() + space() + ":" + space();
      out += value(depth + 1) + space();
    }
    return out + closing;
  }
  std::mt19937 random_;
};

TEST(Json, AgreesWithANaiveCheckerOnRandomDocumentsAndTheirMutations) {
  int valid = 0, invalid = 0;
  for (unsigned seed = 0; seed < 3000; ++seed) {
    Generator generate(seed);
    std::string text = generate.value(0);
    ASSERT_TRUE(Naive(text).valid()) << text;
    ASSERT_TRUE(parses(text)) << text;
    for (int mutation = 0; mutation < 6; ++mutation) {
      std::string changed = text;
      const std::size_t at = generate.below(static_cast<unsigned>(changed.size()));
      static constexpr std::string_view kBytes("{}[]\",:\\0123-.eEtfn \n\x00\x0c\x1a\xff\xe2\xc0", 27);
      switch (generate.below(3)) {
        case 0: changed.erase(at, 1); break;
        case 1: changed[at] = kBytes[generate.below(27)]; break;
        default: changed.insert(at, 1, kBytes[generate.below(27)]);
      }
      const bool expected = Naive(changed).valid();
      ASSERT_EQ(parses(changed), expected) << changed;
      ++(expected ? valid : invalid);
    }
  }
  EXPECT_GT(valid, 1000);
  EXPECT_GT(invalid, 1000);
}

// Every value, member by member, against what the generator's own text says.
void walk(Value value, std::string& out) {
  if (value.is(Kind::object)) {
    out += '{';
    for (Members m(value); m.next();) {
      (out += '"').append(m.raw_key()) += "\":";
      walk(m.value(), out);
      out += ',';
    }
    out += '}';
  } else if (value.is(Kind::array)) {
    out += '[';
    for (Elements e(value); e.next();) {
      walk(e.value(), out);
      out += ',';
    }
    out += ']';
  } else {
    out += value.raw();
  }
}

TEST(Json, WalkingVisitsEverythingInOrder) {
  Document document;
  const std::string text = R"( {"a" : [1, [2,{"b":[]}] ,"x" ], "c":{} , "d":null,"e":-1.5 , "f":"\"]" } )";
  ASSERT_TRUE(document.parse(text).ok());
  std::string seen;
  walk(document.root(), seen);
  EXPECT_EQ(seen, R"({"a":[1,[2,{"b":[],},],"x",],"c":{},"d":null,"e":-1.5,"f":"\"]",})");
}

TEST(Json, ValuesKnowTheirBytes) {
  const std::string text = R"({"model" : "m\u0031" , "n":[ 1 ,2 ]  })";
  Document document;
  ASSERT_TRUE(document.parse(text).ok());
  const Value model = document.root().member("model");
  EXPECT_EQ(model.raw(), R"("m\u0031")");
  EXPECT_EQ(model.raw_string(), R"(m\u0031)");
  EXPECT_TRUE(model.escaped());
  EXPECT_EQ(model.string(), "m1");
  EXPECT_EQ(text.substr(model.offset(), model.raw().size()), model.raw());
  EXPECT_EQ(document.root().member("n").raw(), "[ 1 ,2 ]");
  EXPECT_EQ(document.root().raw(), text);
}

TEST(Json, ANameCannotHideBehindEscapes) {
  Document document;
  ASSERT_TRUE(document.parse(R"({"model":"a","mod\u0065l":"b","bad\q":1})").ok());
  EXPECT_EQ(document.root().member("model").string(), "b");
  EXPECT_FALSE(document.root().member("bad").present());
  Members members(document.root());
  ASSERT_TRUE(members.next() && members.next() && members.next());
  EXPECT_EQ(members.name(), "bad\\q");
}

TEST(Json, ScalarsAreReadAsWhatTheyAre) {
  Document document;
  ASSERT_TRUE(
      document.parse(R"([true,false,null,0,-1,1.5e2,18446744073709551615,18446744073709551616,"",1e999,-1e-999,5.0])")
          .ok());
  std::vector<Value> v;
  for (Elements e(document.root()); e.next();) v.push_back(e.value());
  ASSERT_EQ(v.size(), 12U);
  EXPECT_EQ(v[0].boolean(), true);
  EXPECT_EQ(v[1].boolean(), false);
  EXPECT_TRUE(v[2].is(Kind::null));
  EXPECT_EQ(v[3].unsigned_integer(), 0U);
  EXPECT_EQ(v[4].unsigned_integer(), std::nullopt);
  EXPECT_EQ(v[4].number(), -1.0);
  EXPECT_EQ(v[5].number(), 150.0);
  EXPECT_EQ(v[6].unsigned_integer(), 18446744073709551615ULL);
  EXPECT_EQ(v[7].unsigned_integer(), std::nullopt);
  EXPECT_EQ(v[8].string(), "");
  EXPECT_FALSE(v[8].number().has_value());
  EXPECT_EQ(v[9].number(), std::numeric_limits<double>::infinity());
  EXPECT_EQ(v[10].number(), 0.0);
  EXPECT_EQ(v[11].unsigned_integer(), std::nullopt);
}

TEST(Json, AbsentValuesGiveNothing) {
  const Value absent;
  EXPECT_FALSE(absent.present());
  EXPECT_FALSE(absent.is(Kind::null));
  EXPECT_TRUE(absent.raw().empty());
  EXPECT_FALSE(absent.member("x").present());
  EXPECT_FALSE(Members(absent).next());
  EXPECT_FALSE(Elements(absent).next());
  EXPECT_FALSE(Document().root().present());
}

std::string nested(std::size_t depth, char opening, char closing) {
  return std::string(depth, opening) + std::string(depth, closing);
}

TEST(Json, DepthIsLimited) {
  EXPECT_TRUE(parses(nested(kDepthLimit, '[', ']')));
  EXPECT_NE(complaint(nested(kDepthLimit + 1, '[', ']')).find("deeper than 200"), std::string::npos);
  EXPECT_FALSE(parses(std::string(1 << 20, '[')));
  std::string objects;
  for (std::size_t i = 0; i < kDepthLimit; ++i) objects += R"({"a":)";
  EXPECT_TRUE(parses(objects + "1" + std::string(kDepthLimit, '}')));
  EXPECT_FALSE(parses(objects + "{}" + std::string(kDepthLimit, '}')));
}

TEST(Json, TextsAreLimited) {
  Document document;
  const std::string text = "1";
  // only the length is looked at
  const auto status = document.parse(std::string_view(text.data(), kTextLimit + 1));
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, Code::too_large);
}

TEST(Json, ATruncatedDocumentIsRefusedAtEveryByte) {
  const std::string text =
      R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"h\"é\u00e9"}]}],"n":-1.5e3,"t":true})";
  for (std::size_t size = 0; size < text.size(); ++size) EXPECT_FALSE(parses(text.substr(0, size))) << size;
  EXPECT_TRUE(parses(text));
}

TEST(Json, ComplaintsSayWhatAndWhere) {
  EXPECT_EQ(complaint(R"({"a" 1})"), "malformed JSON: expected ':' after a key at byte 5");
  EXPECT_EQ(complaint(R"({"a":})"), "malformed JSON: expected a value at byte 5");
  EXPECT_EQ(complaint(R"([1 2])"), "malformed JSON: expected ',' or a closing bracket at byte 3");
  EXPECT_EQ(complaint(R"([1x])"), "malformed JSON: expected a value or ']' at byte 1");
  EXPECT_EQ(complaint(R"(["a" "b"])"), "malformed JSON: expected ',' or a closing bracket at byte 5");
  EXPECT_EQ(complaint(R"({"a":1,})"), "malformed JSON: expected a key at byte 7");
  EXPECT_EQ(complaint(R"({} {})"), "malformed JSON: expected nothing more at byte 3");
  EXPECT_EQ(complaint(R"([1}  )"), "malformed JSON: expected ',' or a closing bracket at byte 2");
  EXPECT_EQ(complaint(R"({"a":[1)"), "malformed JSON: expected more at byte 7");
  EXPECT_EQ(complaint("\xef\xbb\xbf{}"), "malformed JSON: expected a value at byte 0");
  EXPECT_NE(complaint("[\"\xc3\x28\"]").find("UTF-8"), std::string::npos);
  EXPECT_NE(complaint("[\"a\nb\"]").find("control character"), std::string::npos);
  EXPECT_NE(complaint("[\"a").find("still open"), std::string::npos);
  EXPECT_NE(complaint("").find("empty"), std::string::npos);
  EXPECT_NE(complaint("   ").find("empty"), std::string::npos);
}

TEST(Json, NulBytesAreRefusedWhereverTheyStand) {
  using namespace std::string_literals;
  EXPECT_FALSE(parses("{\"a\":\"\0\"}"s));
  EXPECT_FALSE(parses("{\"a\":1}\0"s));
  EXPECT_FALSE(parses("\0{}"s));
  EXPECT_FALSE(parses("[1\0]"s));
}

TEST(Json, ADocumentIsReusedAfterFailuresAndHugeTexts) {
  Document document;
  std::string huge = "[" + std::string((32 << 20) - 2, ' ') + "]";
  ASSERT_TRUE(document.parse(huge).ok());
  EXPECT_EQ(document.root().raw().size(), huge.size());
  document.clear();
  EXPECT_FALSE(document.root().present());
  EXPECT_FALSE(document.parse("[").ok());
  EXPECT_FALSE(document.root().present());
  ASSERT_TRUE(document.parse_copy("[7]").ok());
  Elements elements(document.root());
  ASSERT_TRUE(elements.next());
  EXPECT_EQ(elements.value().unsigned_integer(), 7U);
  std::string many = "[";
  for (int i = 0; i < 200000; ++i) many += "[],";
  ASSERT_TRUE(document.parse(many + "1]").ok());
  ASSERT_TRUE(document.parse("[[]]").ok());
  EXPECT_EQ(document.root().raw(), "[[]]");
}

std::optional<std::string> decoded(std::string_view raw) {
  std::string out;
  if (!unescape(raw, out)) return std::nullopt;
  return out;
}

// json_text.cc
TEST(JsonText, EscapesAreDecoded) {
  EXPECT_EQ(decoded(R"(a\n\t\r\b\f\"\\\/\u0041\u00e9\u65e5\ud83d\ude00z)"), "a\n\t\r\b\f\"\\/Aé日😀z");
  EXPECT_EQ(decoded(R"(\ud83d)"), "\xEF\xBF\xBD");
  EXPECT_EQ(decoded(R"(\ude00x)"), "\xEF\xBF\xBDx");
  EXPECT_EQ(decoded(R"(\ud83d\u0041)"),
            "\xEF\xBF\xBD"
            "A");
  EXPECT_EQ(decoded(R"(\u0000)"), std::string(1, '\0'));
  for (const char* bad : {R"(\)", R"(\q)", R"(\u12)", R"(\u12g4)", R"(a\u)"})
    EXPECT_EQ(decoded(bad), std::nullopt) << bad;
}

TEST(JsonText, CutsNeverSplitAnEscapeOrACharacter) {
  const std::string raw = R"(ab\\\\\n\u00e9é\\日\u65e5\\u0041\"\\\"😀\ud83d\ude00)";
  const std::string whole = *decoded(raw);
  for (std::size_t at = 0; at <= raw.size(); ++at) {
    const std::size_t cut = cut_before(raw, at);
    ASSERT_LE(cut, at);
    ASSERT_LT(at - cut, 6U);
    const auto head = decoded(std::string_view(raw).substr(0, cut));
    const auto tail = decoded(std::string_view(raw).substr(cut));
    ASSERT_TRUE(head && tail) << at;
    if (cut != raw.size() - 6) {  // between the halves of a pair each becomes U+FFFD
      EXPECT_EQ(*head + *tail, whole) << at;
    }
  }
}

TEST(JsonText, QuotedTextReadsBackTheSame) {
  for (unsigned seed = 0; seed < 500; ++seed) {
    std::mt19937 random(seed);
    std::string text;
    for (unsigned n = random() % 40; n > 0; --n)
      append_utf8(text, random() % 4 ? random() % 0x80 : random() % 0x110000);
    std::string quoted;
    append_quoted(quoted, text);
    Document document;
    ASSERT_TRUE(document.parse(quoted).ok()) << quoted;
    EXPECT_EQ(document.root().string(), text);
  }
  std::string quoted;
  append_quoted(quoted, "a\xff\xc3z\xe2\x82");
  EXPECT_EQ(quoted, "\"a\xEF\xBF\xBD\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD\"");
}

TEST(UnescapedSize, IsThatOfTheDecodedText) {
  for (const std::string_view raw :
       {R"()", R"(plain)", R"(\n\"\\)", R"(\u0041\u0434\u4e2d\ud83d\ude00)", R"(\\u0434)", R"(a\nb)"}) {
    std::string text;
    ASSERT_TRUE(unescape(raw, text)) << raw;
    EXPECT_EQ(unescaped_size(raw), text.size()) << raw;
  }
  EXPECT_EQ(unescaped_size("\\"), 1U);
  EXPECT_EQ(unescaped_size("\\uZZ"), 3U);
}

}  // namespace
}  // namespace basin::base::json
