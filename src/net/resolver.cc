#include "net/resolver.h"

#include <netdb.h>
#include <netinet/in.h>

#include <algorithm>
#include <cstring>
#include <thread>
#include <unordered_map>

#include "net/limits.h"
#include "net/origin.h"

namespace basin::net {

using base::Code;

namespace {

using Addresses = std::vector<Address>;

Addresses query(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  Addresses addresses;
  if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return addresses;
  for (addrinfo* each = found; each; each = each->ai_next) {
    if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
    Address address;
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
    addresses.push_back(address);
  }
  ::freeaddrinfo(found);
  return addresses;
}

// Where a machine's own services answer, a cloud's with its credentials. A configuration may name no such address, and
// a name that resolves to one must not lead there, either.
bool is_link_local(const Address& address) {
  in6_addr v6{};
  if (address.storage.ss_family == AF_INET) {
    v6.s6_addr[10] = v6.s6_addr[11] = 0xff;
    std::memcpy(v6.s6_addr + 12, &reinterpret_cast<const sockaddr_in&>(address.storage).sin_addr, 4);
  } else {
    v6 = reinterpret_cast<const sockaddr_in6&>(address.storage).sin6_addr;
  }
  constexpr in6_addr kMetadata = {{{0xfd, 0, 0x0e, 0xc2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54}}};
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return v6.s6_addr[12] == 169 && v6.s6_addr[13] == 254;
  return IN6_IS_ADDR_LINKLOCAL(&v6) || IN6_ARE_ADDR_EQUAL(&v6, &kMetadata);
}

Addresses with_port(Addresses addresses, std::uint16_t port) {
  for (Address& address : addresses) {
    if (address.storage.ss_family == AF_INET)
      reinterpret_cast<sockaddr_in&>(address.storage).sin_port = htons(port);
    else
      reinterpret_cast<sockaddr_in6&>(address.storage).sin6_port = htons(port);
  }
  return addresses;
}

base::Result<Addresses> usable(Addresses addresses, const std::string& host, std::uint16_t port) {
  if (addresses.empty()) return base::fail(Code::unreachable, "no such host: " + host);
  std::erase_if(addresses, is_link_local);
  if (addresses.empty()) return base::fail(Code::unreachable, host + " is link-local, where no upstream may be");
  return with_port(std::move(addresses), port);
}

// Without a look-up: an address, or this machine by its reserved name (RFC 6761), IPv4 first as most local servers are.
Addresses immediate(const std::string& host) {
  if (is_loopback(host) && host.find_first_not_of("0123456789.:") != std::string::npos) {
    Addresses both = query("127.0.0.1", AI_NUMERICHOST);
    for (const Address& v6 : query("::1", AI_NUMERICHOST)) both.push_back(v6);
    return both;
  }
  return query(host, AI_NUMERICHOST);
}

}  // namespace

struct Resolver::State {
  struct Name {
    Addresses addresses;
    std::int64_t until_ms = 0;
    bool looking = false;
    std::vector<Event*> waiters;
  };

  explicit State(Loop& l) : loop(l) {}

  void forget_old() {
    std::erase_if(names, [this](const auto& entry) {
      return !entry.second.looking && entry.second.waiters.empty() && entry.second.until_ms <= loop.now_ms();
    });
  }

  void found(const std::string& host, Addresses addresses) {
    Name& name = names[host];
    name.looking = false;
    name.addresses = std::move(addresses);
    name.until_ms = name.addresses.empty() ? 0 : loop.now_ms() + kNameCacheMs;
    for (Event* waiter : name.waiters) waiter->set();
  }

  Loop& loop;
  std::unordered_map<std::string, Name> names;
};

Resolver::Resolver(Loop& loop) : state_(std::make_shared<State>(loop)) {}
Resolver::~Resolver() = default;

Task<base::Result<Addresses>> Resolver::resolve(std::string host, std::uint16_t port, std::uint32_t timeout_ms,
                                                Event& interrupt) {
  Addresses known = immediate(host);
  if (!known.empty()) co_return usable(std::move(known), host, port);

  State& state = *state_;
  auto entry = state.names.find(host);
  if (entry == state.names.end() || (!entry->second.looking && entry->second.until_ms <= state.loop.now_ms())) {
    state.forget_old();
    if (state.names.size() >= kNameCacheEntries) co_return base::fail(Code::unreachable, "too many host names at once");
    entry = state.names.try_emplace(host).first;
    entry->second.looking = true;
    // Detached: getaddrinfo cannot be interrupted, and a process that ends should not wait for a dead name server.
    std::thread([host, mailbox = state.loop.mailbox(), weak = std::weak_ptr<State>(state_)] {
      Addresses addresses = query(host, AI_ADDRCONFIG);
      post(*mailbox, [host, weak, addresses] {
        if (auto alive = weak.lock()) alive->found(host, addresses);
      });
    }).detach();
  }
  if (entry->second.looking) {
    entry->second.waiters.push_back(&interrupt);
    base::Status woken = co_await interrupt.wait(timeout_ms);
    State::Name& name = state.names[host];  // by name: the table may have grown
    std::erase(name.waiters, &interrupt);
    if (!woken.ok()) co_return woken.error();
    if (name.looking) co_return base::fail(Code::cancelled, "cancelled");
  }
  co_return usable(state.names[host].addresses, host, port);
}

}  // namespace basin::net
