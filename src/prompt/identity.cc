#include "prompt/identity.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/json.h"
#include "base/utf8.h"

namespace basin::prompt {
namespace {

using core::PartKind;
using core::Role;

constexpr std::size_t kLabelLimit = 128;
constexpr std::size_t kUserHashed = 4096;
constexpr std::size_t kSystemHashed = 256;  // further down stand dates and directories, which change

std::string label(core::Text text) {
  std::string decoded;
  base::json::unescape(text.raw.substr(0, base::json::cut_before(text.raw, std::min(text.raw.size(), kLabelLimit))),
                       decoded);
  return decoded;
}

// {"device_id","account_uuid","session_id"} as a JSON string, or user_<hash>_account_<id>_session_<id>.
std::string session_in_user_id(core::Text user_id) {
  constexpr std::size_t kUserIdLimit = 4096;
  if (user_id.raw.size() > kUserIdLimit) return {};
  std::string decoded;
  if (!base::json::unescape(user_id.raw, decoded)) return {};
  constexpr std::string_view kMark = "_session_";
  if (const std::size_t at = decoded.rfind(kMark); at != std::string::npos && !decoded.starts_with('{')) {
    return decoded.substr(at + kMark.size(), kLabelLimit);
  }
  base::json::Document document;
  if (!document.parse(decoded)) return {};
  const base::json::Value session = document.root().member("session_id");
  return label({session.raw_string(), session.escaped()});
}

// A multiplicative hash, eight bytes at a time: a name, not a secret. Pieces of a text give another name than the text.
class Hash {
 public:
  void add(std::string_view bytes) {
    while (bytes.size() >= sizeof(std::uint64_t)) {
      std::uint64_t word = 0;
      std::memcpy(&word, bytes.data(), sizeof word);
      mix(word);
      bytes.remove_prefix(sizeof word);
    }
    std::uint64_t rest = bytes.size();
    for (const char c : bytes) rest = rest << 8U | static_cast<unsigned char>(c);
    mix(rest);
  }
  std::string name(std::string_view prefix) const {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out(prefix);
    for (int shift = 60; shift >= 0; shift -= 4) out.push_back(kDigits[state_ >> static_cast<unsigned>(shift) & 0xFU]);
    return out;
  }

 private:
  void mix(std::uint64_t word) {
    state_ = (state_ ^ word) * 0x9E3779B97F4A7C15ULL;
    state_ ^= state_ >> 32U;
  }
  std::uint64_t state_ = 0x243F6A8885A308D3ULL;
};

// Raw bytes are hashed: a client escapes the same text the same way each turn.
std::string name_by_beginning(const core::Request& request, std::string_view prefix) {
  Hash hash;
  bool any = false;
  if (!request.prompt_cache_key.raw.empty()) hash.add(request.prompt_cache_key.raw);
  const auto add = [&](const core::Message& message, std::size_t limit) {
    for (std::uint32_t i = 0; i < message.part_count && limit > 0; ++i) {
      const core::Part& part = request.parts[message.first_part + i];
      if (part.kind != PartKind::text) continue;
      const std::string_view bytes = part.text.raw.substr(0, limit);
      hash.add(bytes);
      limit -= bytes.size();
      any = any || (message.role == Role::user && !bytes.empty());
    }
  };
  if (!request.messages.empty() && request.messages.front().role == Role::system) {
    add(request.messages.front(), kSystemHashed);
  }
  const auto first = std::ranges::find(request.messages, Role::user, &core::Message::role);
  if (first != request.messages.end()) add(*first, kUserHashed);
  return any ? hash.name(prefix) : std::string();
}

}  // namespace

Identity identify(const core::Request& request, const core::ClientHints& hints, core::RequestClass cls) {
  Identity identity{hints.session, hints.branch, hints.turn};
  if (identity.session.empty()) identity.session = session_in_user_id(request.user_id);
  if (identity.session.empty()) identity.session = name_by_beginning(request, "text-");
  if (identity.session.empty()) identity.session = label(request.prompt_cache_key);
  if (identity.branch.empty()) {
    identity.branch = cls == core::RequestClass::sub_agent ? name_by_beginning(request, "agent-") : "main";
  }
  return identity;
}

}  // namespace basin::prompt
