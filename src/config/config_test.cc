#include "config/config.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "config/complaints.h"
#include "config/keys.h"
#include "config/read_keys.h"

namespace basin::config {
namespace {

const Environment kNothing{Environment::Variables{}};

constexpr std::string_view kTwoTiers = R"(
[[tier]]
name = "small"
upstream = "near"
model = "qwen3:8b"
[[tier]]
name = "large"
upstream = "anthropic"
model = "claude-opus-5-5"
[[upstream]]
name = "near"
base_url = "http://127.0.0.1:11434"
dialects = ["anthropic", "openai_chat"]
)";

std::string complaint(std::string_view text, const Environment& environment = kNothing) {
  const auto config = parse(text, "b.toml", environment);
  if (config) return "";
  EXPECT_EQ(config.error().code, base::Code::configuration);
  return config.error().message;
}

const upstream::UpstreamOptions* upstream_named(const Config& config, std::string_view name) {
  const auto& all = config.upstream.upstreams;
  const auto found = std::find_if(all.begin(), all.end(), [name](const auto& u) { return u.name == name; });
  return found == all.end() ? nullptr : &*found;
}

class Folder {
 public:
  Folder() { path_ = mkdtemp(name_); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name, std::string_view text, mode_t mode = 0600) const {
    const std::string path = path_ + "/" + name;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path) << text;
    chmod(path.c_str(), mode);
    return path;
  }
  const std::string& path() const { return path_; }

 private:
  char name_[32] = "/tmp/basin_config_XXXXXX";
  std::string path_;
};

TEST(Config, WithoutAnythingItIsAShadowOnLoopback) {
  const auto config = parse("", "b.toml", kNothing);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->routing.mode, core::Mode::shadow);
  EXPECT_EQ(config->server.host, "127.0.0.1");
  EXPECT_EQ(config->server.port, 4100);
  EXPECT_TRUE(config->upstream.discover);
  EXPECT_FALSE(config->privacy.keep_text);
  EXPECT_TRUE(config->upstream.upstreams.empty());
  EXPECT_NE(config->prices->find("claude-opus-5-5", 4e12), nullptr);
}

TEST(Config, TiersTurnRoutingOn) {
  const auto config = parse(kTwoTiers, "b.toml", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->routing.mode, core::Mode::on);
  ASSERT_EQ(config->upstream.tiers.size(), 2U);
  EXPECT_EQ(config->upstream.tiers[0].name, "small");
  EXPECT_EQ(config->upstream.tiers[1].model, "claude-opus-5-5");
  EXPECT_EQ(parse(std::string(kTwoTiers) + "[routing]\nmode = \"advise\"\n", "b.toml", kNothing)->routing.mode,
            core::Mode::advise);
}

TEST(Config, KeysOfTheEnvironmentMakeVendorsOurs) {
  const Environment environment({{"ANTHROPIC_API_KEY", "sk-one"}, {"ANTHROPIC_BASE_URL", "http://127.0.0.1:4100"}});
  const auto config = parse("", "b.toml", environment);
  ASSERT_TRUE(config.ok());
  const auto* anthropic = upstream_named(*config, "anthropic");
  ASSERT_NE(anthropic, nullptr);
  EXPECT_TRUE(anthropic->key.matches("sk-one"));
  EXPECT_EQ(anthropic->base_url, "https://api.anthropic.com");  // the clients' variable is not ours: a loop
  EXPECT_EQ(upstream_named(*config, "openai"), nullptr);
}

TEST(Config, AVendorsServerMayBeReplaced) {
  const auto config = parse(
      "[[upstream]]\nname = \"anthropic\"\nvendor = \"anthropic\"\nbase_url = \"http://127.0.0.1:9\"\n"
      "dialects = [\"anthropic\"]\nkey_env = \"MINE\"\n",
      "b.toml", Environment(Environment::Variables{{"ANTHROPIC_API_KEY", "sk-one"}, {"MINE", "sk-two"}}));
  ASSERT_TRUE(config.ok()) << config.error().message;
  ASSERT_EQ(config->upstream.upstreams.size(), 1U);
  EXPECT_EQ(config->upstream.upstreams[0].base_url, "http://127.0.0.1:9");
  EXPECT_TRUE(config->upstream.upstreams[0].key.matches("sk-two"));
}

TEST(Config, ATierMayHaveAnEffort) {
  const auto tiers = [](std::string_view first, std::string_view second) {
    const std::string same = "upstream = \"anthropic\"\nmodel = \"m\"\neffort = ";
    return "[[tier]]\nname = \"a\"\n" + same + std::string(first) + "\n[[tier]]\nname = \"b\"\n" + same +
           std::string(second) + "\n";
  };
  const auto config = parse(tiers("\"low\"", "32000"), "b.toml", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(config->upstream.tiers[0].effort, (core::Effort{"low", 0}));
  EXPECT_EQ(config->upstream.tiers[1].effort, (core::Effort{"", 32000}));
  EXPECT_EQ(complaint(tiers("\"low\"", "\"low\"")),
            "b.toml:6:1: [[tier]] \"b\" is the same model with the same effort as an earlier one");
  const std::string wanted =
      " `effort` in [[tier]]: one of \"none\", \"minimal\", \"low\", \"medium\", \"high\", \"xhigh\", \"max\" or a "
      "whole "
      "number from 1024 to 1000000 is wanted";
  for (const std::string_view wrong : {"1023", "1000001", "true", "2048.5", "\"\""}) {
    EXPECT_EQ(complaint(tiers(wrong, "\"low\"")), "b.toml:5:10:" + wanted) << wrong;
  }
  EXPECT_EQ(complaint(tiers("\"hihg\"", "\"low\"")), "b.toml:5:10:" + wanted + " (did you mean `high`?)");
}

TEST(Config, ALocalServerThatATierNamesNeedNotBeWritten) {
  std::string text(kTwoTiers.substr(0, kTwoTiers.find("[[upstream]]")));
  text.replace(text.find("near"), 4, "ollama");
  const auto config = parse(text, "b.toml", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_EQ(upstream_named(*config, "ollama"), nullptr);  // discovery's business: it may or may not run
}

struct Wrong {
  const char* text;
  const char* message;
};

TEST(Config, SaysWhatIsWrongWithAKey) {
  const Wrong cases[] = {
      {"[server]\nprot = 1\n", "b.toml:2:1: unknown key `prot` in [server] (did you mean `port`?)"},
      {"[serve]\nport = 1\n", "b.toml:1:2: unknown table `serve` (did you mean `server`?)"},
      {"port = 1\n", "b.toml:1:1: unknown key `port`; it belongs below [server]"},
      {"zzzzz = 1\n", "b.toml:1:1: unknown key `zzzzz`; known are server, routing, tier, upstream, privacy, discovery"},
      {"[server]\nport = 65536\n", "b.toml:2:8: `port` in [server]: a whole number from 0 to 65535 is wanted"},
      {"[server]\nport = \"80\"\n", "b.toml:2:8: `port` in [server]: a whole number from 0 to 65535 is wanted"},
      {"[server]\nport = 1.5\n", "b.toml:2:8: `port` in [server]: a whole number from 0 to 65535 is wanted"},
      {"[server]\nhost = \"\"\n", "b.toml:2:8: `host` in [server]: a text in quotes is wanted"},
      {"[server]\nallowed_hosts = \"a\"\n",
       "b.toml:2:17: `allowed_hosts` in [server]: a list of texts is wanted, such as [\"a\", \"b\"]"},
      {"[routing]\nmode = \"onn\"\n",
       "b.toml:2:8: `mode` in [routing]: one of \"off\", \"shadow\", \"advise\", \"on\" is wanted (did you mean "
       "`on`?)"},
      {"[routing]\ntarget_risk = 1.01\n", "b.toml:2:15: `target_risk` in [routing]: a number from 0 to 1 is wanted"},
      {"[[tier]]\nname = \"a\"\nupstream = \"ollama\"\nmodel = \"m\"\nserves = []\n[[tier]]\nname = \"b\"\nupstream = "
       "\"ollama\"\nmodel = \"n\"\n",
       "b.toml:5:10: `serves` in [[tier]]: at least one of \"side\", \"chat\", \"agent\" is wanted; leave the key out "
       "for the default"},
      {"[privacy]\nkeep_text = 1\n", "b.toml:2:13: `keep_text` in [privacy]: true or false is wanted"},
      {"[tier]\nname = \"a\"\n", "b.toml:1:2: write [[tier]], one for each"},
      {"server = 3\n", "b.toml:1:1: write [server], and its keys below"},
      {"[budget]\nday = 1\n",
       "b.toml:1:2: unknown table `budget`; known are server, routing, tier, upstream, privacy, discovery"},
  };
  for (const auto& [text, message] : cases) EXPECT_EQ(complaint(text), message) << text;
}

TEST(Config, ASecretInTheFileIsRefusedAndNotRepeated) {
  const std::string said = complaint(
      "[[upstream]]\nname = \"x\"\nbase_url = \"https://x.example\"\ndialects = [\"openai_chat\"]\napi_key = "
      "\"sk-verysecret\"\n");
  EXPECT_TRUE(said.starts_with("b.toml:5:1: `api_key` in [[upstream]]: secrets do not belong in this file")) << said;
  EXPECT_EQ(said.find("verysecret"), std::string::npos);
}

TEST(Config, SyntaxErrorsHaveAPlace) {
  EXPECT_TRUE(complaint("[server]\nport = \n").starts_with("b.toml:2:"));
  EXPECT_TRUE(complaint("[server]\nport = 1\nport = 2\n").starts_with("b.toml:3:"));
}

TEST(Config, TellsEverythingWrongAtOnceUpToALimit) {
  const std::string two = complaint("[server]\nprot = 1\nhots = 2\n");
  EXPECT_NE(two.find("b.toml:2:1"), std::string::npos);
  EXPECT_NE(two.find("b.toml:3:1"), std::string::npos);
  std::string text = "[server]\n";
  for (std::size_t i = 0; i < Complaints::kMost; ++i) text += "zz" + std::to_string(i) + " = 1\n";
  EXPECT_EQ(complaint(text).find("more"), std::string::npos);
  EXPECT_TRUE(complaint(text + "yy = 1\n").ends_with("\nand 1 more"));
}

// check.cc
TEST(Config, PartsMustFitTogether) {
  const std::string tiers(kTwoTiers);
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = tiers;
    return text.replace(text.find(from), from.size(), to);
  };
  EXPECT_EQ(complaint(with("upstream = \"near\"", "upstream = \"neer\"")),
            "b.toml:2:1: [[tier]] upstream: there is no \"neer\" (did you mean `near`?)");
  EXPECT_EQ(complaint(with("\"large\"", "\"small\"")), "b.toml:6:1: a second [[tier]] is named \"small\"");
  EXPECT_EQ(complaint(with("\"large\"", "\"auto\"")),
            "b.toml: [[tier]] \"auto\": that name has a meaning of its own; choose another");
  EXPECT_EQ(complaint(with("\"large\"", "\"Large\"")),
            "b.toml:6:1: [[tier]] name: lower-case letters, digits, - and _, at most 64");
  EXPECT_EQ(complaint(with("name = \"large\"\n", "")), "b.toml:6:1: [[tier]] has no `name`");
  EXPECT_EQ(complaint("[[tier]]\nname = \"a\"\nupstream = \"openai\"\nmodel = \"m\"\n"),
            "b.toml:1:1: one [[tier]] leaves nothing to choose: write two or more, or none");
  EXPECT_EQ(complaint("[routing]\nmode = \"on\"\n"), "b.toml: [routing] mode = \"on\" needs tiers to route to");
  EXPECT_EQ(complaint(with("11434", "4100")),
            "b.toml:10:1: [[upstream]] base_url is Basin's own address: requests would go round in a circle");
  EXPECT_NE(complaint(with("http://127.0.0.1:11434", "ftp://x")).find("b.toml:10:1: [[upstream]] base_url"),
            std::string::npos);
  EXPECT_NE(complaint(with("127.0.0.1:11434", "169.254.169.254")).find("link-local"), std::string::npos);
  EXPECT_NE(complaint(with("dialects", "vendor = \"openia\"\ndialects")).find("did you mean `openai`?"),
            std::string::npos);
  EXPECT_NE(complaint(with("dialects", "allow_subscription = true\ndialects")).find("needs a `vendor`"),
            std::string::npos);
}

TEST(Config, DialectsMayBeLeftOutWhereTheServerCanBeAsked) {
  const auto upstream = [](const std::string& url) {
    return "[[upstream]]\nname = \"x\"\nbase_url = \"" + url + "\"\n";
  };
  EXPECT_EQ(complaint(upstream("http://127.0.0.1:9000")), "");
  const auto config = parse(upstream("http://localhost:9000/v1"), "b.toml", kNothing);
  ASSERT_TRUE(config.ok());
  EXPECT_TRUE(config->upstream.upstreams.at(0).dialects.empty()) << "discovery asks";
  EXPECT_NE(complaint(upstream("https://x.example")).find("b.toml:1:1: [[upstream]] `dialects` is missing"),
            std::string::npos);
}

TEST(Config, AtMostSixteenTiers) {
  std::string text;
  for (int i = 0; i < 16; ++i) {
    text += "[[tier]]\nname = \"t" + std::to_string(i) + "\"\nupstream = \"openai\"\nmodel = \"m" + std::to_string(i) +
            "\"\n";
  }
  EXPECT_EQ(complaint(text), "");
  EXPECT_NE(
      complaint(text + "[[tier]]\nname = \"x\"\nupstream = \"openai\"\nmodel = \"x\"\n").find("more than 16 [[tier]]"),
      std::string::npos);
}

TEST(Config, AnotherAddressThanLoopbackNeedsAToken) {
  for (const std::string host : {"0.0.0.0", "::", "192.168.1.5", "127.0.0.1.example", "box"}) {
    EXPECT_NE(complaint("[server]\nhost = \"" + host + "\"\n").find("a token is needed"), std::string::npos) << host;
  }
  for (const std::string host : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) {
    EXPECT_EQ(complaint("[server]\nhost = \"" + host + "\"\n"), "") << host;
  }
  const auto config =
      parse("[server]\nhost = \"0.0.0.0\"\n", "b.toml", Environment(Environment::Variables{{"BASIN_TOKEN", "t"}}));
  ASSERT_TRUE(config.ok());
  EXPECT_TRUE(config->server.token.matches("t"));
}

TEST(Config, SecretsComeFromFilesOnlyTheirOwnerReads) {
  const Folder folder;
  const std::string good = folder.file("good", "sk-file\nsecond line\n"), open = folder.file("open", "sk-open\n", 0644);
  const auto with = [](const std::string& line) {
    return "[[upstream]]\nname = \"x\"\nbase_url = \"https://x.example\"\ndialects = [\"openai_chat\"]\n" + line + "\n";
  };
  const auto config = parse(with("key_file = \"" + good + "\""), "b.toml", kNothing);
  ASSERT_TRUE(config.ok()) << config.error().message;
  EXPECT_TRUE(config->upstream.upstreams[0].key.matches("sk-file"));
  const auto home =
      parse(with("key_file = \"~/good\""), "b.toml", Environment(Environment::Variables{{"HOME", folder.path()}}));
  ASSERT_TRUE(home.ok()) << home.error().message;
  const std::string said = complaint(with("key_file = \"" + open + "\""));
  EXPECT_NE(said.find("chmod 600"), std::string::npos) << said;
  EXPECT_EQ(said.find("sk-open"), std::string::npos);
  EXPECT_NE(complaint(with("key_file = \"" + folder.path() + "/none\"")).find("No such file"), std::string::npos);
  EXPECT_NE(complaint(with("key_file = \"" + folder.path() + "\"")).find("not a file"), std::string::npos);
  EXPECT_NE(complaint(with("key_file = \"" + folder.file("empty", "") + "\"")).find("empty"), std::string::npos);
  EXPECT_NE(complaint(with("key_file = \"a\"\nkey_env = \"B\"")).find("keep one"), std::string::npos);
  EXPECT_EQ(complaint(with("key_file = \"" + folder.file("limit", std::string(16 * 1024, 'k')) + "\"")), "");
  EXPECT_NE(
      complaint(with("key_file = \"" + folder.file("past", std::string(16 * 1024 + 1, 'k')) + "\"")).find("16 KiB"),
      std::string::npos);
}

TEST(Config, TheTokenMayStandInAFile) {
  const Folder folder;
  const std::string text =
      "[server]\nhost = \"0.0.0.0\"\ntoken_file = \"" + folder.file("token", "from-file\n") + "\"\n";
  EXPECT_TRUE(parse(text, "b.toml", kNothing)->server.token.matches("from-file"));
  EXPECT_TRUE(parse(text, "b.toml", Environment(Environment::Variables{{"BASIN_TOKEN", "from-env"}}))
                  ->server.token.matches("from-env"));
  folder.file("token", "from-file\n", 0640);
  EXPECT_NE(complaint(text).find("[server] token_file: "), std::string::npos);
}

TEST(Config, WarnsOfWhatWorksButNotAsThought) {
  const auto config = parse(
      "[[upstream]]\nname = \"x\"\nbase_url = \"http://10.0.0.2:8000\"\ndialects = [\"openai_chat\"]\nkey_env = "
      "\"UNSET\"\n",
      "b.toml", kNothing);
  ASSERT_TRUE(config.ok());
  ASSERT_EQ(config->warnings.size(), 2U);
  EXPECT_NE(config->warnings[0].find("without TLS"), std::string::npos);
  EXPECT_NE(config->warnings[1].find("UNSET"), std::string::npos);
}

TEST(Config, WarnsOfAKeyThatNothingHeedsYet) {
  const auto config = parse("[privacy]\nkeep_text = false\n", "b.toml", kNothing);
  ASSERT_TRUE(config.ok());
  EXPECT_EQ(config->warnings, std::vector<std::string>{"`keep_text` in [privacy] has no effect in this version"});
  EXPECT_TRUE(parse("[routing]\ntarget_risk = 0.2\n", "b.toml", kNothing)->warnings.empty());
}

TEST(Config, AMissingFileIsAnErrorOnlyWhereItWasNamed) {
  const Folder folder;
  const Environment environment({{"XDG_CONFIG_HOME", folder.path()}});
  const auto none = load("", environment);
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->file, "");
  EXPECT_EQ(load(folder.path() + "/other.toml", environment).error().code, base::Code::configuration);
  const std::string named = folder.path() + "/named.toml";
  const auto missing = load("", Environment(Environment::Variables{{"BASIN_CONFIG", named}}));
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().message.find("BASIN_CONFIG names it"), std::string::npos) << missing.error().message;
  EXPECT_NE(load(folder.path(), environment).error().message.find("Is a directory"), std::string::npos);
  folder.file("named.toml", "[server]\nport = 1\n");
  EXPECT_EQ(load("", Environment(Environment::Variables{{"BASIN_CONFIG", named}}))->server.port, 1);
  folder.file("basin/basin.toml", "[server]\nport = 2\n");
  const auto found = load("", environment);
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->server.port, 2);
  EXPECT_EQ(found->file, folder.path() + "/basin/basin.toml");
}

TEST(Config, AFileMayHaveAMebibyteAndNoMore) {
  const Folder folder;
  EXPECT_TRUE(load(folder.file("limit.toml", std::string(kFileLimit, '\n')), kNothing).ok());
  EXPECT_FALSE(load(folder.file("past.toml", std::string(kFileLimit + 1, '\n')), kNothing).ok());
}

// The table's defaults are what a program without a file does.
TEST(Config, EveryDocumentedDefaultIsTheRealOne) {
  std::string text;
  for (const Table& table : tables()) {
    if (table.repeated) continue;
    text += "[" + std::string(table.name) + "]\n";
    for (const Key& key : table.keys) {
      if (!key.fallback.empty()) text += std::string(key.name) + " = " + std::string(key.fallback) + "\n";
    }
  }
  const auto written = parse(text, "b.toml", kNothing), plain = parse("", "b.toml", kNothing);
  ASSERT_TRUE(written.ok()) << written.error().message;
  const net::ServeOptions &a = written->server, &b = plain->server;
  EXPECT_EQ(std::tie(a.host, a.port, a.threads, a.allowed_hosts, a.max_body_bytes, a.max_connections),
            std::tie(b.host, b.port, b.threads, b.allowed_hosts, b.max_body_bytes, b.max_connections));
  EXPECT_EQ(std::tie(a.header_timeout_ms, a.body_timeout_ms, a.idle_timeout_ms),
            std::tie(b.header_timeout_ms, b.body_timeout_ms, b.idle_timeout_ms));
  const route::Options &c = written->routing, &d = plain->routing;
  EXPECT_EQ(
      std::tie(c.mode, c.target_risk, c.value_of_time_usd_per_hour, c.max_extra_wait_s, c.client_model_is_ceiling),
      std::tie(d.mode, d.target_risk, d.value_of_time_usd_per_hour, d.max_extra_wait_s, d.client_model_is_ceiling));
  EXPECT_EQ(written->privacy.keep_text, plain->privacy.keep_text);
  EXPECT_EQ(written->upstream.discover, plain->upstream.discover);
}

TEST(Config, RepeatedTablesDefaultsAreTheRealOnesToo) {
  Draft draft;
  for (const Table& table : tables()) {
    if (!table.repeated) continue;
    table.begin(draft, {});
    for (const Key& key : table.keys) {
      if (key.fallback.empty()) continue;
      const auto node = parse_toml("x = " + std::string(key.fallback), "default");
      ASSERT_TRUE(node.ok());
      EXPECT_EQ(wrong_with(key, *node->find("x")), "") << key.name;
      key.set(draft, *node->find("x"));
    }
  }
  const upstream::UpstreamOptions &a = draft.upstreams.at(0).options, b;
  EXPECT_EQ(std::tie(a.connect_timeout_ms, a.first_byte_timeout_ms, a.allow_subscription),
            std::tie(b.connect_timeout_ms, b.first_byte_timeout_ms, b.allow_subscription));
}

TEST(Config, EveryKeyIsDocumented) {
  for (const Table& table : tables()) {
    EXPECT_TRUE(table.doc.ends_with('.')) << table.name;
    for (const Key& key : table.keys) {
      EXPECT_TRUE(key.doc.ends_with('.')) << table.name << "." << key.name;
      EXPECT_NE(key.set, nullptr) << table.name << "." << key.name;
    }
  }
}

}  // namespace
}  // namespace basin::config
